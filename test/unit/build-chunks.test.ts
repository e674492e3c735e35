import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

const folder = join(root, 'dist/app');
const ENTRIES = ['app.js', 'pipeline-worker.js', 'inference-worker.js', 'raster-worker.js', 'graphics-worker.js', 'ply-worker.js'];

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

test(
  'the app starts without Babylon, which only a graphics card needs',
  { skip: !existsSync(folder) && 'dist is missing: run npm run build first' },
  () => {
    const code = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const app = scripts.find((name) => name.startsWith('unflat-app-'));
    assert.ok(app);
    const loaded = new Set([app]);
    for (const name of loaded)
      for (const [, other] of code(name).matchAll(/\b(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) loaded.add(other!);
    const hasBabylon = (name: string): boolean => code(name).includes('Unable to create multi sampled framebuffer');
    assert.ok(loaded.size > 5, 'what it imports is found');
    assert.ok(scripts.some(hasBabylon), 'Babylon is told by its words');
    assert.deepEqual([...loaded].filter(hasBabylon), []);
  },
);
