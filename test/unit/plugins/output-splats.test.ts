import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { test } from 'node:test';
import output from '../../../plugins/output-splats/index.ts';
import { flatten, type Scene } from '../../../src/core/index.ts';
import type { OptionValues } from '../../../src/plugin-api/index.ts';
import { bytesOf } from '../../fixtures/frames.ts';
import { outputContext } from '../../fixtures/plugin-context.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

interface Splat {
  /** x right, y down, z away from the camera. */
  at: number[];
  rgb: number[];
  opacity: number;
  sizes: number[];
  /** w, x, y, z. */
  turn: number[];
}

/** The scene with soft shades instead of its noise: a red box, a green wall and a blue sky. */
function shaded(): Scene {
  const scene = syntheticScene({ width: 160, height: 120 });
  for (const { width, height, rgba } of scene.layers)
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      for (let c = 0; c < 3; c++)
        rgba[4 * i + c] = (rgba[4 * i + c]! > 250 ? 160 : 60) + 30 * Math.sin((x + 2 * c) / 9) + 20 * Math.cos(y / (7 + c));
    }
  return scene;
}

async function written(product: string, scene: Scene, options: OptionValues = {}): Promise<Buffer> {
  const file = await output.write({ product, scene, options, frames: () => assert.fail('no frames') }, outputContext());
  assert.equal(file.suffix, product === 'spz' ? '.spz' : '_splats.ply');
  return Buffer.from(await bytesOf(file));
}

function readPly(bytes: Buffer): Splat[] {
  const end = bytes.indexOf('end_header\n') + 'end_header\n'.length;
  const header = bytes.subarray(0, end).toString();
  const names = [...header.matchAll(/property float (\w+)/g)].map(([, name]) => name!);
  const count = Number(/element vertex (\d+)/.exec(header)?.[1]);
  assert.equal(bytes.length, end + 4 * names.length * count);
  return Array.from({ length: count }, (_, s) => {
    const value = (name: string): number => bytes.readFloatLE(end + 4 * (names.length * s + names.indexOf(name)));
    return {
      at: ['x', 'y', 'z'].map(value),
      rgb: [0, 1, 2].map((c) => 255 * (0.5 + value(`f_dc_${c}`) * 0.28209479177387814)),
      opacity: 1 / (1 + Math.exp(-value('opacity'))),
      sizes: [0, 1, 2].map((k) => Math.exp(value(`scale_${k}`))),
      turn: [0, 1, 2, 3].map((k) => value(`rot_${k}`)),
    };
  });
}

/** The columns of the splat's rotation, times its sizes. */
function axesOf({ turn: [w, x, y, z], sizes }: Splat): number[][] {
  const columns = [
    [1 - 2 * (y! * y! + z! * z!), 2 * (x! * y! + w! * z!), 2 * (x! * z! - w! * y!)],
    [2 * (x! * y! - w! * z!), 1 - 2 * (x! * x! + z! * z!), 2 * (y! * z! + w! * x!)],
    [2 * (x! * z! + w! * y!), 2 * (y! * z! - w! * x!), 1 - 2 * (x! * x! + y! * y!)],
  ];
  return columns.map((column, k) => column.map((value) => value * sizes[k]!));
}

/** Draws splats from the photo's camera as the 2023 paper does, without its blur of a third of a pixel. */
function drawn(splats: readonly Splat[], { width, height, lens }: Scene): Float64Array {
  const longer = Math.max(width, height);
  const [fx, fy] = [lens.fx * longer, lens.fy * longer];
  const colours = new Float64Array(3 * width * height);
  const open = new Float64Array(width * height).fill(1);
  for (const splat of [...splats].sort((a, b) => a.at[2]! - b.at[2]!)) {
    const [x, y, z] = splat.at as [number, number, number];
    const [u, v] = [(fx * x) / z + lens.cx * longer - 0.5, (fy * y) / z + lens.cy * longer - 0.5];
    let [a, b, c] = [0, 0, 0];
    for (const axis of axesOf(splat)) {
      const across = (fx * (axis[0]! - (x / z) * axis[2]!)) / z;
      const down = (fy * (axis[1]! - (y / z) * axis[2]!)) / z;
      a += across * across;
      b += across * down;
      c += down * down;
    }
    const det = a * c - b * b;
    const reach = 3 * Math.sqrt(Math.max(a, c));
    for (let py = Math.max(0, Math.ceil(v - reach)); py <= Math.min(height - 1, v + reach); py++)
      for (let px = Math.max(0, Math.ceil(u - reach)); px <= Math.min(width - 1, u + reach); px++) {
        const [dx, dy] = [px - u, py - v];
        const alpha = splat.opacity * Math.exp(-0.5 * ((c * dx * dx - 2 * b * dx * dy + a * dy * dy) / det));
        const i = py * width + px;
        for (let k = 0; k < 3; k++) colours[3 * i + k]! += open[i]! * alpha * splat.rgb[k]!;
        open[i]! *= 1 - alpha;
      }
  }
  return colours;
}

