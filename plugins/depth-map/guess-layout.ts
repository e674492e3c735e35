import type { Raster, Rect } from 'unflat/plugin';
import { halves, type Side } from './rgbd.ts';

/** Samples looked at along the longer side of a half. */
const PROBE = 192;

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

/** Likeness of the halves' brightness, −1..1: a colour picture beside its black-and-white print is no RGBD. */
function likeness(a: Probe, b: Probe): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a.grey), mean(b.grey)];
  let [ab, aa, bb] = [0, 0, 0];
  a.grey.forEach((value, i) => {
    const [u, v] = [value - meanA, (b.grey[i] ?? 0) - meanB];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  });
  return ab / Math.sqrt(aa * bb || 1);
}

/** How much the edges must agree: less where one half is purely grey and the other full of colour. */
function neededAgreement(depth: Probe, photo: Probe): number {
  return depth.tinted < 0.002 && photo.coloured > 0.3 ? 1.08 : 1.25;
}

/**
 * Guesses whether one half of a picture is the depth of the other: it is grey, the other is not, and the photo
 * changes where the depth jumps. Undefined for ordinary photos.
 */
export function guessLayout(raster: Raster): Side | undefined {
  if (raster.width < 32 || raster.height < 32) return undefined;
  let best: Side | undefined;
  let most = 0;
  for (const side of ['right', 'left', 'bottom', 'top'] as const) {
    const rects = halves(raster, side);
    const depth = probe(raster, rects.depth);
    const photo = probe(raster, rects.photo);
    if (depth.tinted > 0.02 || photo.coloured < 0.05 || contrast(depth) < 24 || likeness(depth, photo) > 0.95) continue;
    const agreement = edgesAgree(depth, photo);
    if (agreement < neededAgreement(depth, photo) || agreement < most) continue;
    best = side;
    most = agreement;
  }
  return best;
}
