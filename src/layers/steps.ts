import type { Raster } from '../core/index.ts';

/** Longest ramp, in pixels, that is taken for a blurred step; longer ones are slopes. */
const LONGEST = 14;
/** Slopes below this, in disparity a pixel, are not looked at. */
const LEAST_SLOPE = 0.004;
/** A ramp ends where its slope falls below this share of the slope at the pixel. */
const END = 0.25;

/**
 * Makes steps of the ramps that networks and scaling leave at silhouettes: a pixel in between goes
 * to the side whose colour and depth it is more like. Slopes, flat parts and clean steps stay as they are.
 * @param disparity at photo size; a new map is returned.
 * @param least smallest step worth it, in disparity.
 */
export function sharpenSteps(disparity: Float32Array, photo: Raster, least: number): Float32Array {
  const { width, height, rgba } = photo;
  const out = disparity.slice();
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const here = disparity[i]!;
      const left = here - disparity[i - 1]!;
      const right = disparity[i + 1]! - here;
      const up = here - disparity[i - width]!;
      const down = disparity[i + width]! - here;
      // On a ramp, depth goes on the same way on both sides; beside a clean step it does not.
      const across = left * right > 0 ? Math.min(Math.abs(left), Math.abs(right)) : 0;
      const along = up * down > 0 ? Math.min(Math.abs(up), Math.abs(down)) : 0;
      const slope = across > along ? across : along;
      if (slope < LEAST_SLOPE) continue;
      const isAcross = across > along;
      const step = isAcross ? 1 : width;
      const before = isAcross ? x : y;
      const after = isAcross ? width - 1 - x : height - 1 - y;
      const rising = (isAcross ? right : down) > 0 ? 1 : -1;
      const near = walk(disparity, i, step * rising, rising > 0 ? after : before, slope * END, 1);
      const far = walk(disparity, i, -step * rising, rising > 0 ? before : after, slope * END, -1);
      if (near < 0 || far < 0 || Math.abs(near - far) / step > LONGEST) continue;
      const range = disparity[near]! - disparity[far]!;
      if (range < least) continue;
      out[i] = disparity[isNear(rgba, i, near, far, (here - disparity[far]!) / range) ? near : far]!;
    }
  }
  return out;
}

/** Where the ramp that rises (`sign` 1) or falls (−1) from `start` by `step` ends, or −1 where it does not. */
function walk(d: Float32Array, start: number, step: number, room: number, least: number, sign: number): number {
  let i = start;
  for (let k = 0; k < LONGEST && k < room; k++) {
    if (sign * (d[i + step]! - d[i]!) < least) return i;
    i += step;
  }
  return room < LONGEST ? i : -1;
}

/** Whether pixel i belongs to the near side: by colour where both sides differ in it, else by depth. */
function isNear(rgba: Uint8ClampedArray, i: number, near: number, far: number, part: number): boolean {
  const toNear = colourDistance(rgba, i, near);
  const toFar = colourDistance(rgba, i, far);
  const between = colourDistance(rgba, near, far);
  const trust = between / (between + 900);
  const colour = toFar / (toNear + toFar + 1);
  return trust * (colour - 0.5) + (1 - trust) * (part - 0.5) > 0;
}

/** Squared distance in RGB. */
function colourDistance(rgba: Uint8ClampedArray, a: number, b: number): number {
  const r = rgba[a * 4]! - rgba[b * 4]!;
  const g = rgba[a * 4 + 1]! - rgba[b * 4 + 1]!;
  const bl = rgba[a * 4 + 2]! - rgba[b * 4 + 2]!;
  return r * r + g * g + bl * bl;
}

/**
 * Takes single pixels and thin crumbs that smoothing left at steps of a rough map to the surface that
 * surrounds them: rounds of a 3×3 median where depth jumps. Changes `disparity`.
 */
export function sweepCrumbs(disparity: Float32Array, width: number, height: number, least: number, rounds: number): void {
  const jumps: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      const here = disparity[i]!;
      const across = Math.max(Math.abs(disparity[i - 1]! - here), Math.abs(disparity[i + 1]! - here));
      if (across >= least || Math.abs(disparity[i - width]! - here) >= least || Math.abs(disparity[i + width]! - here) >= least) jumps.push(i);
    }
  }
  const swept = new Float32Array(jumps.length);
  const nine = new Float32Array(9);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < jumps.length; k++) {
      let n = 0;
      for (let v = -width; v <= width; v += width) {
        for (let j = jumps[k]! + v - 1, end = j + 3; j < end; j++) {
          const value = disparity[j]!;
          let m = n++;
          while (m > 0 && nine[m - 1]! > value) {
            nine[m] = nine[m - 1]!;
            m--;
          }
          nine[m] = value;
        }
      }
      swept[k] = nine[4]!;
    }
    for (let k = 0; k < jumps.length; k++) disparity[jumps[k]!] = swept[k]!;
  }
}
