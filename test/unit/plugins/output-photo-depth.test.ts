import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import jpeg from 'jpeg-js';
import output from '../../../plugins/output-photo-depth/index.ts';
import { hasJpegMark } from '../../../src/core/index.ts';
import type { OptionValues } from '../../../src/plugin-api/index.ts';
import { bytesOf } from '../../fixtures/frames.ts';
import { decodeInNode, outputContext } from '../../fixtures/plugin-context.ts';
import { run } from '../../fixtures/run-depth-map.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

/** A scene whose depth is large enough for more than one part of extended XMP. */
function scene() {
  const made = syntheticScene({ width: 240, height: 180 });
  let seed = 1;
  made.depth.disparity = made.depth.disparity.map((d) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.min(1, d + (0.2 * seed) / 2147483648);
  });
  made.depth.disparity[0] = 0;
  made.depth.disparity[1] = 1;
  return made;
}

async function save(product: string, options: OptionValues = { nearM: 1, depthM: 9 }) {
  const file = await output.write({ product, scene: scene(), options, frames: () => assert.fail() }, outputContext());
  return { suffix: file.suffix, bytes: await bytesOf(file) };
}

for (const product of ['gdepth', 'dynamic-depth'])
  test(`a photo with ${product} opens again as a photo with the same depth`, async () => {
    const { suffix, bytes } = await save(product);
    assert.equal(suffix, `_${product}.jpg`);
    const photo = decodeInNode({ name: 'photo.jpg', bytes });
    assert.deepEqual([photo.width, photo.height], [240, 180]);
    const { result, context } = await run({ photo: bytes, raster: photo });
    assert.deepEqual(context.warnings, []);
    const { width, height, disparity } = result.depth;
    assert.deepEqual([width, height], [240, 180]);
    const wanted = scene().depth.disparity;
    const worst = disparity.reduce((most, d, i) => Math.max(most, Math.abs(d - wanted[i]!)), 0);
    assert.ok(worst <= 1 / 255, `${worst}`);
  });

test('the photo inside is the photo, and is known as ours', async () => {
  const { bytes } = await save('gdepth');
  const photo = jpeg.decode(bytes, { useTArray: true });
  const { layers, width } = scene();
  const { margin, width: wide, rgba } = layers[0]!;
  let off = 0;
  for (let i = 0; i < width * 180; i++) {
    const from = 4 * ((Math.floor(i / width) + margin) * wide + (i % width) + margin);
    for (let c = 0; c < 3; c++) off += Math.abs(photo.data[4 * i + c]! - rgba[from + c]!);
  }
  assert.ok(off / (width * 180 * 3) < 2, `${off / (width * 180 * 3)} levels`);
  assert.equal(hasJpegMark(bytes), true);
  assert.equal(hasJpegMark((await save('dynamic-depth')).bytes), true);
  const text = Buffer.from(bytes).toString('latin1');
  assert.match(text, /GDepth:Near="1" GDepth:Far="10"/);
});

test('the pair for Facebook is a photo and an RGB map of its name, white = near', async () => {
  const { suffix, bytes } = await save('facebook');
  assert.equal(suffix, '_facebook.zip');
  const files = unzipSync(bytes);
  assert.deepEqual(Object.keys(files), ['synthetic.jpg', 'synthetic_depth.png']);
  const map = decode(files['synthetic_depth.png']!);
  assert.deepEqual([map.width, map.height, map.channels, map.depth], [240, 180, 3, 8]);
  assert.deepEqual([...map.data.slice(0, 6)], [0, 0, 0, 255, 255, 255]);
});
