import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { finish } from 'unflat/plugin';
import { fillFromFartherSide } from '../../../../plugins/depth-map/fill-holes.ts';
import { npyFile, pfmFile, pngFile } from '../../../fixtures/depth-files.ts';
import { correlation, run } from '../../../fixtures/run-depth-map.ts';
import { tiffFile } from '../../../fixtures/tiff-file.ts';

/** A wall at .2 behind a box at .8, above a floor that comes nearer. */
const [width, height] = [96, 64];
const inBox = (x: number, y: number): boolean => x >= 40 && x < 72 && y >= 12 && y < 44;
const world = Float32Array.from({ length: width * height }, (_, i) => {
  const [x, y] = [i % width, Math.floor(i / width)];
  return inBox(x, y) ? 0.8 : y < 36 ? 0.2 : 0.2 + (y - 36) / 40;
});
const photo = { width, height, rgba: new Uint8ClampedArray(width * height * 4) };

const HOLES: Record<string, (x: number, y: number) => boolean> = {
  'the shadow beside a box belongs to the wall': (x, y) => x >= 28 && x < 40 && y >= 14 && y < 34,
  'a hole within the box belongs to the box': (x, y) => x >= 50 && x < 62 && y >= 18 && y < 30,
  'a hole in the floor goes on as the floor': (x, y) => x >= 10 && x < 20 && y >= 46 && y < 56,
  'a hole at the border goes on as the wall': (x, y) => x < 12 && y < 12,
};

for (const [what, isHole] of Object.entries(HOLES)) {
  test(`holes: ${what}`, () => {
    const values = world.map((value, i) => (isHole(i % width, Math.floor(i / width)) ? NaN : value));
    const filled = finish(fillFromFartherSide({ width, height, values })).values;
    filled.forEach((value, i) =>
      assert.ok(Math.abs(value - world[i]!) < 0.08, `${value} for ${world[i]} at ${i % width}, ${Math.floor(i / width)}`),
    );
  });
}

test("a depth camera's file: millimetres, zeros beside the box, a window that ends at 65 m", async () => {
  const inWindow = (x: number, y: number): boolean => x > 8 && x < 16 && y > 6 && y < 12;
  const truth = world.map((d, i) => (inWindow(i % width, Math.floor(i / width)) ? 0.0137 : d));
  const millimetres = Array.from(truth, (d, i) =>
    HOLES['the shadow beside a box belongs to the wall']!(i % width, Math.floor(i / width)) ? 0 : Math.min(65_535, Math.round(900 / d)),
  );
  for (const polarity of ['auto', 'near-black']) {
    const { result, context } = await run({
      map: { name: 'frame.png', bytes: pngFile({ width, height, bits: 16, colourType: 0, samples: millimetres }) },
      raster: photo,
      options: { polarity },
    });
    assert.ok(correlation(result.depth.disparity, truth) > 0.999);
    assert.match(context.warnings.join(), /frame\.png has pixels without depth \(4 %\)/);
  }
});

test("a depth camera's file that has the largest value where nothing was measured, as 7-Scenes and 2D-3D-Semantics have", async () => {
  const isHole = HOLES['the shadow beside a box belongs to the wall']!;
  for (const scale of [900, 460]) {
    const samples = Array.from(world, (d, i) => (isHole(i % width, Math.floor(i / width)) ? 65_535 : Math.round(scale / d)));
    const { result, context } = await run({
      map: { name: 'frame.png', bytes: pngFile({ width, height, bits: 16, colourType: 0, samples }) },
      raster: photo,
    });
    assert.ok(correlation(result.depth.disparity, world) > 0.999);
    assert.match(context.warnings.join(), /frame\.png has pixels without depth \(4 %\)/);
  }
});

/** The world as distances or disparities, with a number of its own where nothing was measured. */
const withMark = (mark: number, value: (disparity: number) => number): Float32Array =>
  world.map((d, i) => (HOLES['the shadow beside a box belongs to the wall']!(i % width, Math.floor(i / width)) ? mark : value(d)));

