import assert from 'node:assert/strict';
import { test } from 'node:test';
import jpeg from 'jpeg-js';
import { translation, photoCamera, type Raster, type Scene } from '../../../src/core/index.ts';
import { readScene, writeScene, type DecodeTexture } from '../../../src/scene-file/index.ts';
import { SMALL, syntheticScene } from '../../browser/viewer-scene.ts';
import { drawScene } from '../../helpers/draw-scene.ts';

const decode: DecodeTexture = async (bytes) => {
  const { width, height, data } = jpeg.decode(bytes, { formatAsRGBA: true });
  return { width, height, rgba: new Uint8ClampedArray(data) };
};

async function again(scene: Scene, options = {}): Promise<Scene> {
  const blob = await writeScene(scene, options);
  return readScene({ name: 'holiday.glb', bytes: new Uint8Array(await blob.arrayBuffer()) }, decode);
}

function psnr(a: Raster, b: Raster): number {
  let sum = 0;
  for (let i = 0; i < a.rgba.length; i++) sum += (a.rgba[i]! - b.rgba[i]!) ** 2;
  return 10 * Math.log10((255 * 255 * a.rgba.length * 0.75) / sum);
}

/** From the middle and from the eyebox's ends. */
function pictures(scene: Scene): Raster[] {
  const { x, y, z } = scene.eyebox;
  const places = [
    translation(0, 0, 0),
    translation(x, 0, 0),
    translation(-x, 0, 0),
    translation(0, y, 0),
    translation(0, 0, -z),
    translation(0, 0, z),
  ];
  return places.map((c2w) => drawScene(scene, { ...photoCamera(scene.lens, scene.width, scene.height), c2w }, 2));
}

test('the scene draws the same picture as before saving, soft silhouettes and all', async () => {
  const scene = syntheticScene(SMALL);
  // A soft rim: every second pixel of the disc's edge is half covered.
  const { width, rgba, disparity } = scene.layers[0]!;
  for (let i = width; i < disparity.length - width; i++)
    if (disparity[i]! > 0.5 && [1, -1, width, -width].some((by) => disparity[i + by]! < 0.5)) rgba[4 * i + 3] = 100 + (i % 130);
  const read = await again(scene);
  const before = pictures(scene);
  pictures(read).forEach((picture, k) => assert.ok(psnr(before[k]!, picture) > 45, `${k}: ${psnr(before[k]!, picture)} dB`));
  assert.equal(read.name, 'holiday');
  assert.deepEqual(read.lens, scene.lens);
  assert.deepEqual(read.eyebox, scene.eyebox);
  for (const [k, layer] of scene.layers.entries()) {
    const { rgba: alpha, joins, margin } = read.layers[k]!;
    assert.equal(margin, layer.margin);
    for (let i = 0; i < layer.disparity.length; i++) {
      assert.equal(alpha[4 * i + 3], layer.rgba[4 * i + 3], `alpha of pixel ${i}`);
      if (alpha[4 * i + 3] === 0) continue;
      assert.ok(Math.abs(read.layers[k]!.disparity[i]! - layer.disparity[i]!) < 0.02);
      const inside = (i % layer.width) + 1 < layer.width ? 3 : 2;
      assert.equal(joins[i], layer.joins[i]! & (i + layer.width < layer.joins.length ? inside : inside & 1));
    }
    assert.equal(read.meshes[k]!.indices.length, scene.meshes[k]!.indices.length);
    assert.equal(read.meshes[k]!.softStart, scene.meshes[k]!.softStart);
  }
  assert.ok(read.depth.disparity.every((d, i) => Math.abs(d - scene.depth.disparity[i]!) < 0.02));
});

test('the photo’s own pixels come back at their size, and those of the layer from them', async () => {
  const scene = syntheticScene({ ...SMALL, detail: 3 });
  const read = await again(scene);
  assert.deepEqual([read.detail!.width, read.detail!.height], [480, 360]);
  assert.ok(psnr(scene.detail!, read.detail!) > 38);
  pictures(read).forEach((picture, k) => assert.ok(psnr(pictures(scene)[k]!, picture) > 34, `${k}`));
});

test('less quality is a smaller file, and the far end of a lens may be at infinity', async () => {
  const scene = syntheticScene(SMALL);
  const size = async (quality: number): Promise<number> => (await writeScene(scene, { quality })).size;
  assert.ok((await size(60)) < (await size(84)) && (await size(84)) < (await size(96)));
  scene.lens = { ...scene.lens, far: Infinity };
  assert.equal((await again(scene)).lens.far, Infinity);
});

test('what made it stands in the file, the photo’s name does not', async () => {
  const scene: Scene = {
    ...syntheticScene(SMALL),
    name: 'Anna at home',
    origin: { photoHash: 'ab'.repeat(32), originalWidth: 4000, originalHeight: 3000, depthSource: 'depth-map', settings: { smoothing: 1 } },
  };
  const bytes = new Uint8Array(await (await writeScene(scene)).arrayBuffer());
  assert.ok(!Buffer.from(bytes).includes('Anna'));
  const { origin } = await readScene({ name: 'x.glb', bytes }, decode);
  assert.deepEqual(origin, scene.origin);
});

test('a mesh that is not made of quads is refused by its name', async () => {
  const scene = syntheticScene(SMALL);
  scene.meshes[1] = { ...scene.meshes[1]!, indices: scene.meshes[1]!.indices.slice(3) };
  await assert.rejects(writeScene(scene), { name: 'TypeError', message: /scene\.meshes\[1\] must be made of quads/ });
});
