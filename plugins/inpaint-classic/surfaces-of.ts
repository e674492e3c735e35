import type { Probe } from './probe.ts';
import { NO_PERSPECTIVE, inverseAt, type AffineDepth, type NearPlane } from './surface-shift.ts';

/** Hole pixels and known pixels of a surface that are asked. */
const HOLE_SAMPLES = 24;
const KNOWN_SAMPLES = 56;
/** Half the side of the square about a known pixel near the hole from which samples are taken. */
const SPREAD = 4;
/** Surfaces of a tile at most; what is left, in shares of the tile, is not worth another. */
const SURFACES = 3;
const LEAST_SHARE = 0.08;
/** Where its shape is not known, a surface reaches over so many tolerances, or this share of its own inverse depth. */
const LOOSE_TOLERANCES = 8;
const LOOSE_DEPTH_SHARE = 0.3;

/** A surface that goes on in a tile's hole. */
export interface TileSurface extends NearPlane {
  /** Pixels of the level: some of the hole, and known ones around. */
  holes: number[];
  known: number[];
  /** How much the known ones' colours differ from their mean, on average (sum of three channels). */
  contrast: number;
}

/** The surfaces that go on in the hole pixels of a tile, largest first. */
export function surfacesOf(probe: Probe, holes: readonly number[], origin: Int32Array): TileSurface[] {
  const { level, infinity, tolerance } = probe;
  const { width, disparity, source } = level;
  const surfaces: TileSurface[] = [];
  let rest = holes;
  for (let k = 0; k < SURFACES && rest.length > 0; k++) {
    const depths = Float32Array.from(rest, (i) => disparity[origin[i]!]!).sort();
    const middle = depths[depths.length >> 1]! + infinity;
    const around = new Set<number>();
    const every = Math.max(1, Math.floor(rest.length / 40));
    for (let n = 0; n < rest.length; n += every) {
      const o = origin[rest[n]!]!;
      for (let v = -SPREAD; v <= SPREAD; v += 2) {
        for (let u = -SPREAD; u <= SPREAD; u += 2) {
          const i = o + v * width + u;
          if (i >= 0 && i < source.length && source[i]) around.add(i);
        }
      }
    }
    const plane = planeThrough(probe, [...around], middle);
    const isOn = (i: number) => Math.abs(disparity[i]! + infinity - inverseAt(plane, probe.x(i), probe.y(i))) <= tolerance;
    const own: number[] = [];
    const others: number[] = [];
    for (const i of rest) (isOn(origin[i]!) ? own : others).push(i);
    if (own.length === 0) break;
    const known = sampled([...around].filter(isOn), KNOWN_SAMPLES);
    surfaces.push({ plane, tolerance, contrast: contrastOf(probe, known), holes: sampled(own, HOLE_SAMPLES), known });
    if (others.length < holes.length * LEAST_SHARE) break;
    rest = others;
  }
  return surfaces;
}

export function sampled(all: readonly number[], most: number): number[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, n) => all[Math.floor(((n + 0.5) * all.length) / most)]!);
}

/** What lies about as far away as the pixels do, of any shape. */
export function looseSurface(probe: Probe, holes: readonly number[], origin: Int32Array): TileSurface {
  const { level, infinity, tolerance } = probe;
  const { width, disparity, source } = level;
  const depths = Float32Array.from(holes, (i) => disparity[i]!).sort();
  const middle = depths[depths.length >> 1]! + infinity;
  const wide = Math.max(LOOSE_TOLERANCES * tolerance, infinity < NO_PERSPECTIVE ? middle * LOOSE_DEPTH_SHARE : 0);
  const known = new Set<number>();
  for (const i of holes) {
    const o = origin[i]!;
    for (let v = -SPREAD; v <= SPREAD; v += 2) {
      for (let u = -SPREAD; u <= SPREAD; u += 2) {
        const j = o + v * width + u;
        if (j >= 0 && j < source.length && source[j] && Math.abs(disparity[j]! + infinity - middle) <= wide) known.add(j);
      }
    }
  }
  const some = sampled([...known], KNOWN_SAMPLES);
  return {
    plane: { at: middle, right: 0, down: 0 },
    tolerance,
    farther: wide,
    contrast: contrastOf(probe, some),
    holes: sampled([...holes], HOLE_SAMPLES),
    known: some,
  };
}

function contrastOf({ level: { rgba } }: Probe, pixels: readonly number[]): number {
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    const mean = pixels.reduce((total, i) => total + rgba[i * 4 + c]!, 0) / pixels.length;
    for (const i of pixels) sum += Math.abs(rgba[i * 4 + c]! - mean);
  }
  return pixels.length === 0 ? 0 : sum / pixels.length;
}

/** The plane through most of the pixels, of which it is known that one lies at inverse depth `middle`. */
function planeThrough(probe: Probe, pixels: readonly number[], middle: number): AffineDepth {
  const { level, infinity, tolerance } = probe;
  let plane: AffineDepth = { at: middle, right: 0, down: 0 };
  if (pixels.length === 0) return plane;
  const x0 = probe.x(pixels[0]!);
  const y0 = probe.y(pixels[0]!);
  for (let round = 0; round < 4; round++) {
    let s = 0,
      sx = 0,
      sy = 0,
      sxx = 0,
      sxy = 0,
      syy = 0,
      sq = 0,
      sxq = 0,
      syq = 0;
    for (const i of pixels) {
      const x = probe.x(i) - x0;
      const y = probe.y(i) - y0;
      const q = level.disparity[i]! + infinity;
      const off = (q - inverseAt(plane, x + x0, y + y0)) / (round === 0 ? 3 * tolerance : tolerance);
      const w = 1 / (1 + off * off * off * off);
      s += w;
      sx += w * x;
      sy += w * y;
      sxx += w * x * x;
      sxy += w * x * y;
      syy += w * y * y;
      sq += w * q;
      sxq += w * x * q;
      syq += w * y * q;
    }
    // A little of a flat plane: few pixels in a row say nothing of the slope across it.
    const flat = s * 4;
    const mx = sx / s,
      my = sy / s,
      mq = sq / s;
    const a = sxx / s - mx * mx + flat / s,
      b = sxy / s - mx * my,
      c = syy / s - my * my + flat / s;
    const u = sxq / s - mx * mq,
      v = syq / s - my * mq;
    const det = a * c - b * b;
    const right = (u * c - v * b) / det;
    const down = (v * a - u * b) / det;
    plane = { at: mq - right * (mx + x0) - down * (my + y0), right, down };
  }
  return plane;
}
