import type { Photo, Raster, Rect } from 'unflat/plugin';
import { levelsOf } from './picture.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';

/** Where the depth half lies. */
export type Side = 'left' | 'right' | 'top' | 'bottom';

/** Samples looked at along the longer side when guessing. */
const PROBE = 192;

/** The halves of a picture that holds photo and depth; an odd middle row or column belongs to neither. */
export function halves(raster: Raster, side: Side): { depth: Rect; photo: Rect } {
  const across = side === 'left' || side === 'right';
  const width = across ? Math.floor(raster.width / 2) : raster.width;
  const height = across ? raster.height : Math.floor(raster.height / 2);
  const first = { x: 0, y: 0, width, height };
  const second = { x: raster.width - width, y: raster.height - height, width, height };
  return side === 'left' || side === 'top' ? { depth: first, photo: second } : { depth: second, photo: first };
}

/**
 * Reads depth that lies beside the photo in one picture (RGBD: Looking Glass and others), white = near.
 * @throws UnflatError `bad-depth` when the picture is too small to have halves.
 */
export function readRgbd(photo: Photo, side: Side): { map: RawDepth; crop: Rect } {
  const { depth, photo: crop } = halves(photo, side);
  const what = `The depth half of ${photo.name}`;
  if (depth.width < 1 || depth.height < 1) {
    throw badDepth(what, `the picture is ${photo.width} × ${photo.height}, too small to hold photo and depth side by side.`, 'Choose the layout "none", or bring another file.');
  }
  const map = levelsOf({ ...cut(photo, depth), width: depth.width, height: depth.height }, what);
  return { map: { ...map, meaning: 'near-high' }, crop };
}

function cut(raster: Raster, rect: Rect): Raster {
  const rgba = new Uint8ClampedArray(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * raster.width + rect.x) * 4;
    rgba.set(raster.rgba.subarray(start, start + rect.width * 4), y * rect.width * 4);
  }
  return { width: rect.width, height: rect.height, rgba };
}

/** Grey levels and colourfulness of one half, thinned out. */
interface Probe {
  width: number;
  height: number;
  grey: Float32Array;
  /** Share of samples whose channels differ by more than 12 levels. */
  coloured: number;
  /** Share of samples whose channels differ by more than JPEG's rounding. */
  tinted: number;
}

function probe(raster: Raster, rect: Rect): Probe {
  const step = Math.max(1, Math.max(rect.width, rect.height) / PROBE);
  const width = Math.floor(rect.width / step);
  const height = Math.floor(rect.height / step);
  const grey = new Float32Array(width * height);
  let coloured = 0;
  let tinted = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const p = ((rect.y + Math.floor((y + 0.5) * step)) * raster.width + rect.x + Math.floor((x + 0.5) * step)) * 4;
      const [red = 0, green = 0, blue = 0] = raster.rgba.subarray(p, p + 3);
      const chroma = Math.max(red, green, blue) - Math.min(red, green, blue);
      if (chroma > 12) coloured++;
      if (chroma > 6) tinted++;
      grey[i] = green;
    }
  }
  return { width, height, grey, coloured: coloured / grey.length, tinted: tinted / grey.length };
}

/** Strength of the change at each sample to its right and lower neighbours. */
function gradients({ width, height, grey }: Probe): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = y * width + x;
      const here = grey[i] ?? 0;
      out[i] = Math.abs((grey[i + 1] ?? 0) - here) + Math.abs((grey[i + width] ?? 0) - here);
    }
  }
  return out;
}

/**
 * How much stronger the photo changes where the depth jumps than elsewhere; about 1 for unrelated halves.
 * Silhouettes lie a sample apart at most, so the strongest of the neighbourhood counts.
 */
function edgesAgree(depth: Probe, photo: Probe): number {
  const jumps = gradients(depth);
  const changes = gradients(photo);
  const { width, height } = depth;
  let [onJumps, jumpCount, all, count] = [0, 0, 0, 0];
  const threshold = Math.max(12, [...jumps].sort((a, b) => b - a)[Math.floor(jumps.length / 25)] ?? 0);
  for (let y = 1; y + 2 < height; y++) {
    for (let x = 1; x + 2 < width; x++) {
      const i = y * width + x;
      let strongest = 0;
      for (const d of [0, -1, 1, -width, width]) strongest = Math.max(strongest, changes[i + d] ?? 0);
      all += strongest;
      count++;
      if ((jumps[i] ?? 0) < threshold) continue;
      onJumps += strongest;
      jumpCount++;
    }
  }
  return jumpCount < 20 || all === 0 ? 0 : onJumps / jumpCount / (all / count);
}

/** Spread between dark and light of a half, in levels. */
function contrast({ grey }: Probe): number {
  const sorted = grey.slice().sort();
  return (sorted[Math.floor(sorted.length * 0.95)] ?? 0) - (sorted[Math.floor(sorted.length * 0.05)] ?? 0);
}

/**
 * Guesses whether one half of a picture is the depth of the other: it is grey, the other is not, and the photo
 * changes where the depth jumps. Undefined for ordinary photos.
 */
export function guessLayout(raster: Raster): Side | undefined {
  if (raster.width < 32 || raster.height < 32) return undefined;
  let best: Side | undefined;
  let most = 1.25;
  for (const side of ['right', 'left', 'bottom', 'top'] as const) {
    const rects = halves(raster, side);
    const depth = probe(raster, rects.depth);
    const photo = probe(raster, rects.photo);
    if (depth.tinted > 0.02 || photo.coloured < 0.05 || contrast(depth) < 24) continue;
    const agreement = edgesAgree(depth, photo);
    if (agreement > most) {
      best = side;
      most = agreement;
    }
  }
  return best;
}
