import type { InpaintInput, Passes } from 'unflat/plugin';
import { gateOf, type Gate } from './gate.ts';
import { halve, PAD, type Level } from './level.ts';
import { Matcher } from './matcher.ts';
import { onion } from './onion.ts';
import { growInward, refine, refineFrom, type Matches } from './matches.ts';
import { vote, type Votes } from './vote.ts';

type Input = Omit<InpaintInput, 'options'>;

/** Least context to copy from: what is mixed with another surface's colour is not. */
const TRUSTED = 200;
/** Copied is only within so many times the difference that still is one surface. */
const DEPTH_RANGE = 3;
/** Pixels from the known side at which the pattern begins, and at which it is full. */
const FEATHER_FROM = 1;
const FEATHER_TO = 4;
/** The pattern's greatest share: out of step, a paler one is less wrong. */
const MOST = 0.7;
/** Match cost at which a pattern counts half. */
const HALF_COST = 800;
/** Squared distance of the mean colours at which a pattern counts half. */
const HALF_SHIFT = 700;
/** How much of the mean colours' difference is taken off the pattern. */
const RECOLOUR = 0.8;
/** Patterns of which less than this share would be laid are not looked for any finer. */
const LEAST = 0.03;
/** Wholeness of the ground at which patterns begin, and at which they are full. */
const WHOLE_FROM = 0.7;
const WHOLE_TO = 1;

/**
 * Inpaints patterns over the smooth fill, as far as they can be trusted: found coarse to fine, voted by
 * overlapping patches, brought to the smooth fill's mean colour.
 * @param full the picture as it is given; changed. @param order indices of the hole's pixels.
 * @param out the smooth fill, `width × height × 4` from the start of its buffer; changed under holes.
 */
export function* inpaintTexture(input: Input, full: Level, order: Int32Array, out: Uint8ClampedArray): Passes<void> {
  const { width, context } = input;
  const painted = new Uint32Array(full.rgba.buffer);
  const smoothed = new Uint32Array(out.buffer);
  for (let n = 0; n < order.length; n++) painted[padded(order[n]!, width)] = smoothed[order[n]!]!;
  for (let i = 0; i < context.length; i++) if (context[i]! > 0 && context[i]! < TRUSTED) full.source[padded(i, width)] = 0;
  yield;
  const half = halve(full);
  yield;
  const quarter = halve(half);
  const limit = DEPTH_RANGE * Math.max(1e-9, input.sameSurface);
  const smooth = quarter.rgba.slice();
  const coarse = new Matcher(quarter, limit);
  yield;
  const first = growInward(coarse);
  for (let sweep = 0; sweep < 2; sweep++) {
    yield;
    refine(coarse, first, sweep % 2 === 0, false);
  }
  yield;
  const gate = gateOf(quarter, first, smooth);
  const fine = new Matcher(half, limit);
  const matches = refineFrom(quarter, trustedOf(first, gate), fine);
  for (let sweep = 0; sweep < 2; sweep++) {
    yield;
    refine(fine, matches, sweep % 2 === 0, sweep === 0);
  }
  yield;
  const votes = vote(full, half, matches);
  yield;
  blend(input, order, out, full, votes, gate, quarter.width);
}

/** The matches without those of which too little would be seen to be worth the work. */
function trustedOf({ order, from, cost }: Matches, gate: Gate): Matches {
  const kept = new Int32Array(order.length);
  let count = 0;
  for (let n = 0; n < order.length; n++) {
    const p = order[n]!;
    if (from[p]! < 0) continue;
    const shift = (gate.shift[p * 3]! ** 2 + gate.shift[p * 3 + 1]! ** 2 + gate.shift[p * 3 + 2]! ** 2) / HALF_SHIFT;
    if (shareOf(ramp(gate.whole[p]!, WHOLE_FROM, WHOLE_TO), cost[p]!, shift) >= LEAST) kept[count++] = p;
  }
  return { order: kept.slice(0, count), from, cost };
}

/** How much of a pattern is laid. @param shift squared difference of its colours from the smooth fill's, in HALF_SHIFT. */
function shareOf(trust: number, cost: number, shift: number): number {
  return (trust * MOST) / (1 + cost / HALF_COST) / (1 + shift * shift);
}

/** Index of a pixel of the picture in its finest level. */
function padded(i: number, width: number): number {
  return i + PAD + (Math.floor(i / width) + PAD) * 2 * PAD + PAD * width;
}

function blend(
  { width }: Input,
  order: Int32Array,
  out: Uint8ClampedArray,
  level: Level,
  votes: Votes,
  gate: Gate,
  gateWidth: number,
): void {
  const { distance } = onion(level, FEATHER_TO);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    const y = Math.floor(i / width);
    const x = i - y * width;
    const o = padded(i, width);
    const votesHere = votes.weight[o]!;
    const feather = ramp(distance[o]!, FEATHER_FROM, FEATHER_TO);
    if (votesHere === 0 || feather === 0) continue;
    const trust = feather * ramp(gate.whole[((y >> 2) + PAD) * gateWidth + (x >> 2) + PAD]!, WHOLE_FROM, WHOLE_TO);
    if (trust === 0) continue;
    // The coarse colour difference here, bilinearly; its sample centres lie at 4x + 1.5.
    const cx = (x - 1.5) / 4;
    const cy = (y - 1.5) / 4;
    const xa = Math.floor(cx);
    const ya = Math.floor(cy);
    let r = 0,
      g = 0,
      b = 0,
      sum = 0;
    for (let k = 0; k < 4; k++) {
      const j = (ya + PAD + (k >> 1)) * gateWidth + xa + PAD + (k & 1);
      if (!gate.known[j]) continue;
      const w = (k & 1 ? cx - xa : 1 - cx + xa) * (k >> 1 ? cy - ya : 1 - cy + ya);
      sum += w;
      r += w * gate.shift[j * 3]!;
      g += w * gate.shift[j * 3 + 1]!;
      b += w * gate.shift[j * 3 + 2]!;
    }
    if (sum === 0) continue;
    const shift = (r * r + g * g + b * b) / (sum * sum * HALF_SHIFT);
    const share = shareOf(trust, votes.cost[o]! / votesHere, shift);
    const recolour = RECOLOUR / sum;
    out[i * 4]! += share * (votes.rgb[o * 3]! / votesHere - recolour * r - out[i * 4]!);
    out[i * 4 + 1]! += share * (votes.rgb[o * 3 + 1]! / votesHere - recolour * g - out[i * 4 + 1]!);
    out[i * 4 + 2]! += share * (votes.rgb[o * 3 + 2]! / votesHere - recolour * b - out[i * 4 + 2]!);
  }
}

/** 0 up to `from`, 1 from `to` on. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
