import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRow, Tensor } from '../../src/core/index.ts';
import { toTensor } from '../../src/inference/index.ts';
import * as networks from '../fixtures/networks.ts';
import { addNetwork, inferenceServer, openInferencePage } from './inference-browser.ts';
import { pattern, type Ask, type Outcome } from './inference-page.ts';

const url = await inferenceServer();
const page = await openInferencePage(url);
const infer = (ask: Ask): Promise<Outcome> => page.evaluate((ask) => inferencePage.infer(ask), ask);
const start = (query?: string): Promise<void> => page.evaluate((query) => inferencePage.start(query), query);

/** What a row's network must be fed with, by the functions that the unit tests check against their definition. */
const fedTo = (row: ModelRow, width: number, height: number, mirrored = false): Tensor => toTensor({ width, height, rgba: pattern(width, height) }, row.input, { mirrored }).tensor;

function assertClose(actual: readonly number[], expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!) || 0);
  assert.ok(actual.every((value) => Number.isFinite(value)) && worst <= tolerance, `${what}: off by ${worst}`);
}

/** What a MiDaS-like network answers: it normalises inside. */
function normalisedMix(fed: Tensor): Float32Array {
  const area = fed.dims.at(-1)! * fed.dims.at(-2)!;
  const data = Float32Array.from(fed.data as Float32Array, (value, i) => {
    const channel = Math.floor(i / area);
    return (value - networks.IMAGENET_MEAN[channel]!) / networks.IMAGENET_STD[channel]!;
  });
  return networks.mixOf({ ...fed, data });
}

interface Case {
  network: networks.Network;
  size: [width: number, height: number];
  dims: number[];
  expected(fed: Tensor): ArrayLike<number>;
  tolerance: number;
}

const cases = (px: { midas: number; raw: [number, number] }): Record<string, Case> => ({
  'MiDaS (fixed size, normalised inside)': { network: networks.midasLike({ width: px.midas, height: px.midas }), size: [96, 61], dims: [1, px.midas, px.midas], expected: normalisedMix, tolerance: 1e-5 },
  'TCMonoDepth (0..255)': { network: networks.rawRangeLike({ width: px.raw[0], height: px.raw[1] }), size: [50, 77], dims: [1, 1, px.raw[1], px.raw[0]], expected: networks.mixOf, tolerance: 1e-3 },
  'Depth Anything V2 (multiples of 14)': { network: networks.depthAnythingLike(), size: [120, 80], dims: [1, 28, 42], expected: networks.mixOf, tolerance: 1e-5 },
  'Depth Anything 3 (5-D, external data)': { network: networks.depthAnything3Like(), size: [60, 90], dims: [1, 1, 42, 28], expected: (fed) => networks.mixOf(fed).map((value) => value + 1), tolerance: 1e-5 },
});

test('on WASM every signature of the catalogue answers to the pixel, plain and mirrored, page and port alike', async () => {
  await start();
  for (const [name, { network, size: [width, height], dims, expected, tolerance }] of Object.entries(cases({ midas: 256, raw: [320, 192] }))) {
    const row = await addNetwork(page, 'model', network);
    for (const mirrored of [false, true]) {
      const { result, error } = await infer({ model: 'model', width, height, mirrored, byPort: mirrored });
      assert.equal(error, undefined, `${name}: ${error?.message}`);
      assert.deepEqual([result?.dims, result?.type, result?.provider], [dims, 'float32', 'wasm'], name);
      assertClose(result!.values, expected(fedTo(row, width, height, mirrored)), tolerance, `${name}${mirrored ? ', mirrored' : ''}`);
    }
  }
});
