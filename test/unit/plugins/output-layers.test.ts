import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initializeCanvas, readPsd } from 'ag-psd';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import output from '../../../plugins/output-layers/index.ts';
import { bytesOf } from '../../fixtures/frames.ts';
import { outputContext } from '../../fixtures/plugin-context.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

test('layers come as pictures with their coverage and depth, and a manifest that says how they lie', async () => {
  const scene = syntheticScene({ width: 48, height: 32, margin: 5 });
  const file = await output.write({ product: 'layers', scene, options: {}, frames: () => assert.fail() }, outputContext());
  assert.equal(file.suffix, '_layers.zip');
  const files = unzipSync(await bytesOf(file));
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as {
    width: number;
    layers: { picture: string; depth: string; margin: number }[];
  };
  assert.equal(manifest.width, 48);
  assert.equal(manifest.layers.length, 2);
  manifest.layers.forEach(({ picture, depth, margin }, index) => {
    assert.equal(margin, 5);
    const layer = scene.layers[index]!;
    const colours = decode(files[picture]!, { checkCrc: true });
    assert.deepEqual([colours.width, colours.height, colours.channels], [58, 42, 4]);
    assert.deepEqual(new Uint8Array(colours.data), new Uint8Array(layer.rgba));
    const depths = decode(files[depth]!, { checkCrc: true });
    assert.equal(depths.depth, 16);
    layer.disparity.forEach((d, i) => assert.equal(depths.data[i], layer.rgba[4 * i + 3]! > 0 ? Math.round(d * 65535) : 0));
  });
});

test('a Photoshop file holds the same layers, the photo uppermost, with a picture for programs that know no layers', async () => {
  const scene = syntheticScene({ width: 48, height: 32, margin: 5 });
  const file = await output.write({ product: 'psd', scene, options: {}, frames: () => assert.fail() }, outputContext());
  assert.equal(file.suffix, '_layers.psd');
  const bytes = await bytesOf(file);
  assert.equal(Buffer.from(bytes.subarray(0, 4)).toString(), '8BPS');
  // Reading needs what Node lacks.
  initializeCanvas(
    () => assert.fail(),
    (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height), colorSpace: 'srgb' as const }),
  );
  const psd = readPsd(bytes, { useImageData: true });
  assert.deepEqual([psd.width, psd.height], [58, 42]);
  assert.deepEqual(
    psd.children?.map(({ name, hidden }) => [name, hidden ?? false]),
    [
      ['Depth', true],
      ['Behind 1', false],
      ['Photo', false],
    ],
  );
  const photo = psd.children?.at(2);
  assert.ok(photo);
  const [front] = scene.layers;
  // Only what is covered is kept: empty borders are cut off.
  const { left = 0, top = 0, imageData } = photo;
  for (let y = 0; y < 42; y++) {
    for (let x = 0; x < 58; x++) {
      const wanted = front!.rgba.subarray(4 * (y * 58 + x), 4 * (y * 58 + x) + 4);
      const [i, j] = [x - left, y - top];
      const isInside = i >= 0 && j >= 0 && i < imageData!.width && j < imageData!.height;
      const is = isInside ? imageData!.data.subarray(4 * (j * imageData!.width + i), 4 * (j * imageData!.width + i) + 4) : [0, 0, 0, 0];
      if (wanted[3]! > 0 || is[3]! > 0) assert.deepEqual([...is], [...wanted], `${x}, ${y}`);
    }
  }
  // The middle of the red box, as a program without layers shows it.
  assert.deepEqual(
    [...psd.imageData!.data.subarray(4 * (21 * 58 + 29), 4 * (21 * 58 + 29) + 4)],
    [...front!.rgba.subarray(4 * (21 * 58 + 29), 4 * (21 * 58 + 29) + 4)],
  );
});
