import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertDepth, run, runMap, scene } from '../../../fixtures/run-depth-map.ts';

// The scene at z = 2 / disparity, its sky at 10¹⁰, written by OpenEXR's own library.
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../fixtures/maps/exr/${name}.exr`, import.meta.url)));

test('OpenEXR: the depth pass of a render holds distances; the sky is farthest and no hole', async () => {
  for (const name of ['blender-zip', 'piz-tiles', 'zips-tiles', 'pxr24', 'parts-zip']) {
    const done = await runMap('render.exr', file(name));
    assertDepth(done, scene, 0.002);
    assert.deepEqual([...done.context.warnings, ...done.context.notes], [], name);
  }
});

test('OpenEXR: whole numbers, halves and grey pictures', async () => {
  for (const name of ['uint', 'piz-half', 'grey-half'])
    assertDepth(await runMap('disparity.exr', file(name), { polarity: 'near-white' }), scene, 0.002);
});

test('OpenEXR: a depth channel that programs write in two ways is guessed', async () => {
  const done = await runMap('render.exr', file('rle'));
  assertDepth(done, scene, 0.002);
});

test('OpenEXR: a rendered region lies where it lay in the picture', async () => {
  const raster = { width: 48, height: 42, rgba: new Uint8ClampedArray(48 * 42 * 4) };
  const { result, context } = await run({ map: { name: 'crop.exr', bytes: file('crop') }, raster });
  assert.deepEqual([result.depth.width, result.depth.height], [48, 42]);
  assert.match(context.warnings.join(), /crop\.exr has pixels without depth \(40 %\)/);
  for (let y = 0; y < 30; y++)
    for (let x = 0; x < 40; x++) assert.ok(Math.abs(result.depth.disparity[(y + 6) * 48 + x + 4]! - scene.disparity[y * 40 + x]!) < 0.01);
});

test('OpenEXR: what is not read says so', async () => {
  const refused = (name: string, message: RegExp, bytes = file(name)): Promise<void> =>
    assert.rejects(runMap(`${name}.exr`, bytes), { code: 'bad-depth', message });
  await refused('colours', /colours\.exr: it holds colours, but no depth channel\. Render the depth pass \(Z\)/);
  await refused('dwaa', /compressed with DWAA are not read\. Save it with ZIP compression/);
  await refused('rle', /damaged OpenEXR file|cannot hold/, file('rle').slice(0, 700));
});
