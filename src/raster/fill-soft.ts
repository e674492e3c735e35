import { bilinear, mixFour } from './bilinear.ts';
import { catmullRom } from './catmull-rom.ts';
import type { Fragments } from './fragments.ts';
import type { SampleBuffer } from './sample-buffer.ts';
import type { DetailSampler } from './detail-sampler.ts';
import { STRETCH } from './fill-whole.ts';
import { PATCH_NUMBERS, type Patches } from './patches.ts';
import { roundOutline } from './round-outline.ts';
import type { SampleShift } from './sample-shift.ts';
import { SHARP_PAD, type SharpTexture } from './sharp-texture.ts';
import type { Triangle } from './triangle.ts';

/** Coverage at which an outline runs, see LayerMesh. */
const CONTOUR = 0.4;
/** Less covered is not drawn, more covered is wholly. */
const LEAST = 0.002;
const MOST = 0.998;
/** Layer pixels a picture's pixel below which the picture is larger than the layer: outlines are rounded there. */
const LARGER = 0.9;
const ONE = 65536;
/** Texels from here on are wholly covered, see Patches. */
const WHOLE = 0xfe000000;

/** What a layer's soft triangles are drawn with. */
export interface SoftShading {
  texture: SharpTexture;
  patches: Patches;
  shift: SampleShift;
  detail: DetailSampler | undefined;
  fragments: Fragments;
}

/** Fills a triangle that touches a silhouette: of its patch, what lies within the outline. @param t which of the soft triangles. */
export function fillSoft(triangle: Triangle, canvas: SampleBuffer, shading: SoftShading, t: number): void {
  const { edges, values, isFlat, top, bottom, steps } = triangle;
  const { width, samples, isExact, depth, pixels, runs, open } = canvas;
  const { texture, shift, detail, fragments, patches } = shading;
  const { texels, stride, scale } = texture;
  const { texels: patch, places } = patches;
  const first = places[PATCH_NUMBERS * t]!;
  const wide = places[PATCH_NUMBERS * t + 1]!;
  const left = places[PATCH_NUMBERS * t + 2]!;
  const up = places[PATCH_NUMBERS * t + 3]!;
  const across = canvas.width / samples;
  // From a place in the patch to one in the sharp texture.
  const uOffset = (SHARP_PAD + scale * (left - texture.x0 - 0.5)) * ONE;
  const vOffset = (SHARP_PAD + scale * (up - texture.y0 - 0.5)) * ONE;
  const double = scale - 1;
  const hasDetail = detail !== undefined && detail.set(steps, samples);
  shift.set(steps, samples, scale);
  const { right, down, isSmall } = shift;
  const needsMore = open !== undefined && isSmall;
  const ux = steps[0]!;
  const uy = steps[1]!;
  const vx = steps[2]!;
  const vy = steps[3]!;
  const isLarger = Math.max(ux * ux + vx * vx, uy * uy + vy * vy) * samples * samples < LARGER * LARGER;
  // Most triangles are a few pixels large: what they are filled by is read once.
  const x0 = edges[0]!;
  const y0 = edges[1]!;
  const longSlope = edges[2]!;
  const upperSlope = edges[3]!;
  const middleX = edges[4]!;
  const middleY = edges[5]!;
  const lowerSlope = edges[6]!;
  const u0 = values[0]!;
  const uRight = values[1]!;
  const uDown = values[2]!;
  const v0 = values[3]!;
  const vRight = values[4]!;
  const vDown = values[5]!;
  const k0 = values[6]!;
  const dk = values[7]!;
  const kDown = values[8]!;
  let ds = Math.round(uRight * ONE) | 0;
  let dt = Math.round(vRight * ONE) | 0;
  fragments.reserve((bottom - top) * width);
  const { at: fragmentAt, depth: fragmentDepth, colours: fragmentColours } = fragments;
  let count = fragments.count;
  for (let y = top; y < bottom; y++) {
    const py = y + 0.5;
    const dy = py - y0;
    const long = x0 + dy * longSlope;
    const short = py < middleY ? x0 + dy * upperSlope : middleX + (py - middleY) * lowerSlope;
    let x = Math.ceil((long < short ? long : short) - 0.5) | 0;
    let end = Math.ceil((long < short ? short : long) - 0.5) | 0;
    if (x < 0) x = 0;
    if (end > width) end = width;
    if (x >= end) continue;
    const row = y * width;
    const pictureRow = samples === 1 ? row : ((y / samples) | 0) * across;
    const rowOfPixel = samples === 1 ? 0 : 2 * (y % samples);
    const downS = down[rowOfPixel]!;
    const downT = down[rowOfPixel + 1]!;
    while (x < end) {
      let stop = end;
      if (runs !== undefined) {
        const pixel = (x / samples) | 0;
        const run = runs[pictureRow + pixel]!;
        if (run > 0) {
          x = (pixel + run) * samples;
          continue;
        }
        stop = Math.min(end, (pixel - run) * samples);
      }
      const px = x + 0.5 - x0;
      let u = u0 + px * uRight + dy * uDown;
      let v = v0 + px * vRight + dy * vDown;
      if (!isFlat) {
        if (stop > x + STRETCH) stop = x + STRETCH;
        const w = values[9]! + px * values[10]! + dy * values[11]!;
        const n = stop - x;
        const endW = w + n * values[10]!;
        const endU = (u + n * uRight) / endW;
        const endV = (v + n * vRight) / endW;
        u /= w;
        v /= w;
        ds = Math.round(((endU - u) / n) * ONE) | 0;
        dt = Math.round(((endV - v) / n) * ONE) | 0;
      }
      let s = ((u - left) * ONE) | 0;
      let t = ((v - up) * ONE) | 0;
      let k = k0 + px * dk + dy * kDown;
      let sub = samples === 1 ? 0 : x % samples;
      if (needsMore) open.fill(1, row + x, row + stop);
      for (let i = row + x, last = row + stop; i < last; i++) {
        if (k > depth[i]!) {
          // In pixels, as the patch's places are.
          const moveS = (right[2 * sub]! + downS) >> double;
          const moveT = (right[2 * sub + 1]! + downT) >> double;
          const here = patch[first + (t >> 16) * wide + (s >> 16)]! >>> 24;
          if (here === 255 && (samples === 1 || patch[first + ((t + moveT) >> 16) * wide + ((s + moveS) >> 16)]! >>> 24 === 255)) {
            depth[i] = k;
            const s1 = ((s + moveS) << double) + uOffset;
            const t1 = ((t + moveT) << double) + vOffset;
            const colour = isExact ? catmullRom(texels, stride, s1, t1, scale) : bilinear(texels, stride, s1, t1);
            pixels[i] = hasDetail ? detail.over(colour, s1, t1) : colour;
          } else {
            // The four pixels around the place, each premultiplied by how much of it is the surface's.
            const s0 = s - 32768;
            const t0 = t - 32768;
            const j = first + (t0 >> 16) * wide + (s0 >> 16);
            const a = patch[j]!;
            const b = patch[j + 1]!;
            const c = patch[j + wide]!;
            const d = patch[j + wide + 1]!;
            const fx = (s0 >> 8) & 255;
            const fy = (t0 >> 8) & 255;
            if (!isLarger && (a & b & c & d) >>> 0 >= WHOLE) {
              depth[i] = k;
              pixels[i] =
                samples === 1 ? mixFour(a, b, c, d, fx, fy) : ownColour(patch, first, wide, s + moveS, t + moveT, s, t) | 0xff000000;
            } else if (isLarger || (a | b | c | d) >>> 24 !== 0) {
              let alpha = here === 255 ? 1 : -1;
              if (alpha < 0 && isLarger)
                alpha = roundOutline(patch, first + (t >> 16) * wide + (s >> 16), wide, s & 65535, t & 65535, steps);
              else if (alpha < 0) {
                const left = a >>> 24;
                const right = b >>> 24;
                const lowerLeft = c >>> 24;
                const lowerRight = d >>> 24;
                const above = (left << 8) + (right - left) * fx;
                const below = (lowerLeft << 8) + (lowerRight - lowerLeft) * fx;
                const gx = ((right - left) * (256 - fy) + (lowerRight - lowerLeft) * fy) / 65280;
                const gy = (below - above) / 65280;
                const edge = ((above << 8) + (below - above) * fy) / 16711680;
                const slope = Math.sqrt((gx * ux + gy * vx) ** 2 + (gx * uy + gy * vy) ** 2);
                alpha = (edge - CONTOUR) / (slope > 1e-4 ? slope : 1e-4) + 0.5;
              }
              if (alpha > LEAST) {
                const colour = ownColour(patch, first, wide, s + moveS, t + moveT, s, t);
                if (alpha >= MOST) {
                  depth[i] = k;
                  pixels[i] = colour | 0xff000000;
                } else {
                  fragmentAt[count] = i;
                  fragmentDepth[count] = k;
                  fragmentColours[count] = (colour & 0xffffff) | ((alpha * 255 + 0.5) << 24);
                  count++;
                  if (open !== undefined) open[i] = 1;
                }
              }
            }
          }
        }
        k += dk;
        s += ds;
        t += dt;
        if (++sub === samples) sub = 0;
      }
      x = stop;
    }
  }
  fragments.count = count;
}

