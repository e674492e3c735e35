import assert from 'node:assert/strict';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { root } from '../../src/cli/prepare.mjs';
import type { ModelRow, Raster } from '../../src/core/index.ts';
import { inputSize, toTensor } from '../../src/inference/index.ts';
import {
  IMAGENET_STD,
  MIX,
  constantModel,
  depthAnything3Like,
  depthAnythingLike,
  midasLike,
  mixOf,
  mogeLike,
  nanModel,
  plain,
  rawRangeLike,
  rowOf,
  type TestModel,
} from '../fixtures/depth-models.ts';
import { testBrowser } from '../helpers/browser.ts';
import { floatsOf, modelServer } from '../helpers/model-server.ts';
import { REFERENCE_WHDR, cannotScore, offerRealModel, photoNames, predict, scoreTable, whdrOf } from '../helpers/real-model.ts';
import type { ModelOutcome } from './depth-model-page.ts';

const server = await modelServer();
const browser = await testBrowser();
const context = await browser.newContext();
const page = await context.newPage();
after(async () => {
  await context.close();
  server.close();
});
await page.goto(server.url);
await page.waitForFunction(() => 'modelPage' in globalThis);

const WIDTH = 120;
const HEIGHT = 80;

/** A picture without any symmetry: bands of colours, a bright patch at the top left. */
const picture: Raster = (() => {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const patch = x < 30 && y < 20 ? 90 : 0;
    rgba.set([40 + x + patch, 30 + 2 * y, 200 - x - y / 2 + patch / 3, 255], i * 4);
  }
  return { width: WIDTH, height: HEIGHT, rgba };
})();
server.put('/photos/pattern.png', encode({ width: WIDTH, height: HEIGHT, data: picture.rgba, channels: 4, depth: 8 }));
server.put('/photos/turned.jpg', readFileSync(join(root, 'test/fixtures/pictures/turned.jpg')));

async function add(id: string, testModel: TestModel, changes: Partial<ModelRow> = {}): Promise<ModelRow> {
  const row = rowOf(id, testModel, changes);
  for (const { path, bytes } of testModel.files) server.put(`/models/${id}/${path}`, bytes);
  const files = Object.fromEntries(testModel.files.map(({ path }) => [path, `/models/${id}/${path}`]));
  await page.evaluate(([row, files]) => modelPage.add(row, files), [row, files] as const);
  return row;
}

/** As the person sees it, but for sharpening: depth stands as the source gave it. */
const RAW = { smoothing: 0, depthOptions: { edges: false } };
const convert = (url: string, settings: object, abortAfterMs?: number): Promise<ModelOutcome> =>
  page.evaluate(([url, settings, abort]) => modelPage.convert(url, settings, abort), [url, settings, abortAfterMs] as const);

function depthOf({ depth, error }: ModelOutcome): Float32Array {
  assert.ok(depth, error?.message);
  assert.deepEqual([depth.width, depth.height], [WIDTH, HEIGHT]);
  return floatsOf(depth.base64);
}

/** What must come out, by definition: what was fed, mixed, stretched to 0..1, enlarged or shrunk to the photo. */
function expected(row: ModelRow, valueOf = (mix: number) => mix, weights: readonly number[] = MIX): Float32Array {
  const { width, height } = inputSize(row.input.size, WIDTH, HEIGHT);
  const fed = toTensor(picture, { ...row.input, type: 'float32' }).tensor;
  const values = mixOf(fed, weights).map(valueOf);
  const least = values.reduce((a, b) => Math.min(a, b));
  const largest = values.reduce((a, b) => Math.max(a, b));
  const map = values.map((value) => (value - least) / (largest - least));
  return Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return width >= WIDTH && height >= HEIGHT ? areaAt(map, width, height, x, y) : bilinearAt(map, width, height, x, y);
  });
}

function bilinearAt(map: Float32Array, width: number, height: number, x: number, y: number): number {
  const u = Math.min(width - 1, Math.max(0, ((x + 0.5) * width) / WIDTH - 0.5));
  const v = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / HEIGHT - 0.5));
  const [i, j] = [Math.min(width - 2, Math.floor(u)), Math.min(height - 2, Math.floor(v))];
  const [s, t] = [u - i, v - j];
  const at = (dx: number, dy: number): number => map[(j + dy) * width + i + dx]!;
  return (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
}

function areaAt(map: Float32Array, width: number, height: number, x: number, y: number): number {
  let sum = 0;
  let area = 0;
  const part = (i: number, from: number, to: number): number => Math.max(0, Math.min(i + 1, to) - Math.max(i, from));
  for (let v = 0; v < height; v++) {
    const down = part(v, (y * height) / HEIGHT, ((y + 1) * height) / HEIGHT);
    for (let u = 0; down > 0 && u < width; u++) {
      const weight = down * part(u, (x * width) / WIDTH, ((x + 1) * width) / WIDTH);
      sum += weight * map[v * width + u]!;
      area += weight;
    }
  }
  return sum / area;
}

function assertSame(actual: Float32Array, wanted: Float32Array, tolerance: number, what: string): void {
  let worst = 0;
  actual.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - wanted[i]!))));
  assert.ok(worst <= tolerance, `${what}: off by ${worst}`);
}

