import type { Raster } from '../../core/index.ts';

/** Squared colour distance that a sample farther away must be nearer in, to be preferred. */
const FARTHER_SAMPLE_SQUARED = 150;

/**
 * Brings a map without blur to the photo's size: bilinear on a surface; where two meet, a pixel takes the depth of that
 * one of the four samples round it whose colour is most like its own (joint bilateral upsampling,
 * Kopf et al. 2007, with a choice in place of a mean, so that steps stay steps).
 * @param from depth at a smaller size, with `small`, the photo at that size.
 * @param least samples that differ by less are one surface.
 * @param scale samples a pixel, 0..1, across and down. Default: the two sizes' ratio.
 */
export function jointUpsample(from: Float32Array, small: Raster, photo: Raster, least: number, scale?: number): Float32Array {
  const { width, height } = photo;
  const out = new Float32Array(width * height);
  const columns = between(small.width, width, scale);
  const rows = between(small.height, height, scale);
  for (let y = 0; y < height; y++) {
    enlargeRow(
      from,
      rows.near[y]! * small.width,
      rows.far[y]! * small.width,
      rows.part[y]!,
      columns,
      small.rgba,
      photo.rgba,
      out,
      y * width,
      least,
    );
  }
  return out;
}

/** Where the pixels of a row lie between its samples. */
interface Between {
  /** The nearest sample, */
  near: Int32Array;
  /** the one on the pixel's other side, */
  far: Int32Array;
  /** and how much of the way to that one the pixel lies, 0..0.5. */
  part: Float32Array;
}

function between(samples: number, pixels: number, scale = samples / pixels): Between {
  const near = new Int32Array(pixels);
  const far = new Int32Array(pixels);
  const part = new Float32Array(pixels);
  for (let k = 0; k < pixels; k++) {
    const place = (k + 0.5) * scale - 0.5;
    near[k] = Math.min(samples - 1, Math.max(0, Math.round(place)));
    far[k] = Math.min(samples - 1, Math.max(0, place > near[k]! ? near[k]! + 1 : near[k]! - 1));
    part[k] = Math.abs(place - near[k]!);
  }
  return { near, far, part };
}

// Rows are functions of their own: an engine makes fast what is called often, and a map is enlarged once.

function enlargeRow(
  from: Float32Array,
  near: number,
  far: number,
  down: number,
  columns: Between,
  colours: Uint8ClampedArray,
  rgba: Uint8ClampedArray,
  out: Float32Array,
  to: number,
  least: number,
): void {
  for (let x = 0; x < columns.near.length; x++) {
    const k = columns.near[x]!;
    const other = columns.far[x]!;
    const across = columns.part[x]!;
    const a = from[near + k]!;
    const b = from[near + other]!;
    const c = from[far + k]!;
    const d = from[far + other]!;
    const i = to + x;
    if (Math.abs(b - a) < least && Math.abs(c - a) < least && Math.abs(d - a) < least) {
      out[i] = (1 - down) * (a + across * (b - a)) + down * (c + across * (d - c));
      continue;
    }
    let best = distance(rgba, i, colours, near + k);
    let value = a;
    const toB = distance(rgba, i, colours, near + other) + FARTHER_SAMPLE_SQUARED * (1.5 - 2 * across);
    if (toB < best) {
      best = toB;
      value = b;
    }
    const toC = distance(rgba, i, colours, far + k) + FARTHER_SAMPLE_SQUARED * (1.5 - 2 * down);
    if (toC < best) {
      best = toC;
      value = c;
    }
    if (distance(rgba, i, colours, far + other) + FARTHER_SAMPLE_SQUARED * (2.5 - 2 * across - 2 * down) < best) value = d;
    out[i] = value;
  }
}

/** Squared distance in RGB of pixel `i` of one picture and `j` of another. */
function distance(one: Uint8ClampedArray, i: number, other: Uint8ClampedArray, j: number): number {
  const r = one[i * 4]! - other[j * 4]!;
  const g = one[i * 4 + 1]! - other[j * 4 + 1]!;
  const b = one[i * 4 + 2]! - other[j * 4 + 2]!;
  return r * r + g * g + b * b;
}
