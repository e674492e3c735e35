import { JOINED_DOWN, JOINED_RIGHT, type DepthMap, type Passes } from '../../core/index.ts';
import { rootOf, singletons } from '../../grid/index.ts';
import type { ParallaxBounds } from '../surface/parallax-bounds.ts';

/** A tear opens when the gap would be at least this many pixels at the eyebox's end. */
const STRONG_PX = 1.6;
/** Beside a strong tear, gaps down to this are torn as well (hysteresis). */
const WEAK_PX = 0.8;
/** A step counts as one only when it is this many times the slope on either side: slopes stay whole. */
const SLOPE_FACTOR = 1.6;
/** A gap this wide is a tear even on a slope: stretched so far, nothing looks right. */
const CLIFF_PX = 5;
/** Tears with fewer links are taken for noise. */
const MIN_LINKS = 5;

/**
 * Cuts the links between neighbouring pixels of different surfaces.
 * @param depth at photo size.
 * @returns `width × height` sets of JOINED_RIGHT and JOINED_DOWN; never set across the picture's border.
 */
export function* tearLinks(depth: DepthMap, bounds: ParallaxBounds): Passes<Uint8Array> {
  const { width, height } = depth;
  const torn = classifyLinks(depth, bounds);
  yield;
  keepConnected(torn, width, height);
  yield;
  return joinsOf(torn, width, height);
}

/** Bits 1, 2: weak tear to the right, down. Bits 4, 8: strong. */
function classifyLinks({ width, height, disparity }: DepthMap, bounds: ParallaxBounds): Uint8Array {
  const torn = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const perDisparity = rowReach(bounds, width, y);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const here = disparity[i]!;
      const px = perDisparity[x]!;
      if (x + 1 < width) torn[i]! |= classify(disparity, here, i, 1, x > 0, x + 2 < width, px);
      if (y + 1 < height) torn[i]! |= classify(disparity, here, i, width, y > 0, y + 2 < height, px) << 1;
    }
  }
  return torn;
}

function joinsOf(torn: Uint8Array, width: number, height: number): Uint8Array {
  const joins = new Uint8Array(torn.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const t = torn[i]!;
      if (x + 1 < width && !(t & 1)) joins[i]! |= JOINED_RIGHT;
      if (y + 1 < height && !(t & 2)) joins[i]! |= JOINED_DOWN;
    }
  }
  return joins;
}

function rowReach(bounds: ParallaxBounds, width: number, y: number): Float32Array {
  const row = new Float32Array(width);
  for (let x = 0; x < width; x++) row[x] = bounds.perDisparity(x, y);
  return row;
}

/** 0 = joined, 1 = weak, 5 = weak and strong; for the link from pixel i to i + step. */
function classify(d: Float32Array, here: number, i: number, step: number, hasBefore: boolean, hasAfter: boolean, px: number): number {
  const jump = d[i + step]! - here;
  const gap = Math.abs(jump) * px;
  if (gap < WEAK_PX) return 0;
  if (gap < CLIFF_PX) {
    const before = hasBefore ? here - d[i - step]! : 0;
    const after = hasAfter ? d[i + 2 * step]! - d[i + step]! : 0;
    // On a slope both neighbours step as much and the same way; at a silhouette at most one of them does.
    if (before * jump > 0 && after * jump > 0 && Math.abs(jump) < SLOPE_FACTOR * Math.min(Math.abs(before), Math.abs(after))) return 0;
  }
  return gap >= STRONG_PX ? 5 : 1;
}

/**
 * Keeps weak tears only in one piece with a strong one, and pieces only from MIN_LINKS links on.
 * A link is a segment between two corners of the pixel grid; links that share a corner are one piece.
 */
function keepConnected(torn: Uint8Array, width: number, height: number): void {
  const stride = width + 1;
  const parent = singletons(stride * (height + 1));
  const links = new Int32Array(parent.length);
  const strong = new Uint8Array(parent.length);
  const unite = (a: number, b: number, isStrong: boolean): void => {
    let ra = rootOf(parent, a);
    let rb = rootOf(parent, b);
    if (ra !== rb) {
      if (links[ra]! < links[rb]!) [ra, rb] = [rb, ra];
      parent[rb] = ra;
      links[ra]! += links[rb]!;
      strong[ra]! |= strong[rb]!;
    }
    links[ra]!++;
    if (isStrong) strong[ra] = 1;
  };
  const ends = (x: number, y: number, down: boolean): [number, number] =>
    down ? [(y + 1) * stride + x, (y + 1) * stride + x + 1] : [y * stride + x + 1, (y + 1) * stride + x + 1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const t = torn[y * width + x]!;
      if (!t) continue;
      if (t & 1) unite(...ends(x, y, false), (t & 4) !== 0);
      if (t & 2) unite(...ends(x, y, true), (t & 8) !== 0);
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const t = torn[i]!;
      if (!t) continue;
      // Both links of a pixel meet in its lower right corner's column or row, but may be separate pieces.
      let kept = 0;
      for (const bit of [1, 2]) {
        if (!(t & bit)) continue;
        const root = rootOf(parent, ends(x, y, bit === 2)[0]);
        if (strong[root] && links[root]! >= MIN_LINKS) kept |= bit;
      }
      torn[i] = kept;
    }
  }
}
