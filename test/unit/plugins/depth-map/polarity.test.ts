import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { root } from '../../../../src/cli/prepare.mjs';
import { greyPng, gdepthPhoto, greyRaster, jpegFile, npyFile, pngFile, levels, type TestMap } from '../../../fixtures/depth-files.ts';
import { decodeInNode } from '../../../fixtures/plugin-context.ts';
import { assertDepth, photoBytes, run, runMap, scene, stretched } from '../../../fixtures/run-depth-map.ts';

const { width, height } = scene;
const flipped: TestMap = { ...scene, disparity: scene.disparity.map((d) => 1 - d) };

test('what the person says about light and dark counts', async () => {
  assertDepth(await runMap('m.png', greyPng(scene, 16, true), { polarity: 'near-black' }), scene, 0.001);
  assertDepth(await runMap('m.png', greyPng(scene, 16), { polarity: 'near-black' }), flipped, 0.001);
  assertDepth(await runMap('m.png', greyPng(scene, 16, true), { polarity: 'near-white' }), flipped, 0.001);
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, greyPng(scene, 16)), options: { polarity: 'near-white' } }), scene, 0.001);
});

test('flip swaps near and far, whatever was found out', async () => {
  assertDepth(await runMap('m.png', greyPng(scene, 16), { flip: true }), flipped, 0.001);
  assertDepth(await run({ photo: gdepthPhoto(photoBytes, greyPng(scene, 16, true)), options: { flip: true } }), flipped, 0.001);
});

test('a map that is clearly white = far is recognised, and it is said', async () => {
  const done = await runMap('m.png', greyPng(scene, 8, true));
  assertDepth(done);
  assert.match(done.context.notes.join(), /m\.png was read white = far, judging by .*If it looks inside out, set flip to true\./);
});

test('without a sign, white is near', async () => {
  const ball = { ...scene, disparity: scene.disparity.map((_, i) => 0.2 + 0.6 * Number(i % width > width / 2)) };
  assertDepth(await runMap('m.png', greyPng(ball, 8)), ball);
});

test('15-bit, faint and wild maps use the whole range', async () => {
  const part = (scale: number, offset: number): Uint8Array =>
    pngFile({ width, height, bits: 16, colourType: 0, samples: Array.from(scene.disparity, (d) => Math.round(offset + d * scale)) });
  assertDepth(await runMap('m.png', part(32768, 0)), scene, 0.001);
  assertDepth(await runMap('m.png', part(300, 20_000)), scene, 0.01);
  const wild = Array.from(scene.disparity, (d, i) => (i === 5 ? 65535 : i === 77 ? 0 : Math.round(20_000 + d * 300)));
  const { disparity } = (await runMap('m.png', pngFile({ width, height, bits: 16, colourType: 0, samples: wild }))).result.depth;
  const truth = stretched(scene.disparity);
  const [box = 0, sky = 1] = [truth.indexOf(1), truth.indexOf(0)].map((i) => disparity[i] ?? NaN);
  assert.ok(box - sky > 0.75, `two wild samples pressed the rest to ${sky}..${box}`);
});

test('a faint 8-bit map comes out whole, with a word on its steps', async () => {
  const faint = levels(scene, 9).map((level) => level + 120);
  const done = await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 0, samples: faint }));
  assertDepth(done, scene, 0.03);
  assert.match(done.context.warnings.join(), /uses only 10 levels/);
});

test('exact: the full scale of the type is 1; nothing is stretched, flipped or guessed', async () => {
  const faint = scene.disparity.map((d) => 0.2 + 0.5 * (1 - d));
  const check = async (name: string, bytes: Uint8Array, tolerance: number): Promise<void> => {
    const { result, context } = await runMap(name, bytes, { exact: true, flip: true, polarity: 'near-black' });
    faint.forEach((d, i) => assert.ok(Math.abs(d - (result.depth.disparity[i] ?? 9)) <= tolerance, name));
    assert.deepEqual(context.warnings, []);
  };
  const map = { width, height, disparity: faint };
  await check('a.png', greyPng(map, 8), 0.5 / 255 + 1e-6);
  await check('a.png', greyPng(map, 16), 0.5 / 65535 + 1e-6);
  await check('depth.npy', npyFile(faint, 'f4', [height, width]), 1e-6);
  await check('a.npy', npyFile(levels(map, 65535), 'u2', [height, width]), 1e-5);
  await check('a.jpg', jpegFile(greyRaster(map), 100), 0.02);
  await assert.rejects(
    runMap(
      'depth.npy',
      npyFile(
        faint.map((d) => 3 / d),
        'f4',
        [height, width],
      ),
      { exact: true },
    ),
    { code: 'bad-depth', message: /depth\.npy: with an exact lens .*Use disparity instead of distance/ },
  );
});

// Real data, where it is at hand: five rendered scenes with exact depth.
const groundTruth = join(root, '..', 'shared', 'gt');
for (const name of ['still_life', 'garden', 'room', 'toys', 'columns']) {
  test(`rendered scene ${name}: its three files agree, and both polarities are told apart`, async (t) => {
    const folder = join(groundTruth, name);
    if (!existsSync(folder)) return t.skip('the rendered scenes are not here');
    const file = (entry: string): Uint8Array => new Uint8Array(readFileSync(join(folder, entry)));
    const png = decode(file('disparity.png'));
    const truth = { width: png.width, height: png.height, disparity: Float32Array.from(png.data, (v) => v / 65535) };
    const raster = decodeInNode({ name: 'photo.jpg', bytes: file('photo.jpg') });
    const convert = (entry: string, bytes: Uint8Array): ReturnType<typeof run> =>
      run({ raster, photo: file('photo.jpg'), map: { name: entry, bytes } });
    assertDepth(await convert('disparity.png', file('disparity.png')), truth, 0.003);
    assertDepth(await convert('disparity8.png', file('disparity8.png')), truth, 0.005);
    assertDepth(await convert('depth.npy', file('depth.npy')), truth, 0.003);
    const depth = new Float32Array(file('depth.npy').slice(-truth.disparity.length * 4).buffer);
    assertDepth(await convert('x.npy', npyFile(depth, 'f4', [truth.height, truth.width])), truth, 0.003);
    assertDepth(
      await convert(
        'x.npy',
        npyFile(
          depth.map((z) => 100 / z),
          'f4',
          [truth.height, truth.width],
        ),
      ),
      truth,
      0.003,
    );
    assertDepth(await convert('x.npy', npyFile(truth.disparity, 'f4', [truth.height, truth.width])), truth, 0.003);
    assertDepth(await convert('x.png', greyPng(truth, 16, true)), truth, 0.003);
    assertDepth(await convert('x.png', greyPng(truth, 8, true)), truth, 0.005);
  });
}
