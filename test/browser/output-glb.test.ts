import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { validateBytes } from 'gltf-validator';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';
import { testServer } from '../helpers/server.ts';
import { SMALL } from './viewer-scene.ts';

const server = await testServer('public', { '/blank.html': '<!doctype html><title>Test</title><link rel="icon" href="data:,">' });
const context = await (await testBrowser()).newContext();
after(() => context.close());
const page = await context.newPage();
await page.goto(`${server.url}blank.html`);
await page.addScriptTag({ type: 'module', content: await bundle('output-glb-page.ts') });
await page.waitForFunction(() => 'openGlb' in globalThis);

test('three.js opens the file and sees the photo through its camera', async () => {
  for (const options of [
    { margin: true, errorPx: 0.2, relief: 'compact' },
    { margin: false, errorPx: 2, relief: 'compact' },
    { margin: true, errorPx: 0.2, relief: 'full' },
  ]) {
    const seen = await page.evaluate(([recipe, values]) => openGlb(recipe, values), [SMALL, options] as const);
    assert.equal(seen.suffix, '.glb');
    assert.equal(seen.type, 'model/gltf-binary');
    assert.ok(seen.unlit);
    const backdrop = options.relief === 'full' ? [] : [options.margin ? [192, 152] : [160, 120]];
    // Behind the disc there is no more of the wall than can be seen.
    assert.deepEqual(seen.textures, [[192, 152], [72, 72], ...backdrop]);
    assert.ok(seen.difference < 2, `differs from the photo by ${seen.difference} of 255`);
    const report = (await validateBytes(Buffer.from(seen.base64, 'base64'))) as {
      issues: { numErrors: number; numWarnings: number; messages: unknown[] };
    };
    const { numErrors, numWarnings, messages } = report.issues;
    assert.deepEqual([numErrors, numWarnings], [0, 0], JSON.stringify(messages));
  }
});

test('where nothing hidden is known, a compact file has no holes from the side, and none has cracks from the photo’s camera', async () => {
  for (const relief of ['compact', 'full']) {
    const {
      holes: [ahead, ...aside],
    } = await page.evaluate(([recipe, values]) => openGlb(recipe, values, true), [SMALL, { relief, errorPx: 0.02 }] as const);
    assert.equal(ahead, 0);
    assert.ok(relief === 'full' ? Math.max(...aside) > 0.01 : Math.max(...aside) === 0, `${relief}: holes of ${aside}`);
  }
});

test('the photo’s own pixels become the texture where it has more', async () => {
  const seen = await page.evaluate((recipe) => openGlb(recipe, {}), { ...SMALL, detail: 3 });
  assert.deepEqual(seen.textures, [
    [576, 456],
    [72, 72],
    [192, 152],
  ]);
  assert.ok(seen.difference < 5, `differs from the photo by ${seen.difference} of 255`);
});
