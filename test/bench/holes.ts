/** Holes shaped as what a foreground hides, cut into pictures that are known there: what is filled in against what is true. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { lensFor, type DepthMap, type ImageWithHoles, type Raster } from '../../src/core/index.ts';
import { buildHoles, fill, fillSmooth, grow, sharpen, tear } from '../helpers/heart.ts';
import { figure } from './figures.ts';
import { picture } from './read-picture.ts';
import { seeded } from './scene.ts';
import { swd } from './swd.ts';

/** Longer side of the pictures, at most. */
const LONGER = 640;
/** Pixels of a case's holes, at least. */
const FEWEST = 1500;
const CASES = 200;
/** How far the camera moves, in scene units. */
const EYEBOX = { x: 0.04, y: 0.04, z: 0.06 };

/** A picture into which holes are cut, and its name. */
interface Source {
  name: string;
  read: () => Raster;
}

/** One case: what an inpainter gets, and what is really there. */
export interface HoleCase {
  name: string;
  truth: Raster;
  input: ImageWithHoles;
  /** 1 = filled in, and known. */
  part: Uint8Array;
}

/** @param root the repository. @param shared a folder with more pictures, where there is one. @param cases number of cases. */
export function benchHoles(root: string, shared: string, cases = CASES): void {
  console.log('\nHoles cut into pictures: distance of patch statistics (swd, lower is better) and PSNR of what is filled in');
  const kinds = { smooth: { swd: 0, psnr: 0 }, good: { swd: 0, psnr: 0 } };
  let count = 0;
  for (const { name, truth, input, part } of holeCases(root, shared, cases)) {
    count++;
    const cells: string[] = [];
    for (const [kind, inpaint] of [
      ['smooth', fillSmooth],
      ['good', fill],
    ] as const) {
      const ours = laidInto(truth, inpaint(input), part);
      const result = { swd: swd(truth, ours, part), psnr: psnrOf(truth, ours, part) };
      kinds[kind].swd += result.swd;
      kinds[kind].psnr += result.psnr;
      cells.push(`${kind} ${result.swd.toFixed(1)} / ${result.psnr.toFixed(2)} dB`);
    }
    console.log(`${name}: ${cells.join(', ')}`);
  }
  if (count === 0) return;
  for (const [kind, sums] of Object.entries(kinds))
    figure(`${kind} swd ${(sums.swd / count).toFixed(1)}, ${(sums.psnr / count).toFixed(2)} dB (${count} cases)`);
  console.log(
    `mean of ${count}: ${Object.entries(kinds)
      .map(([kind, sums]) => `${kind} ${(sums.swd / count).toFixed(1)} / ${(sums.psnr / count).toFixed(2)} dB`)
      .join(', ')}`,
  );
}

/**
 * The depth of one picture is laid over another, which so gets a foreground that hides what the picture shows. The pairs are the same each time.
 */
export function* holeCases(root: string, shared: string, most: number): Generator<HoleCase> {
  const maps = depthMaps(root, shared);
  const sources = pictures(root, shared);
  const random = seeded(20);
  for (let n = 0, tries = 0; n < most && tries < 3 * most; tries++) {
    const source = sources[Math.floor(random() * sources.length)]!;
    const map = maps[Math.floor(random() * maps.length)]!;
    const isMirrored = random() < 0.5;
    if (map.name === source.name) continue;
    const photo = shrunk(source.read());
    const holes = holesBehind(photo, fitted(map.read(), photo, isMirrored));
    if (!holes) continue;
    n++;
    yield { name: `${source.name} behind ${map.name}`, ...holes };
  }
}

/** The layer in which most is hidden, where that is enough. */
function holesBehind(photo: Raster, depth: DepthMap): { truth: Raster; input: ImageWithHoles; part: Uint8Array } | undefined {
  const options = { lens: lensFor(photo.width, photo.height), eyebox: EYEBOX };
  const settled = sharpen(depth, photo, { smoothing: 1, exact: true });
  const grown = grow(photo, settled, tear(settled, photo, options), options);
  const input = grown.layers.length > 1 ? buildHoles(grown, 1) : undefined;
  if (!input) return undefined;
  const { width, height, margin } = grown.layers[0]!;
  const truth = { width, height, rgba: input.rgba.slice() };
  const part = new Uint8Array(width * height);
  let count = 0;
  for (let y = 0; y < photo.height; y++) {
    for (let x = 0; x < photo.width; x++) {
      const i = (y + margin) * width + x + margin;
      truth.rgba.set(photo.rgba.subarray((y * photo.width + x) * 4, (y * photo.width + x) * 4 + 4), i * 4);
      if (!input.hole[i]) continue;
      part[i] = 1;
      count++;
    }
  }
  return count < FEWEST ? undefined : { truth, input, part };
}

