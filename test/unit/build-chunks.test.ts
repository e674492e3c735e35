import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

const folder = join(root, 'dist/app');
const ENTRIES = ['app.js', 'pipeline-worker.js', 'inference-worker.js', 'raster-worker.js', 'ply-worker.js'];

test(
  "no chunk of the app imports the page's or a worker's own script",
  { skip: !existsSync(folder) && 'dist is missing: run npm run build first' },
  () => {
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    for (const entry of ENTRIES) assert.ok(scripts.includes(entry), `${entry} is an entry`);
    const wrong = scripts.flatMap((name) => {
      const code = readFileSync(join(folder, name), 'utf8');
      const imported = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map((match) => match[1]!);
      return imported.filter((other) => ENTRIES.includes(other)).map((other) => `${name} imports ${other}`);
    });
    assert.deepEqual(wrong, []);
  },
);
