import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { PaletteCurve } from '../../../plugins/depth-map/palette-curve.ts';
import { readNpy } from '../../../plugins/depth-map/read-npy.ts';
import { readPfm } from '../../../plugins/depth-map/read-pfm.ts';
import { readTiff } from '../../../plugins/depth-map/tiff/index.ts';
import output from '../../../plugins/output-depth/index.ts';
import type { OutputInput } from '../../../src/plugin-api/index.ts';
import { outputContext, testContext } from '../../fixtures/plugin-context.ts';
import { BOX, SKY, WALL, syntheticScene } from '../../fixtures/scene.ts';
import { finish, type Scene } from '../../../src/core/index.ts';

async function save(scene: Scene, options: OutputInput['options'] = {}) {
  const input: OutputInput = { product: 'depth', scene, options, frames: () => assert.fail('no frames needed') };
  const file = await output.write(input, outputContext());
  assert.equal(file.suffix, '_depth.png');
  assert.equal(file.blob.type, 'image/png');
  return decode(new Uint8Array(await file.blob.arrayBuffer()), { checkCrc: true });
}

test('depth is saved as 16-bit grey of the photo’s size, white = near', async () => {
  const scene = syntheticScene({ width: 30, height: 20 });
  const png = await save(scene);
  assert.deepEqual([png.width, png.height, png.depth, png.channels], [30, 20, 16, 1]);
  assert.equal(png.data[10 * 30 + 15], Math.round(BOX * 65535));
  assert.equal(png.data[19 * 30], Math.round(WALL * 65535));
  assert.equal(png.data[0], SKY);
});

test('every sample survives, whatever row filter is chosen', async () => {
  const scene = syntheticScene({ width: 61, height: 150 });
  let seed = 1;
  scene.depth.disparity = scene.depth.disparity.map((_, i) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const x = i % 61;
    return x < 20 ? seed / 2147483648 : x < 40 ? i / 9150 : Math.abs(Math.sin(i / 300));
  });
  for (const bits of ['16', '8']) {
    const png = await save(scene, { bits, colour: 'grey' });
    const full = bits === '16' ? 65535 : 255;
    scene.depth.disparity.forEach((d, i) => assert.equal(png.data[i], Math.round(d * full)));
  }
});

test('the Facebook variant is 8-bit RGB with three equal channels', async () => {
  const png = await save(syntheticScene(), { bits: '8', colour: 'rgb' });
  assert.deepEqual([png.depth, png.channels], [8, 3]);
  for (let i = 0; i < png.data.length; i += 3) {
    assert.equal(png.data[i], png.data[i + 1]);
    assert.equal(png.data[i], png.data[i + 2]);
  }
});

test('what is no number or out of range is clamped, not wrapped', async () => {
  const scene = syntheticScene();
  scene.depth.disparity.set([Number.NaN, -3, 7, Infinity, -Infinity]);
  const png = await save(scene);
  assert.deepEqual([...png.data.slice(0, 5)], [0, 0, 65535, 65535, 0]);
});

test('a smooth depth map shrinks by a third and more', async () => {
  const scene = syntheticScene({ width: 320, height: 240 });
  scene.depth.disparity = scene.depth.disparity.map((_, i) => 0.5 + 0.4 * Math.sin(i / 320 / 40) * Math.cos((i % 320) / 50));
  const input: OutputInput = { product: 'depth', scene, options: {}, frames: () => assert.fail() };
  const hooks = outputContext();
  const { blob } = await output.write(input, hooks);
  assert.ok(blob.size < (2 / 3) * 2 * 320 * 240, `${blob.size} bytes`);
  assert.equal(hooks.fractions.at(-1), 1);
});

test('cancelling rejects with the signal’s own reason', async () => {
  const reason = new Error('enough');
  const input: OutputInput = { product: 'depth', scene: syntheticScene(), options: {}, frames: () => assert.fail() };
  await assert.rejects(output.write(input, outputContext(AbortSignal.abort(reason))), (error) => error === reason);
});

async function saveAs(product: string, options: OutputInput['options'] = {}, scene = syntheticScene({ width: 60, height: 40 })) {
  const file = await output.write({ product, scene, options, frames: () => assert.fail('no frames needed') }, outputContext());
  return { suffix: file.suffix, bytes: new Uint8Array(await file.blob.arrayBuffer()), wanted: scene.depth.disparity };
}

