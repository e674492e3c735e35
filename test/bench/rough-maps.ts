/** Rough depth maps of photos full of texture: how many times a smooth map's time the heart takes, and how near to the truth it comes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { JOINED_DOWN, JOINED_RIGHT, lensFor, type DepthMap, type Raster } from '../../src/core/index.ts';
import { resizeDepth } from '../../src/layers/refine/resize-depth.ts';
import { shrinkPhoto } from '../../src/grid/index.ts';
import { gaussian, inLevels, roughen, seeded } from './scene.ts';
import { foliageScene, gravelScene } from './textured-scenes.ts';
import { grow, mesh, sharpen, tear } from '../helpers/heart.ts';

const SIZE = 960;
const ROUNDS = 5;
/** Side of a small map, as a share of the photo's. */
const SMALL = 2 / 3;

interface Scene {
  photo: Raster;
  depth: DepthMap;
}

interface Result {
  times: number[];
  /** What sharpening alone took. */
  sharpening: number[];
  torn: number;
  triangles: number;
  error: number;
}

/** @param shared folder with the rendered scenes and the real one; those that are absent are left out. */
export function benchRoughMaps(shared: string): void {
  console.log(
    `\nRough maps of textured photos, CPU time, median of ${ROUNDS}. time: as a ratio to the smooth map's of the same size (bound 1.3); to full: to that of the photo's size;`,
  );
  console.log('at best: the first, had sharpening found the truth; error: mean distance to the true disparity, fitted');
  console.log(
    [
      'scene'.padEnd(10),
      'map'.padEnd(20),
      '   time',
      'to full'.padStart(9),
      'at best'.padStart(9),
      'torn links'.padStart(12),
      'triangles'.padStart(11),
      'error before'.padStart(14),
      'after'.padStart(8),
    ].join(''),
  );
  for (const [name, make] of Object.entries(scenesOf(shared))) benchScene(name, make());
}

/** The scenes by name; those that are absent are left out, and that is said. */
function scenesOf(shared: string): Record<string, () => Scene> {
  const scenes: Record<string, () => Scene> = { gravel: () => gravelScene(SIZE, SIZE), foliage: () => foliageScene(SIZE, SIZE) };
  for (const [name, folder] of [
    ['garden', 'gt/garden'],
    ['columns', 'gt/columns'],
    ['aloe', 'real/aloe'],
  ] as const) {
    if (existsSync(join(shared, folder, 'photo.png'))) scenes[name] = () => sceneIn(join(shared, folder));
    else console.log(`${name}: left out, it is not here`);
  }
  return scenes;
}

function benchScene(name: string, { photo, depth }: Scene): void {
  const maps = mapsOf(photo, depth);
  const results: Record<string, Result> = {};
  // The first round is not counted: engines compile in it.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [kind, map] of Object.entries(maps)) {
      const { sharpening, others, torn, triangles, sharp } = runHeart(photo, map);
      const result = (results[kind] ??= { times: [], sharpening: [], torn, triangles, error: fittedError(sharp, depth) });
      if (round === 0) continue;
      result.times.push(sharpening + others);
      result.sharpening.push(sharpening);
    }
  }
  const full = results.smooth!;
  const truth = median(full.times) - median(full.sharpening);
  for (const [kind, { times, sharpening, torn, triangles, error }] of Object.entries(results)) {
    const before = fittedError(resizeDepth(maps[kind]!, photo.width, photo.height), depth);
    const time = median(times);
    const same = median((maps[kind]!.width < photo.width ? results.small! : full).times);
    const ratios = [time / same, time / median(full.times), (median(sharpening) + truth) / same];
    console.log(
      [
        name.padEnd(10),
        kind.padEnd(18),
        ...ratios.map((r) => r.toFixed(2).padStart(9)),
        String(torn).padStart(12),
        String(triangles).padStart(11),
        before.toFixed(4).padStart(14),
        error.toFixed(4).padStart(8),
      ].join(''),
    );
  }
}

/** The same depth as different kinds of maps. */
function mapsOf(photo: Raster, depth: DepthMap): Record<string, DepthMap> {
  const small = (map: DepthMap) => resizeDepth(map, Math.round(map.width * SMALL), Math.round(map.height * SMALL));
  const noisy = (map: DepthMap, amount: number) => {
    const random = seeded(11);
    return { ...map, disparity: map.disparity.map((d) => Math.min(1, Math.max(0, d + amount * gaussian(random)))) };
  };
  const levels = (map: DepthMap) => ({ ...map, disparity: map.disparity.map((d) => inLevels(d, 16)) });
  const bright = roughen(depth, photo, 'brightness');
  return {
    smooth: depth,
    'noise 5 %': noisy(depth, 0.05),
    'brightness 20 %': bright,
    '16 levels': levels(depth),
    small: small(depth),
    'small, noise 5 %': noisy(small(depth), 0.05),
    'small, noise 1 %': noisy(small(depth), 0.01),
    'small, brightness': small(bright),
    'small, 16 levels': levels(small(depth)),
  };
}

/** CPU time in milliseconds of sharpening and of all else. */
function runHeart(photo: Raster, map: DepthMap): { sharpening: number; others: number; torn: number; triangles: number; sharp: DepthMap } {
  const options = { lens: lensFor(photo.width, photo.height), eyebox: { x: 0.02, y: 0.02, z: 0.06 } };
  const start = process.cpuUsage();
  const sharp = sharpen(map, photo, { smoothing: 1, exact: false });
  const between = process.cpuUsage(start);
  const joins = tear(sharp, photo, options);
  const meshes = mesh(grow(photo, sharp, joins, options).layers, options);
  const { user, system } = process.cpuUsage(start);
  const sharpening = (between.user + between.system) / 1000;
  return {
    sharpening,
    others: (user + system) / 1000 - sharpening,
    torn: tornLinks(joins, photo),
    triangles: meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
    sharp,
  };
}

function tornLinks(joins: Uint8Array, { width, height }: Raster): number {
  let joined = 0;
  for (const bits of joins) joined += (bits & JOINED_RIGHT ? 1 : 0) + (bits & JOINED_DOWN ? 1 : 0);
  return 2 * width * height - width - height - joined;
}

/** Mean distance of a map to the truth, after the scale and offset that fit best: relative disparity. */
export function fittedError({ disparity: a }: DepthMap, { disparity: b }: DepthMap): number {
  const n = a.length;
  let sa = 0,
    sb = 0,
    saa = 0,
    sab = 0;
  for (let i = 0; i < n; i++) {
    sa += a[i]!;
    sb += b[i]!;
    saa += a[i]! ** 2;
    sab += a[i]! * b[i]!;
  }
  const scale = (n * sab - sa * sb) / (n * saa - sa * sa);
  const offset = (sb - scale * sa) / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(scale * a[i]! + offset - b[i]!);
  return sum / n;
}

function sceneIn(folder: string): Scene {
  const { width, height, channels, data } = decode(readFileSync(join(folder, 'photo.png')));
  const map = decode(readFileSync(join(folder, 'disparity.png')));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 4; c++) rgba[i * 4 + c] = c < 3 ? data[i * channels + Math.min(c, channels - 1)]! : 255;
  const depth = { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => map.data[i * map.channels]! / 65535) };
  const scale = SIZE / Math.max(width, height);
  if (scale >= 1) return { photo: { width, height, rgba }, depth };
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  return { photo: shrinkPhoto({ width, height, rgba }, w, h), depth: resizeDepth(depth, w, h) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
