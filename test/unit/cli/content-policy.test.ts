import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MODEL_HOSTS, MODELS_POLICY, PAGE_POLICY, WORKER_POLICIES } from '../../../src/cli/content-policy.mjs';
import { root } from '../../../src/cli/prepare.mjs';
import { FRAME_SCRIPT } from '../../../src/plugin-host/sandbox/frame-script.ts';
import { FRAME_SCRIPT_HASH } from '../../../src/plugin-host/sandbox/frame-script-hash.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the page says the policy that its workers get', () => {
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(read('public/index.html')) ?? [];
  assert.equal(policy, PAGE_POLICY);
});

test('the only script that may stand in a page is that of the frames of plugins, word for word', () => {
  const hash = createHash('sha256').update(FRAME_SCRIPT).digest('base64');
  assert.equal(
    FRAME_SCRIPT_HASH,
    hash,
    'set it in src/plugin-host/sandbox/frame-script-hash.ts, src/cli/content-policy.mjs and public/index.html',
  );
  assert.deepEqual(PAGE_POLICY.match(/'sha256-[^']+'/g), [`'sha256-${hash}'`]);
  assert.doesNotMatch(PAGE_POLICY, /unsafe-inline|'unsafe-eval'|https:|\*/);
});

test('the worker that downloads models reaches every host of the catalogue, and is as strict as the page in all else', () => {
  const { models } = JSON.parse(read('models/catalogue.json')) as { models: { files: { url?: string }[] }[] };
  const hosts = new Set(models.flatMap(({ files }) => files.flatMap(({ url }) => (url ? [new URL(url).origin] : []))));
  assert.ok(hosts.size > 0);
  const allowed = (origin: string): boolean =>
    MODEL_HOSTS.some((host) => host === origin || (host.includes('*.') && origin.endsWith(host.slice(host.indexOf('*') + 1))));
  assert.deepEqual(
    [...hosts].filter((origin) => !allowed(origin)),
    [],
  );
  const strip = (policy: string): string => policy.replace(/connect-src [^;]+;/, '');
  assert.equal(strip(MODELS_POLICY), strip(PAGE_POLICY));
  assert.notEqual(MODELS_POLICY, PAGE_POLICY);
});

test(
  'every script of the app that runs as a worker has a policy',
  { skip: !existsSync(join(root, 'dist/app')) && 'dist is missing: run npm run build first' },
  () => {
    const names = readdirSync(join(root, 'dist/app'), { recursive: true }).map((name) => String(name).split('/').pop() ?? '');
    const workers = names.filter((name) => (/(?:^|-)worker\.js$/.test(name) && name !== 'service-worker.js') || /^ort-.*\.mjs$/.test(name));
    assert.deepEqual(new Set(workers), new Set(Object.keys(WORKER_POLICIES)));
  },
);
