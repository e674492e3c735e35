/** The built app on hosting as plain as it gets: its service worker must give models their threads and keep their files. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { plain } from '../fixtures/depth-models.ts';
import { testBrowser } from '../helpers/browser.ts';
import { plainHosting } from '../helpers/plain-hosting.ts';
import { buildName } from '../helpers/second-build.ts';

const { outputFiles } = await build({
  stdin: {
    contents: `import { Inference } from './src/inference/index.ts';
      globalThis.testModels = new Inference({ createWorker: () => new Worker('./inference-worker.js?build=${buildName()}', { type: 'module' }) });`,
    resolveDir: root,
  },
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  conditions: ['onnxruntime-web-use-extern-wasm'],
  external: ['node:*', 'module', 'worker_threads'],
  logLevel: 'error',
});
const ORT_VERSION = (JSON.parse(readFileSync(join(root, 'node_modules/onnxruntime-web/package.json'), 'utf8')) as { version: string })
  .version;
const browser = await testBrowser();

interface TestModels {
  add(files: File[]): Promise<{ row: { id: string } }>;
  infer(request: unknown): Promise<{ threads: number; provider: string }>;
}

/** Gives the page models as the app has them. */
const arm = (page: Page): Promise<unknown> => page.evaluate(outputFiles[0]!.text);
const add = (page: Page): Promise<string> =>
  page.evaluate(
    async (bytes) => {
      const { testModels } = globalThis as unknown as { testModels: TestModels };
      return (await testModels.add([new File([Uint8Array.from(bytes)], 'plain.onnx')])).row.id;
    },
    [...plain().files[0]!.bytes],
  );
const run = (page: Page, model: string): Promise<{ threads: number; provider: string }> =>
  page.evaluate(async (model) => {
    const { testModels } = globalThis as unknown as { testModels: TestModels };
    const { threads, provider } = await testModels.infer({
      model,
      image: { width: 8, height: 8, rgba: new Uint8ClampedArray(256).fill(200) },
    });
    return { threads, provider };
  }, model);

test('models run on the first visit, with threads on the second, and offline on the third', async (t) => {
  const { url, asked, close } = await plainHosting();
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  assert.ok(
    asked.every((path) => !path.includes('asyncify')),
    'a visit alone loads nothing for graphics cards',
  );
  await arm(page);
  const model = await add(page);
  assert.deepEqual(await run(page, model), { threads: 1, provider: 'wasm' });

  await page.reload();
  await arm(page);
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const second = await run(page, model);
  assert.ok(cores === 1 || second.threads > 1, `${second.threads} threads on ${cores} cores`);
  assert.ok(
    asked.every((path) => !path.includes('asyncify')),
    'the build for GPUs is not loaded without one',
  );

  close();
  await page.reload();
  await arm(page);
  assert.deepEqual(await run(page, model), second);
});

test('where threads may not be started models run on one, and the report says so', async (t) => {
  const isThread = (path: string, use: string): boolean => path.startsWith('ort/') && use === 'worker';
  const { url } = await plainHosting({
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    refuses: isThread,
  });
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce', serviceWorkers: 'block' });
  t.after(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(url);
  assert.ok(await page.evaluate(() => crossOriginIsolated));
  await arm(page);
  const model = await add(page);
  assert.deepEqual(await run(page, model), { threads: 1, provider: 'wasm' });
  assert.deepEqual(await run(page, model), { threads: 1, provider: 'wasm' }, 'and again');
  assert.deepEqual(problems, []);
});

test('where a worker hangs while it starts threads, as Firefox’s do now and then, models run on one', async (t) => {
  // The constructor never comes back, and with it the whole thread.
  const hang = `if (!self.name) self.Worker = class { constructor() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); } };\n`;
  const name = `ort/${ORT_VERSION}/ort-wasm-simd-threaded.mjs`;
  const files = { [`/${name}`]: Buffer.concat([Buffer.from(hang), readFileSync(join(root, 'dist/app', name))]) };
  const { url } = await plainHosting({
    files,
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
  });
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce', serviceWorkers: 'block' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  if (await page.evaluate(() => navigator.hardwareConcurrency === 1)) return t.skip('with one core there are no threads');
  await arm(page);
  const model = await add(page);
  assert.deepEqual(await run(page, model), { threads: 1, provider: 'wasm' });
  assert.deepEqual(await run(page, model), { threads: 1, provider: 'wasm' }, 'and again');
});