function psnrOf(image: Float64Array, scene: Scene): number {
  const { rgba } = flatten(scene);
  let sum = 0;
  for (let i = 0; i < scene.width * scene.height; i++) for (let c = 0; c < 3; c++) sum += (image[3 * i + c]! - rgba[4 * i + c]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (3 * scene.width * scene.height)));
}

test('drawn from the photo’s camera, the splats look like the photo', async () => {
  const scene = shaded();
  for (const merge of [false, true]) {
    for (const relief of ['compact', 'full']) {
      const psnr = psnrOf(drawn(readPly(await written('splats', scene, { merge, relief })), scene), scene);
      assert.ok(psnr >= 28, `${psnr.toFixed(1)} dB, merge ${merge}, ${relief}`);
    }
  }
});

test('even surfaces have fewer splats, and hidden ones lie behind the photo', async () => {
  const scene = shaded();
  const single = readPly(await written('splats', scene, { merge: false }));
  const merged = readPly(await written('splats', scene, { merge: true }));
  assert.ok(merged.length < single.length / 2, `${merged.length} of ${single.length}`);
  assert.ok(single.length > 160 * 120, 'the hidden layers are there');
  assert.ok(single.every(({ at }) => at[2]! > 0 && at.every(Number.isFinite)));
});

test('the SPZ file has the same splats, y upwards, within its precision', async () => {
  const scene = shaded();
  const splats = readPly(await written('splats', scene));
  const bytes = gunzipSync(await written('spz', scene));
  assert.deepEqual([bytes.toString('latin1', 0, 4), bytes.readUInt32LE(4), bytes.readUInt32LE(8)], ['NGSP', 2, splats.length]);
  assert.equal(bytes.length, 16 + 19 * splats.length);
  const unit = 2 ** -bytes[13]!;
  const count = splats.length;
  for (let s = 0; s < count; s += 7) {
    const splat = splats[s]!;
    for (let k = 0; k < 3; k++) {
      const at = bytes.readIntLE(16 + 9 * s + 3 * k, 3) * unit * (k === 0 ? 1 : -1);
      assert.ok(Math.abs(at - splat.at[k]!) <= unit, `place ${at} for ${splat.at[k]}`);
      const rgb = 255 * (0.5 + ((bytes[16 + 10 * count + 3 * s + k]! / 255 - 0.5) / 0.15) * 0.28209479177387814);
      assert.ok(Math.abs(rgb - splat.rgb[k]!) <= 2, `colour ${rgb} for ${splat.rgb[k]}`);
      const size = Math.exp(bytes[16 + 13 * count + 3 * s + k]! / 16 - 10);
      assert.ok(Math.abs(size / splat.sizes[k]! - 1) < 0.04, `size ${size} for ${splat.sizes[k]}`);
    }
    assert.ok(Math.abs(bytes[16 + 9 * count + s]! / 255 - splat.opacity) < 0.01);
    const [x, y, z] = [0, 1, 2].map((k) => bytes[16 + 16 * count + 3 * s + k]! / 127.5 - 1) as [number, number, number];
    const w = Math.sqrt(Math.max(0, 1 - x * x - y * y - z * z));
    const same = Math.abs(-x * splat.turn[0]! + w * splat.turn[1]! - z * splat.turn[2]! + y * splat.turn[3]!);
    assert.ok(same > 0.995, `turn, ${same}`);
  }
});