function laidInto(truth: Raster, ours: Uint8ClampedArray, part: Uint8Array): Raster {
  const rgba = truth.rgba.slice();
  for (let i = 0; i < part.length; i++) if (part[i]) rgba.set(ours.subarray(i * 4, i * 4 + 4), i * 4);
  return { ...truth, rgba };
}

function psnrOf(truth: Raster, ours: Raster, part: Uint8Array): number {
  let [squared, count] = [0, 0];
  for (let i = 0; i < part.length; i++) {
    if (!part[i]) continue;
    for (let c = 0; c < 3; c++) squared += (truth.rgba[i * 4 + c]! - ours.rgba[i * 4 + c]!) ** 2;
    count += 3;
  }
  return 10 * Math.log10((255 ** 2 * count) / squared);
}

function pictures(root: string, shared: string): Source[] {
  const sources: Source[] = samples(root).map(({ name, folder }) => ({ name, read: () => readPicture(join(folder, 'photo.jpg')) }));
  for (const scene of scenesIn(shared)) sources.push({ name: scene, read: () => readPicture(join(shared, 'gt', scene, 'photo.png')) });
  const photos = join(shared, 'train/photos');
  if (existsSync(photos))
    for (const file of readdirSync(photos).sort())
      if (/\.jpe?g$/.test(file)) sources.push({ name: file.replace(/\.jpe?g$/, ''), read: () => readPicture(join(photos, file)) });
  return sources;
}

function depthMaps(root: string, shared: string): { name: string; read: () => DepthMap }[] {
  const files = samples(root).map(({ name, folder }) => ({ name, file: join(folder, 'depth.png') }));
  for (const scene of scenesIn(shared)) files.push({ name: scene, file: join(shared, 'gt', scene, 'disparity.png') });
  return files.map(({ name, file }) => ({ name, read: () => readDepth(file) }));
}

function samples(root: string): { name: string; folder: string }[] {
  return ['test/fixtures/samples', 'public/samples'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .filter((name) => existsSync(join(root, parent, name, 'depth.png')))
      .sort()
      .map((name) => ({ name: `sample ${name}`, folder: join(root, parent, name) })),
  );
}

function scenesIn(shared: string): string[] {
  const folder = join(shared, 'gt');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, 'disparity.png')))
        .sort()
    : [];
}

function readPicture(path: string): Raster {
  if (extname(path) === '.png') return picture(path);
  const { width, height, data } = decodeJpeg(readFileSync(path), { useTArray: true });
  return { width, height, rgba: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) };
}

function readDepth(path: string): DepthMap {
  const { width, height, data, channels, depth } = decodePng(readFileSync(path));
  const most = 2 ** depth - 1;
  return { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => data[i * channels]! / most) };
}

/** Means of whole pixels, so that no side is longer than LONGER. */
function shrunk(raster: Raster): Raster {
  const times = Math.ceil(Math.max(raster.width, raster.height) / LONGER);
  if (times === 1) return raster;
  const width = Math.floor(raster.width / times);
  const height = Math.floor(raster.height / times);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (let k = 0; k < times * times; k++)
          sum += raster.rgba[((y * times + Math.floor(k / times)) * raster.width + x * times + (k % times)) * 4 + c]!;
        rgba[(y * width + x) * 4 + c] = sum / times ** 2;
      }
  return { width, height, rgba };
}

/** The nearest sample of a map for each pixel of a picture. */
function fitted(map: DepthMap, { width, height }: Raster, isMirrored: boolean): DepthMap {
  const disparity = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = Math.floor(((isMirrored ? width - 1 - x : x) + 0.5) * (map.width / width));
      disparity[y * width + x] = map.disparity[Math.floor((y + 0.5) * (map.height / height)) * map.width + u]!;
    }
  return { width, height, disparity };
}