test('one negative number that stands for "not measured" is unknown, in every array, and does not decide what the rest means', async () => {
  for (const mark of [-1, -9999, -3.4028234663852886e38]) {
    for (const [kind, value] of [
      ['distance', (d: number) => 0.9 / d],
      ['disparity', (d: number) => 40 * d],
    ] as const) {
      const values = withMark(mark, value);
      const files = [
        { name: 'map.npy', bytes: npyFile(values, 'f4', [height, width]) },
        { name: 'map.tif', bytes: tiffFile({ width, height, values, bits: 32, format: 3 }) },
        { name: 'map.pfm', bytes: pfmFile({ width, height, values }) },
      ];
      for (const map of files) {
        const { result, context } = await run({ map, raster: photo, model: { width, height, disparity: world.slice() } });
        const what = `${map.name} of ${kind} with ${mark}`;
        assert.equal(result.reading?.kind, kind, what);
        const found = correlation(result.depth.disparity, world);
        assert.ok(found > 0.999, `${what}: correlation ${found}`);
        assert.match(
          context.notes.join(),
          new RegExp(
            `map\\.\\w+ holds ${Number(mark.toPrecision(4)).toString().replace('+', '\\+')} and no other number below 0; it was read as “not measured”`,
          ),
          what,
        );
        assert.match(context.warnings.join(), /map\.\w+ has pixels without depth \(4 %\)/, what);
      }
    }
  }
});

test('other numbers below 0 are values: a far surface just below 0, several negative ones, a single one, and whatever is used as it is', async () => {
  const behind = (inHole: (i: number) => number): Float32Array => withMark(NaN, (d) => d).map((d, i) => (Number.isNaN(d) ? inHole(i) : d));
  for (const [what, values] of Object.entries({
    'a far surface': behind(() => -0.1),
    several: behind((i) => (i % 2 ? -1 : -2)),
    'a single one': world.map((d, i) => (i === 0 ? -1 : d)),
  })) {
    const { context } = await run({ map: { name: 'map.npy', bytes: npyFile(values, 'f4', [height, width]) }, raster: photo });
    assert.doesNotMatch(context.notes.concat(context.warnings).join(), /unknown/, what);
  }
  const exact = {
    name: 'map.npy',
    bytes: npyFile(
      behind(() => -1),
      'f4',
      [height, width],
    ),
  };
  await assert.rejects(run({ map: exact, raster: photo, options: { exact: true } }), { code: 'bad-depth', message: /they go from -1 to / });
});

test('a wide hole beside thin things is filled smoothly, not with a star of lines', () => {
  const grid = {
    width: 160,
    height: 120,
    values: Float32Array.from({ length: 160 * 120 }, (_, i) =>
      i % 160 < 40 ? NaN : i % 160 < 44 && Math.floor(i / 160) % 40 < 2 ? 0.9 : 0.2 + 0.2 * (i / (160 * 120)),
    ),
  };
  const { values } = finish(fillFromFartherSide(grid));
  for (let y = 1; y < 119; y++) {
    for (let x = 1; x < 30; x++) {
      const i = y * 160 + x;
      const bend = Math.abs(values[i - 160]! + values[i + 160]! - 2 * values[i]!);
      assert.ok(bend < 0.01, `a bend of ${bend} at ${x}, ${y}`);
    }
  }
});

test('a painted map of a few levels keeps its white as near', async () => {
  const samples = Array.from({ length: width * height }, (_, i) => (i % width < 8 ? 65_535 : i % width < 20 ? 40_000 : 20_000));
  const { result } = await run({
    map: { name: 'painted.png', bytes: pngFile({ width, height, bits: 16, colourType: 0, samples }) },
    raster: photo,
  });
  assert.ok(correlation(result.depth.disparity, samples) > 0.999);
});

test('near and far swapped: the far side is that of the result', async () => {
  const isHole = HOLES['the shadow beside a box belongs to the wall']!;
  const values = world.map((d, i) => (isHole(i % width, Math.floor(i / width)) ? NaN : 1 - d));
  const { result } = await run({
    map: { name: 'm.npy', bytes: npyFile(values, 'f4', [height, width]) },
    raster: photo,
    options: { flip: true, polarity: 'near-white' },
  });
  assert.ok(correlation(result.depth.disparity, world) > 0.999);
});

test('whatever is unknown, known values stay and the rest lies between them', () => {
  const sample = fc.record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    seed: fc.array(fc.option(fc.double({ min: -100, max: 100, noNaN: true }), { freq: 2 }), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(sample, (grid) => {
      const values = Float32Array.from({ length: grid.width * grid.height }, (_, i) => grid.seed[i % grid.seed.length] ?? NaN);
      const known = values.filter((value) => Number.isFinite(value));
      if (known.length === 0) return;
      const [least, largest] = [Math.min(...known), Math.max(...known)];
      const slack = 1e-4 * Math.max(1, largest - least);
      finish(fillFromFartherSide({ width: grid.width, height: grid.height, values })).values.forEach((value, i) => {
        assert.ok(value >= least - slack && value <= largest + slack, `${value} is not from ${least} to ${largest}`);
        if (Number.isFinite(values[i]!)) assert.equal(value, values[i]);
      });
    }),
  );
});
