import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decode } from 'fast-png';
import type { Raster } from '../../../../src/core/index.ts';
import type { OptionValues } from '../../../../src/plugin-api/index.ts';
import { greyRaster, jpegFile, levels, pngFile } from '../../../fixtures/depth-files.ts';
import { paletteColour, REFERENCE_PALETTES } from '../../../fixtures/palette-colours.ts';
import { assertDepth, correlation, photoRaster, run, runMap, scene, type Run } from '../../../fixtures/run-depth-map.ts';

const { width, height } = scene;
type Colour = readonly [number, number, number];

/** The scene in colours: each pixel's disparity, 0..1, becomes one. */
function coloured(colourOf: (disparity: number, i: number) => Colour): number[] {
  return Array.from(scene.disparity).flatMap((d, i) => [...colourOf(d, i)]);
}

const png = (samples: number[]): Uint8Array => pngFile({ width, height, bits: 8, colourType: 2, samples });

function raster(samples: number[]): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(samples.slice(3 * i, 3 * i + 3), 4 * i);
  return { width, height, rgba };
}

const correlationOf = ({ result }: Run): number => correlation(result.depth.disparity, scene.disparity);

for (const palette of REFERENCE_PALETTES) {
  test(`false colours: ${palette} is turned back into values, either way round, as PNG and as JPEG`, async () => {
    const samples = coloured((d) => paletteColour(palette, d));
    const done = await runMap('map.png', png(samples));
    assertDepth(done, scene, 0.012);
    assert.match(done.context.notes.join(), /map\.png shows depth in false colours \(\w/);
    assert.deepEqual(done.context.warnings, []);
    assert.ok(correlationOf(await runMap('map.jpg', jpegFile(raster(samples), 85))) > 0.98);
    const reversed = png(coloured((d) => paletteColour(palette, 1 - d)));
    assertDepth(await runMap('map.png', reversed, { polarity: 'near-black' }), scene, 0.012);
  });
}

test('false colours that JPEG has thinned out (4:2:0, quality 85, after scaling) keep depth: jet, turbo, inferno, Spectral', async () => {
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../fixtures/maps/${name}`, import.meta.url)));
  const truth = decode(file('disparity.png'));
  const photo = { width: truth.width, height: truth.height, rgba: new Uint8ClampedArray(truth.width * truth.height * 4) };
  for (const name of ['jet', 'turbo', 'inferno', 'spectral']) {
    const { result } = await run({ map: { name: `${name}.jpg`, bytes: file(`${name}.jpg`) }, raster: photo });
    const found = correlation(result.depth.disparity, truth.data);
    assert.ok(found > 0.98, `${name}: ${found.toFixed(3)}`);
  }
});

test('what is drawn over false colours, and what is transparent in them, is unknown', async () => {
  const isLogo = (i: number): boolean => i % width > 25 && i % width < 31 && i / width > 22 && i / width < 25;
  const samples = coloured((d, i) => (isLogo(i) ? [255, 255, 255] : paletteColour('turbo', d)));
  assertDepth(await runMap('m.png', png(samples)), scene, 0.012);
  const withAlpha = Array.from(scene.disparity).flatMap((d, i) => (isLogo(i) ? [255, 0, 255, 0] : [...paletteColour('jet_mpl', d), 255]));
  const done = await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 6, samples: withAlpha }));
  assertDepth(done, scene, 0.012);
  assert.match(done.context.warnings.join(), /m\.png has pixels without depth/);
});

test('false colours in a PNG with a palette', async () => {
  const palette = Array.from({ length: 256 }, (_, i) => [...paletteColour('viridis', i / 255)]).flat();
  assertDepth(await runMap('m.png', pngFile({ width, height, bits: 8, colourType: 3, samples: levels(scene, 255), palette })));
});

test('grey maps stay grey: a tint, a sepia tone, a coloured logo, compression', async () => {
  const grey = (d: number): number => Math.round(255 * d);
  const tint = coloured((d) => [grey(d), Math.round(0.96 * grey(d)), Math.round(0.9 * grey(d))]);
  const sepia = coloured((d) => [Math.min(255, Math.round(1.2 * grey(d) + 10)), grey(d), Math.round(0.75 * grey(d))]);
  for (const samples of [tint, sepia]) {
    const done = await runMap('m.png', png(samples));
    assertDepth(done, scene, 0.03);
    assert.deepEqual([...done.context.notes, ...done.context.warnings], []);
  }
  const logo = await runMap(
    'm.png',
    png(coloured((d, i) => (i % width < 5 && i < 6 * width ? [250, 40, 10] : [grey(d), grey(d), grey(d)]))),
  );
  assertDepth(logo, scene, 0.01);
  assert.match(logo.context.notes.join(), /m\.png is grey with a few coloured pixels/);
  assertDepth(await runMap('m.jpg', jpegFile(greyRaster(scene), 60)), scene, 0.03);
});

test('a normal map is refused as what it is, as PNG and as JPEG, unless it is said how to read it', async () => {
  const slope = (a: number, b: number): number => (scene.disparity[a]! - scene.disparity[b]!) * 30;
  const samples = coloured((_, i) => {
    const [dx, dy] = [i % width ? slope(i, i - 1) : 0, i >= width ? slope(i, i - width) : 0];
    const [x, y] = [dx + Math.sin((i % width) / 9) / 3, dy + Math.cos(i / width / 7) / 3];
    const length = Math.hypot(x, y, 1);
    return [x, y, 1].map((v) => Math.round((v / length + 1) * 127.5)) as [number, number, number];
  });
  for (const [name, bytes] of [
    ['map.png', png(samples)],
    ['map.jpg', jpegFile(raster(samples), 85)],
  ] as const) {
    await assert.rejects(runMap(name, bytes), {
      code: 'bad-depth',
      message: /it is a normal map: its colours are the directions of surfaces/,
    });
  }
  assert.equal((await runMap('map.png', png(samples), { colours: 'brightness' })).result.depth.width, width);
});

test('an unknown palette and a photo are refused, and how to read them can be said', async () => {
  const unknown = png(coloured((d) => [Math.round(255 * d), Math.round(255 * (1 - d)), 40]));
  const message =
    /m\.png: it is in colour, but a depth map is grey or in the false colours of a known palette.*It may be a photo.*Use a grey depth map/;
  await assert.rejects(runMap('m.png', unknown), { code: 'bad-depth', message });
  await assert.rejects(
    runMap('m.png', png(Array.from({ length: width * height }, (_, i) => [...photoRaster.rgba.subarray(4 * i, 4 * i + 3)]).flat())),
    { code: 'bad-depth', message },
  );
  const read = (options: OptionValues): Promise<Run> => runMap('m.png', unknown, options);
  assertDepth(await read({ colours: 'brightness', polarity: 'near-black' }), scene, 0.02);
  const turbo = await runMap('m.png', png(coloured((d) => paletteColour('turbo', d))), { colours: 'jet' });
  assert.notEqual(turbo.context.notes.length, 0);
});
