import { JOINED_DOWN, JOINED_RIGHT, type DepthMap } from '../../core/index.ts';

/** What the border cuts goes on by so many times what is seen of it, at least and at most. */
const LEAST_SHARE = 0.5;
const MOST_SHARE = 2;
/** It may be round if it is nearest between these shares of the way from its end to the border, and falls off so far towards the border. */
const NEAREST_SHARE = 0.15;
const ROUND_PX = 0.5;
/** What lies behind a thing is looked at so far beyond its edge, where colours are not mixed. */
const BEYOND_EDGE_PX = 2;

/** A thing that the photo's border cuts, on one line from the border inward. */
export interface ThingAtBorder {
  /** Pixels that are seen of it. */
  seen: number;
  /** Pixels by which it goes on outside if it is as long there as its round shape says, −1 = it has none. */
  round: number;
  /** Pixels from the border to the surface that lies behind it, −1 = there is none. */
  behind: number;
}

/** The depth map's rows and columns, seen from its border. */
export interface InwardLine {
  /** The border pixel, and what leads to the next one. */
  start: number;
  step: number;
  /** Pixels as far as it is looked. */
  length: number;
}

/** @param behindBy what is so much farther, in disparity, is another surface behind. @param perDisparity pixels of parallax. */
export function thingAtBorder(
  { disparity }: Pick<DepthMap, 'disparity'>,
  joins: Uint8Array,
  { start, step, length }: InwardLine,
  behindBy: number,
  perDisparity: number,
): ThingAtBorder {
  const bit = Math.abs(step) === 1 ? JOINED_RIGHT : JOINED_DOWN;
  let seen = 1;
  let most = disparity[start]!;
  let first = 0;
  let last = 0;
  for (let i = start; seen < length; seen++) {
    if (!(joins[step > 0 ? i : i + step]! & bit)) break;
    i += step;
    const d = disparity[i]!;
    if ((d - most) * perDisparity > ROUND_PX / 4) first = seen;
    if ((most - d) * perDisparity < ROUND_PX / 4) last = seen;
    if (d > most) most = d;
  }
  const nearest = (first + last) / 2;
  const isRound =
    nearest > NEAREST_SHARE * seen &&
    nearest < (1 - NEAREST_SHARE) * seen &&
    (most - disparity[start]!) * perDisparity > ROUND_PX &&
    (most - disparity[start + (seen - 1) * step]!) * perDisparity > ROUND_PX;
  let behind = -1;
  const far = disparity[start]! - behindBy;
  for (let k = seen; k < length && behind < 0; k++)
    if (disparity[start + k * step]! < far) behind = Math.min(length - 1, k + BEYOND_EDGE_PX);
  if (behind >= 0 && disparity[start + behind * step]! >= far) behind -= BEYOND_EDGE_PX;
  return { seen, round: isRound ? Math.max(0, seen - 2 * nearest) : -1, behind };
}

/**
 * Pixels by which a thing goes on outside: a round one as its shape says; others are about as wide as high, but not much wider than what is seen.
 * @param high pixels of the border that belong to it.
 */
export function goesOnBy({ seen, round }: ThingAtBorder, high: number): number {
  return round >= 0 ? round : Math.max(LEAST_SHARE * seen, Math.min(MOST_SHARE * seen, high - seen));
}
