import { PAD, type Level } from './level.ts';
import type { Matcher } from './matcher.ts';
import { onion } from './onion.ts';

/** Where the hole pixels of a level are copied from. */
export interface Matches {
  /** Hole pixels, from the known side inward. */
  order: Int32Array;
  /** Level size: index of the source pixel, −1 = none. */
  from: Int32Array;
  /** Level size: what `Matcher.compare` said of it. */
  cost: Float32Array;
}

/** Coarse pixels from the known side that are inpainted at most. */
const REACH = 24;
/** Half the side of the square that is searched round the nearest known pixel. */
const SPAN = 14;
/** Places tried there; three times as many where no neighbour has a match to follow. */
const TRIES = 8;
/** A new place must be better than a neighbour's by this factor and this much: coherence keeps lines straight. */
const COHERENCE = 0.85;
const COHERENCE_BIAS = 6;

const STEPS_X = [1, -1, 0, 0, 1, -1, 1, -1];
const STEPS_Y = [0, 0, 1, -1, 1, 1, -1, -1];

/** A small seeded generator (Marsaglia's xorshift32), 0..1: the same picture is always filled alike. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
}

/**
 * Inpaints the coarsest level from the known side inward, each pixel from the source whose surroundings
 * are most like what is known so far (Wei and Levoy, "Fast texture synthesis using tree-structured vector
 * quantization", 2000; the neighbours' sources first, as in Ashikhmin, "Synthesizing natural textures", 2001).
 */
export function growInward(matcher: Matcher): Matches {
  const { width, height, source, rgba } = matcher.level;
  const { order, origin } = onion(matcher.level, REACH);
  const from = new Int32Array(source.length).fill(-1);
  const cost = new Float32Array(source.length);
  const pixels = new Uint32Array(rgba.buffer);
  const random = randomFrom(20201123);
  for (let n = 0; n < order.length; n++) {
    const p = order[n]!;
    let best = Infinity;
    let found = -1;
    let last = -1;
    for (let k = 0; k < 8; k++) {
      const step = STEPS_X[k]! + STEPS_Y[k]! * width;
      const s = from[p + step]! - step;
      if (from[p + step]! < 0 || s === last || s === found || !source[s]) continue;
      last = s;
      const c = matcher.compare(p, s, best);
      if (c >= best) continue;
      best = c;
      found = s;
    }
    const tries = found < 0 ? TRIES * 3 : TRIES;
    if (found >= 0) best = best * COHERENCE - COHERENCE_BIAS;
    const x0 = origin[p]! % width;
    const y0 = Math.floor(origin[p]! / width);
    for (let k = 1; k <= tries; k++) {
      const span = SPAN * (0.1 + (0.9 * k) / tries);
      const x = Math.round(x0 + (random() * 2 - 1) * span);
      const y = Math.round(y0 + (random() * 2 - 1) * span);
      if (x < PAD || y < PAD || x >= width - PAD || y >= height - PAD || !source[y * width + x]) continue;
      const c = matcher.compare(p, y * width + x, best);
      if (c >= best) continue;
      best = c;
      found = y * width + x;
    }
    if (found < 0) continue;
    from[p] = found;
    cost[p] = best;
    pixels[p] = pixels[found]!;
    matcher.painted(p);
  }
  return { order, from, cost };
}

/**
 * A sweep of PatchMatch (Barnes et al. 2009): each pixel tries its neighbours' sources, shifted.
 * @param nudge try the places next to its own, too.
 */
export function refine(matcher: Matcher, matches: Matches, backward: boolean, nudge: boolean): void {
  const { width, source, rgba } = matcher.level;
  const { order, from, cost } = matches;
  const pixels = new Uint32Array(rgba.buffer);
  for (let n = 0; n < order.length; n++) {
    const p = order[backward ? order.length - 1 - n : n]!;
    const own = from[p]!;
    let found = own;
    let best = own < 0 ? Infinity : matcher.compare(p, own, Infinity);
    for (let k = 0; k < (nudge && own >= 0 ? 8 : 4); k++) {
      const step = STEPS_X[k & 3]! + STEPS_Y[k & 3]! * width;
      if (k < 4 && from[p + step]! < 0) continue;
      const s = k < 4 ? from[p + step]! - step : own + step;
      if (s === own || s === found || !source[s]) continue;
      const c = matcher.compare(p, s, best);
      if (c >= best) continue;
      best = c;
      found = s;
    }
    if (found < 0) continue;
    cost[p] = best;
    from[p] = found;
    pixels[p] = pixels[found]!;
  }
}

/** The matches of the next finer level, whose pixels are inpainted by them. */
export function refineFrom(coarse: Level, matches: Matches, matcher: Matcher): Matches {
  const { width, hole, source, rgba } = matcher.level;
  const from = new Int32Array(hole.length).fill(-1);
  const cost = new Float32Array(hole.length);
  const order = new Int32Array(matches.order.length * 4);
  const pixels = new Uint32Array(rgba.buffer);
  let count = 0;
  for (let n = 0; n < matches.order.length; n++) {
    const p = matches.order[n]!;
    const s = matches.from[p]!;
    if (s < 0) continue;
    const target = finerIndex(p, coarse.width, width);
    const origin = finerIndex(s, coarse.width, width);
    for (let k = 0; k < 4; k++) {
      const step = (k >> 1) * width + (k & 1);
      if (!hole[target + step]) continue;
      order[count++] = target + step;
      cost[target + step] = matches.cost[p]!;
      if (!source[origin + step]) continue;
      from[target + step] = origin + step;
      pixels[target + step] = pixels[origin + step]!;
      matcher.painted(target + step);
    }
  }
  return { order: order.slice(0, count), from, cost };
}

/** Index, in the next finer level, of the first of a pixel's four. */
export function finerIndex(i: number, width: number, finerWidth: number): number {
  return (2 * Math.floor(i / width) - PAD) * finerWidth + 2 * (i % width) - PAD;
}
