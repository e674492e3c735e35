import { JOINED_DOWN, JOINED_RIGHT, type DepthMap, type Raster } from '../../core/index.ts';
import { ForegroundSamples } from './foreground-samples.ts';
import { close, releaseOutvoted } from './majority-filter.ts';
import { directionOf, isOff, silhouetteProfiles, type SilhouetteProfiles } from './silhouette-profiles.ts';
import type { ParallaxBounds } from '../surface/parallax-bounds.ts';
import { SAME_SHARE } from '../surface/same-share.ts';

/** The rim is looked for so many times the map's blur away from the tear. */
const SEARCH_BLURS = 3.6;
/** Looks to both sides along the silhouette whose median is a rim's width, */
const BESIDE_PX = 3;
/** at least so many, its own with them; each up to AWAY_PX pixels nearer or farther than this one. */
const FEWEST_BESIDE = 3;
const AWAY_PX = 3;
/** Where so many of these find that it ends in one line, to a pixel, there is one, too, if no wider than TOOTH_PX: a tooth of a comb. */
const TOOTH_PX = 4;
const FEWEST_AGREEING = 5;
/** Rounds of giving back and claiming by company. */
const MAJORITY_ROUNDS = 2;

/**
 * A model's silhouettes lie a few pixels off, often inside their thing: what it shows beyond them, and the soft rim
 * round it, would stay behind on the ground, and be what the ground is inpainted with. Those pixels beyond a
 * tear that have the near side's colours or mixtures of them get its depth. What is told from a row of pixels goes by the
 * median of those beside it, and only where most along a silhouette agree: texture does not, crisp silhouettes neither.
 * @param blur of the map before it was sharpened, in pixels. @returns the same where there is nothing to claim, else new ones.
 */
export function correctSilhouettes(
  photo: Raster,
  depth: DepthMap,
  joins: Uint8Array,
  bounds: ParallaxBounds,
  blur: number,
): { depth: DepthMap; joins: Uint8Array } {
  const { width, height } = depth;
  const farthest = Math.round(SEARCH_BLURS * blur);
  const colours = new ForegroundSamples(photo, farthest);
  const looks = silhouetteProfiles(depth, joins, bounds, colours, farthest);
  const disparity = depth.disparity.slice();
  const claimed: number[] = [];
  for (let n = 0; n < looks.count; n++) claim(looks, n, depth, disparity, claimed, farthest);
  if (claimed.length === 0) return { depth, joins };
  for (let round = 0; round < MAJORITY_ROUNDS; round++) {
    releaseOutvoted(claimed, depth, disparity);
    close(claimed, depth, disparity);
  }
  const rejoined = joins.slice();
  const link = (a: number, b: number, bit: number, same: number): void => {
    if (Math.abs(disparity[a]! - disparity[b]!) < same) rejoined[a]! |= bit;
    else rejoined[a]! &= ~bit;
  };
  for (const i of claimed) {
    const same = SAME_SHARE * (disparity[i]! - depth.disparity[i]!);
    if (same === 0) continue;
    link(i - 1, i, JOINED_RIGHT, same);
    link(i, i + 1, JOINED_RIGHT, same);
    link(i - width, i, JOINED_DOWN, same);
    link(i, i + width, JOINED_DOWN, same);
  }
  return { depth: { width, height, disparity }, joins: rejoined };
}

/** Sorted. */
const widths = new Int8Array(2 * BESIDE_PX + 1);

function insert(width: number, count: number): void {
  let k = count;
  for (; k > 0 && widths[k - 1]! > width; k--) widths[k] = widths[k - 1]!;
  widths[k] = width;
}

/** Gives the rim that look `n` and those beside it agree on the near side's depth. @param settled the depths so far; changed. */
function claim(
  looks: SilhouetteProfiles,
  n: number,
  { width, height, disparity }: DepthMap,
  settled: Float32Array,
  claimed: number[],
  farthest: number,
): void {
  const f = looks.far[n]!;
  const step = f - looks.near[n]!;
  const across = Math.abs(step) === 1 ? width : 1;
  const from = directionOf(step) * width * height;
  let count = 0;
  for (let v = -BESIDE_PX; v <= BESIDE_PX; v++) {
    const beside = from + f + v * across;
    for (let u = 0; u <= AWAY_PX; u++) {
      const out = looks.found[beside + u * step]!;
      const back = looks.found[beside - u * step]!;
      if (out + back === 0) continue;
      insert(out > 0 ? out - 1 + u : back - 1 - u, count++);
      break;
    }
  }
  if (count < FEWEST_BESIDE) return;
  const length = Math.min(farthest, widths[count >> 1]!);
  if (length < 1) return;
  let agree = 0;
  for (let k = 0; k < count; k++) if (Math.abs(widths[k]! - length) <= 1) agree++;
  if ((agree < FEWEST_AGREEING || length > TOOTH_PX) && !isOff(looks, f % width, Math.floor(f / width))) return;
  const depth = disparity[looks.near[n]!]!;
  for (let k = 0, i = f; k < length; k++, i += step) {
    if (disparity[i]! >= depth || settled[i]! >= depth) continue;
    if (settled[i] === disparity[i]) claimed.push(i);
    settled[i] = depth;
  }
}
