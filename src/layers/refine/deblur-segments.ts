import { BATCH, shift, type Segments } from './find-segments.ts';

/** To thin things a map's blur is less than its steps look like: enlarging sharpens them. Too little is taken back rather than too much. */
const SHARE_OF_BLUR = 0.75;
/** Below this blur, in pixels, nothing is lost. */
const LEAST_BLUR_PX = 0.4;
/** The blur is looked at within so many standard deviations. */
const CUT_SIGMAS = 2.2;
/** Segments of which less is left in the map are not told from what is around. */
const LEAST_COVER = 0.4;
/** Of larger segments, in pixels, every other pixel is enough. */
const MANY_PX = 16;
/** How much of what the map tells is believed where it sets a segment off from its surroundings: blur did the opposite; */
const TRUST_APART = 0.85;
/** and where it takes it nearer to them: it may only have a few of their pixels. */
const TRUST_TOGETHER = 0.4;

/**
 * Gives thin things their own depth back: in a blurred map a wire lies between itself and the wall behind it, and a
 * gap between leaves between the wall and the leaves. How much of each pixel's depth is its segment's own follows from the
 * segment's shape, and so does the depth of the segment that explains the map best, all else being as it is (least
 * squares over its pixels; one round of Jacobi's, as the shapes are not exact enough for more). Changes `settled`.
 * @param settled disparity at photo size, segments at one depth each.
 * @param seen the map as it came.
 * @param blur of the map, from `estimateBlur`, in pixels.
 * @returns whether there was blur enough.
 */
export function deblurSegments(
  settled: Float32Array,
  seen: Float32Array,
  segments: Segments,
  blur: number,
  width: number,
  height: number,
): boolean {
  const sigma = SHARE_OF_BLUR * blur;
  if (sigma < LEAST_BLUR_PX) return false;
  const { count, pixels, at } = segments;
  const blend = {
    looked: new Int32Array(count),
    cover: new Float32Array(count),
    own: new Float32Array(count),
    others: new Float32Array(count),
    weight: new Float32Array(count),
    told: new Float32Array(count),
  };
  const line = gaussian(sigma);
  for (let from = 0; from < pixels.length; from += BATCH)
    mix(segments, settled, seen, line, width, height, blend, from, Math.min(pixels.length, from + BATCH));
  const change = changes(segments, blend);
  for (let from = 0; from < pixels.length; from += BATCH) shift(pixels, at, settled, change, from, Math.min(pixels.length, from + BATCH));
  return true;
}

/** Sums over each segment. */
interface Blend {
  /** How many of its pixels were looked at. */
  looked: Int32Array;
  /** Shares of its pixels' depths in the map that are its own. */
  cover: Float32Array;
  /** Its depth, times these. */
  own: Float32Array;
  /** The rest, which comes from its surroundings. */
  others: Float32Array;
  /** The two sides of least squares: squared shares, */
  weight: Float32Array;
  /** and shares times what the map has beside the rest. */
  told: Float32Array;
}

function gaussian(sigma: number): Float32Array {
  const radius = Math.ceil(CUT_SIGMAS * sigma);
  const line = Float32Array.from({ length: 2 * radius + 1 }, (_, k) => Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)));
  const sum = line.reduce((a, b) => a + b);
  return line.map((weight) => weight / sum);
}

function mix(
  { pixels, at, size }: Segments,
  settled: Float32Array,
  seen: Float32Array,
  line: Float32Array,
  width: number,
  height: number,
  blend: Blend,
  from: number,
  to: number,
): void {
  const radius = line.length >> 1;
  for (let k = from; k < to; k++) {
    const i = pixels[k]!;
    const p = at[i]!;
    const x = i % width;
    const y = (i - x) / width;
    if (((x + y) & 1) === 1 && size[p]! > MANY_PX) continue;
    const isInside = x >= radius && x < width - radius;
    let cover = 0;
    let others = 0;
    for (let v = -radius; v <= radius; v++) {
      const row = (y + v < 0 ? 0 : y + v >= height ? height - 1 : y + v) * width;
      let own = 0;
      let rest = 0;
      for (let u = -radius; u <= radius; u++) {
        const j = row + (isInside ? x + u : Math.min(width - 1, Math.max(0, x + u)));
        if (at[j] === p) own += line[u + radius]!;
        else rest += line[u + radius]! * settled[j]!;
      }
      cover += own * line[v + radius]!;
      others += rest * line[v + radius]!;
    }
    blend.looked[p]!++;
    blend.cover[p]! += cover;
    blend.own[p]! += cover * settled[i]!;
    blend.others[p]! += others;
    blend.weight[p]! += cover * cover;
    blend.told[p]! += cover * (seen[i]! - others);
  }
}

/** By how much each segment's depth changes. */
function changes({ count }: Segments, { looked, cover, own, others, weight, told }: Blend): Float32Array {
  const change = new Float32Array(count);
  for (let p = 0; p < count; p++) {
    if (looked[p] === 0 || cover[p]! < LEAST_COVER * looked[p]!) continue;
    const here = own[p]! / cover[p]!;
    const surroundings = others[p]! / Math.max(1e-3, looked[p]! - cover[p]!);
    const difference = told[p]! / weight[p]! - here;
    const depth = here + ((here - surroundings) * difference > 0 ? TRUST_APART : TRUST_TOGETHER) * difference;
    change[p] = (depth < 0 ? 0 : depth > 1 ? 1 : depth) - here;
  }
  return change;
}
