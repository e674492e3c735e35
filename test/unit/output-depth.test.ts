import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import output from '../../plugins/output-depth/index.ts';
import type { OutputInput } from '../../src/plugin-api/index.ts';
import { outputContext } from '../fixtures/plugin-context.ts';
import { BOX, SKY, WALL, syntheticScene } from '../fixtures/scene.ts';
import type { Scene } from '../../src/core/index.ts';

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