test('disparity is right to the pixel: place, colours, resampling and shape, for each signature of input', async () => {
  const cases: [string, TestModel, Partial<ModelRow>?][] = [
    ['squeezed', rawRangeLike({ width: 32, height: 32 }), { plugin: 'depth-midas' }],
    ['normalised-inside', midasLike({ width: 48, height: 32 }), { plugin: 'depth-midas' }],
    ['any-size', depthAnythingLike({ px: 56 }), { plugin: 'depth-anything' }],
    ['half-precision', depthAnythingLike({ px: 56, type: 'float16' }), { plugin: 'depth-anything' }],
    ['larger-than-photo', rawRangeLike({ width: 160, height: 160 })],
    ['blue-first', { ...plain(), input: { ...plain().input, channels: 'bgr' } }],
  ];
  for (const [id, testModel, changes] of cases) {
    const row = await add(id, testModel, changes);
    const outcome = await convert('/photos/pattern.png', { ...RAW, depthSource: id });
    assertSame(
      depthOf(outcome),
      expected(row, undefined, id === 'normalised-inside' ? MIX.map((weight, c) => weight / IMAGENET_STD[c]!) : MIX),
      id === 'half-precision' ? 4e-3 : 2e-4,
      id,
    );
    assert.equal(outcome.report?.depthSource, row.plugin);
    const { label, provider, threads, runMs } = outcome.report.depthModel!;
    assert.deepEqual([label, provider], [id, 'wasm']);
    assert.ok(threads >= 1 && runMs > 0);
  }
});

test('the mean with the mirrored photo is the same for a model without sides: mirroring is taken back', async () => {
  await add('mirrored', rawRangeLike({ width: 40, height: 32 }));
  const once = depthOf(await convert('/photos/pattern.png', { ...RAW, depthSource: 'mirrored' }));
  const outcome = await convert('/photos/pattern.png', { ...RAW, depthSource: 'mirrored', depthOptions: { edges: false, mirror: true } });
  assertSame(depthOf(outcome), once, 1e-4, 'mirrored');
  assert.deepEqual(outcome.report?.warnings, []);
});

test('distances become disparity, with near and far in their ratio; points tell the lens', async () => {
  const row = await add('distances', depthAnything3Like({ px: 56 }), { plugin: 'depth-anything' });
  const far = await convert('/photos/pattern.png', { ...RAW, depthSource: 'distances' });
  assertSame(
    depthOf(far),
    expected(row, (mix) => 1 / (1 + mix)),
    2e-4,
    'distances',
  );
  const moge = await add('points', mogeLike({ px: 96, focal: 0.7, shift: 0.6 }), { plugin: 'depth-moge' });
  const seen = await convert('/photos/pattern.png', { ...RAW, depthSource: 'points' });
  assertSame(
    depthOf(seen),
    expected(moge, (mix) => 1 / (1 + mix)),
    5e-3,
    'points',
  );
  assert.ok(Math.abs(seen.lens!.fx / 0.7 - 1) < 0.01, `focal length ${seen.lens?.fx}`);
});

test('a photo that lies on its side reaches the model upright', async () => {
  await add('upright', rawRangeLike({ width: 12, height: 16 }));
  const { depth, report } = await convert('/photos/turned.jpg', { ...RAW, depthSource: 'upright' });
  assert.deepEqual([report?.width, report?.height], [12, 16]);
  // Red at the top left, blue at the bottom right; the model takes red for near.
  const values = floatsOf(depth!.base64);
  assert.ok(values[12 + 1]! > 0.8 && values[14 * 12 + 10]! < 0.3, `${values[13]} and ${values[178]}`);
});

test('auto runs the best model at hand; useless answers are told, and the next run works', async () => {
  await add('best', rawRangeLike({ width: 32, height: 32 }), { quality: 5, label: 'The best' });
  assert.equal((await convert('/photos/pattern.png', {})).report?.depthModel?.label, 'The best');
  await add('nothing', nanModel());
  const nothing = await convert('/photos/pattern.png', { depthSource: 'nothing' });
  assert.deepEqual(nothing.error, {
    name: 'UnflatError',
    code: 'bad-model',
    message: 'nothing returned no usable numbers for 100 % of pattern.png. Choose another model.',
  });
  await add('constant', constantModel());
  const flat = await convert('/photos/pattern.png', { depthSource: 'constant' });
  assert.match(flat.report!.warnings.join(), /constant sees no depth in pattern\.png/);
  assert.ok(depthOf(flat).every((value) => value === 0.5));
  const gone = await convert('/photos/pattern.png', { depthSource: 'never-heard-of' });
  assert.match(gone.error!.message, /neither a depth source nor a model “never-heard-of”; choose one of/);
  const { notes, report } = await convert('/photos/pattern.png', { depthSource: 'best' });
  assert.ok(report && notes.includes('Estimating depth…'), notes.join());
});

test('a cancelled run is answered at once, and the next one works', async () => {
  const { error, answeredMs } = await convert('/photos/pattern.png', { depthSource: 'any-size', longerSidePx: 512 }, 15);
  if (error) {
    assert.equal(error.name, 'AbortError');
    assert.ok(answeredMs < 300, `answered after ${answeredMs} ms`);
  }
  assert.ok((await convert('/photos/pattern.png', { depthSource: 'best' })).report);
});

test('a real model scores what its authors’ preprocessing scores', { skip: cannotScore() }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-depth-'));
  try {
    const model = await offerRealModel(server, page);
    await predict(page, model, photoNames(), { final: folder });
    const found = whdrOf(scoreTable(folder));
    t.diagnostic(JSON.stringify(found));
    for (const [set, whdr] of Object.entries(REFERENCE_WHDR)) {
      assert.ok(Math.abs((found[set] ?? NaN) - whdr) <= 0.005, `${set}: ${found[set]}, the reference is ${whdr}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