/**
 * Mean colour of the surface's own pixels around a place, weighted by nearness and coverage: of the four around the first place, or,
 * where these have next to nothing, of the nine around the second.
 */
function ownColour(patch: Uint32Array, first: number, wide: number, s: number, t: number, s2: number, t2: number): number {
  const s0 = s - 32768;
  const t0 = t - 32768;
  const j = first + (t0 >> 16) * wide + (s0 >> 16);
  const fx = (s0 >> 8) & 255;
  const fy = (t0 >> 8) & 255;
  const wd = (fx * fy + 128) >> 8;
  const wb = fx - wd;
  const wc = fy - wd;
  const wa = 256 - fx - wc;
  let red = 0;
  let green = 0;
  let blue = 0;
  let sum = 0;
  for (let n = 0; n < 4; n++) {
    const texel = patch[n < 2 ? j + n : j + wide + n - 2]!;
    const weight = n === 0 ? wa : n === 1 ? wb : n === 2 ? wc : wd;
    red += weight * (texel & 255);
    green += weight * ((texel >>> 8) & 255);
    blue += weight * ((texel >>> 16) & 255);
    sum += weight * coverageOf(texel);
  }
  if (sum < 256) {
    const middle = first + (t2 >> 16) * wide + (s2 >> 16);
    red = green = blue = sum = 0;
    for (let n = 0; n < 9; n++) {
      const texel = patch[middle + (((n / 3) | 0) - 1) * wide + (n % 3) - 1]!;
      red += texel & 255;
      green += (texel >>> 8) & 255;
      blue += (texel >>> 16) & 255;
      sum += coverageOf(texel);
    }
  }
  const scale = sum > 0 ? 254 / sum : 0;
  return least255(red * scale) | (least255(green * scale) << 8) | (least255(blue * scale) << 16);
}

/** 0..254. */
function coverageOf(texel: number): number {
  const alpha = texel >>> 24;
  return alpha === 255 ? 254 : alpha;
}

function least255(value: number): number {
  return value < 254.5 ? (value + 0.5) | 0 : 255;
}