test('the inverted map is black = near', async () => {
  const { bytes } = await saveAs('depth', { invert: true });
  const { data } = decode(bytes);
  assert.deepEqual([data[20 * 60 + 30], data[0]], [65535 - Math.round(BOX * 65535), 65535]);
});

/** No colours are read here. */
const readFloatTiff = (bytes: Uint8Array<ArrayBuffer>, name: string) => readTiff(bytes, name, 'auto', testContext());

test('NPY, PFM and TIFF hold every value, and our own reader gets them back', async () => {
  for (const [product, read, suffixWanted] of [
    ['depth-npy', readNpy, '_depth.npy'],
    ['depth-pfm', readPfm, '_depth.pfm'],
    ['depth-tiff', readFloatTiff, '_depth.tif'],
  ] as const) {
    const { suffix, bytes, wanted } = await saveAs(product);
    assert.equal(suffix, suffixWanted);
    const map = finish(read(bytes, suffix));
    assert.deepEqual([map.width, map.height], [60, 40]);
    assert.deepEqual(Float32Array.from(map.values), wanted);
  }
  const { bytes } = await saveAs('depth-npy', { values: 'distance', nearM: 2, depthM: 6 });
  const metres = finish(readNpy(bytes, 'x.npy')).values;
  assert.ok(Math.abs(metres[0]! - 8) < 1e-5);
  assert.ok(Math.abs(metres[20 * 60 + 30]! - 1 / (BOX * (1 / 2 - 1 / 8) + 1 / 8)) < 1e-5);
});

test('millimetres are those between near and far, and no more than 16 bits hold', async () => {
  const scene = syntheticScene({ width: 30, height: 20 });
  const warnings: string[] = [];
  const metres = async (options: OutputInput['options']): Promise<ReturnType<typeof decode>> => {
    const input: OutputInput = { product: 'depth-mm', scene, options, frames: () => assert.fail('no frames needed') };
    const file = await output.write(input, { ...outputContext(), warn: (message) => void warnings.push(message) });
    assert.equal(file.suffix, '_depth-mm.png');
    return decode(new Uint8Array(await file.blob.arrayBuffer()), { checkCrc: true });
  };
  const png = await metres({ nearM: 2, depthM: 6 });
  assert.deepEqual([png.depth, png.channels], [16, 1]);
  const distance = (d: number): number => Math.round(1000 / (d * (1 / 2 - 1 / 8) + 1 / 8));
  assert.deepEqual([png.data[10 * 30 + 15], png.data[19 * 30], png.data[0]], [distance(BOX), distance(WALL), 8000]);
  assert.deepEqual(warnings, []);
  assert.equal((await metres({ nearM: 2, depthM: 100 })).data[0], 65535);
  assert.match(warnings[0]!, /at most 65\.5 m/);
});

test('false colours are read back to the same depth', async () => {
  for (const palette of ['turbo', 'viridis', 'magma', 'inferno', 'plasma', 'cividis', 'Spectral_r'] as const) {
    const { suffix, bytes, wanted } = await saveAs('depth-colours', { palette });
    assert.equal(suffix, '_depth-colours.png');
    const { data } = decode(bytes);
    const curve = new PaletteCurve(palette);
    wanted.forEach((d, i) => {
      const found = curve.nearest(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!);
      assert.ok(Math.abs(found - 255 * d) <= 1.5, `${palette}: ${found} instead of ${255 * d}`);
    });
  }
});

test('normals point where the surface faces: a wall seen straight on, a floor upward', async () => {
  const scene = syntheticScene({ width: 240, height: 160 });
  const { lens } = scene;
  // The upper half is a wall, the lower half a floor 0.2 below the camera.
  scene.depth.disparity = scene.depth.disparity.map((_, i) => {
    const down = ((Math.floor(i / 240) + 0.5) / 240 - lens.cy) / lens.fy;
    const inverse = down > 0.06 ? down / 0.2 : 0.06 / 0.2;
    return (inverse - 1 / lens.far) / (1 / lens.near - 1 / lens.far);
  });
  const { data } = decode((await saveAs('normals', {}, scene)).bytes);
  const normal = (x: number, y: number) => [0, 1, 2].map((c) => data[3 * (y * 240 + x) + c]! / 127.5 - 1);
  const [wall, floor] = [normal(120, 30), normal(120, 136)];
  assert.ok(wall[2]! > 0.98, wall.join());
  assert.ok(floor[1]! > 0.95, floor.join());
});
