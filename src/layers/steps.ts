import type { Raster } from '../core/index.ts';

/** Half width of the widest ramp that is taken for a blurred step, in pixels. */
const RADIUS = 4;
/** Share of the step at each end within which a pixel is already on its side. */
const END = 0.12;
/** A ramp whose surroundings rise on by more than this factor is a slope, not a step. */
const SLOPE = 1.6;

/**
 * Makes steps of the ramps that networks and scaling leave at silhouettes: a pixel in between goes
 * to the side whose colour and depth it is more like. Slopes and flat parts stay as they are.
 * @param disparity at photo size; a new map is returned.
 * @param least smallest step worth it, in disparity.
 */
export function sharpenSteps(disparity: Float32Array, photo: Raster, least: number): Float32Array {
  const { width, height } = photo;
  const low = extreme(disparity, width, height, RADIUS, false);
  const high = extreme(disparity, width, height, RADIUS, true);
  // Twice the radius, by extending the same windows.
  const lower = extreme(low, width, height, RADIUS, false);
  const higher = extreme(high, width, height, RADIUS, true);
  const out = disparity.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const range = high[i]! - low[i]!;
      if (range < least) continue;
      const part = (disparity[i]! - low[i]!) / range;
      if (part < END || part > 1 - END) continue;
      if (higher[i]! - lower[i]! > SLOPE * range) continue;
      out[i] = chooseSide(disparity, photo, x, y, low[i]!, range, part);
    }
  }
  return out;
}

/** The disparity of the side that pixel (x, y) belongs to, or its own where no side is found. */
function chooseSide(d: Float32Array, photo: Raster, x: number, y: number, low: number, range: number, part: number): number {
  const { width, height, rgba } = photo;
  const i = y * width + x;
  const gx = d[y * width + Math.min(x + 1, width - 1)]! - d[y * width + Math.max(x - 1, 0)]!;
  const gy = d[Math.min(y + 1, height - 1) * width + x]! - d[Math.max(y - 1, 0) * width + x]!;
  const length = Math.hypot(gx, gy);
  if (length < 1e-6) return d[i]!;
  const ux = gx / length;
  const uy = gy / length;
  let near = -1;
  let far = -1;
  for (let k = 1; k <= 2 * RADIUS && (near < 0 || far < 0); k++) {
    if (near < 0) {
      const j = at(x + ux * k, y + uy * k, width, height);
      if (j < 0 || (d[j]! - low) / range > 1 - END) near = Math.max(j, 0) || -1;
    }
    if (far < 0) {
      const j = at(x - ux * k, y - uy * k, width, height);
      if (j < 0 || (d[j]! - low) / range < END) far = Math.max(j, 0) || -1;
    }
  }
  if (near < 0 || far < 0) return part > 0.5 ? (near < 0 ? d[i]! : d[near]!) : far < 0 ? d[i]! : d[far]!;
  const toNear = colourDistance(rgba, i, near);
  const toFar = colourDistance(rgba, i, far);
  const between = colourDistance(rgba, near, far);
  // Colour decides where the two sides differ in it; otherwise depth does.
  const trust = between / (between + 900);
  const colour = toFar / (toNear + toFar + 1);
  return trust * colour + (1 - trust) * part > 0.5 * trust + (1 - trust) * 0.5 ? d[near]! : d[far]!;
}

function at(x: number, y: number, width: number, height: number): number {
  const px = Math.round(x);
  const py = Math.round(y);
  return px < 0 || py < 0 || px >= width || py >= height ? -1 : py * width + px;
}

/** Squared distance in RGB. */
function colourDistance(rgba: Uint8ClampedArray, a: number, b: number): number {
  const r = rgba[a * 4]! - rgba[b * 4]!;
  const g = rgba[a * 4 + 1]! - rgba[b * 4 + 1]!;
  const bl = rgba[a * 4 + 2]! - rgba[b * 4 + 2]!;
  return r * r + g * g + bl * bl;
}

/** Largest (`most`) or smallest value within `radius` (a power of two) along both axes, by doubling windows. */
function extreme(from: Float32Array, width: number, height: number, radius: number, most: boolean): Float32Array {
  const sign = most ? 1 : -1;
  const a = new Float32Array(from.length);
  for (let i = 0; i < a.length; i++) a[i] = sign * from[i]!;
  // Windows of 2, 4, … 2·radius pixels, then one more that overlaps: 2·radius + 1 in all.
  const rows = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let size = 1;
    for (let step = 1; step <= radius; step *= 2) {
      for (let x = 0; x < width; x++) {
        const other = a[row + Math.min(x + step, width - 1)]!;
        const here = a[row + x]!;
        rows[x] = here > other ? here : other;
      }
      a.set(rows, row);
      size += step;
    }
    // a[x] now covers x … x + size − 1 with size = 2·radius.
    for (let x = 0; x < width; x++) {
      const left = a[row + Math.max(0, x - radius)]!;
      const right = a[row + Math.min(width - 1, x + radius - size + 1 > 0 ? x + radius - size + 1 : 0)]!;
      rows[x] = left > right ? left : right;
    }
    a.set(rows, row);
  }
  const b = new Float32Array(from.length);
  for (let step = 1; step <= radius; step *= 2) {
    for (let y = 0; y < height; y++) {
      const row = y * width;
      const below = Math.min(y + step, height - 1) * width;
      for (let x = 0; x < width; x++) {
        const here = a[row + x]!;
        const other = a[below + x]!;
        b[row + x] = here > other ? here : other;
      }
    }
    a.set(b);
  }
  for (let y = 0; y < height; y++) {
    const up = Math.max(0, y - radius) * width;
    const down = Math.max(0, Math.min(height - 1, y - radius + 1)) * width;
    for (let x = 0; x < width; x++) {
      const p = a[up + x]!;
      const q = a[down + x]!;
      b[y * width + x] = sign * (p > q ? p : q);
    }
  }
  return b;
}
