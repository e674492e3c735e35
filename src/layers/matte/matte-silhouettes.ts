import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer, type Passes } from '../../core/index.ts';
import { doubled } from '../../grid/index.ts';
import { SAME_SHARE } from '../surface/same-share.ts';
import { estimateAlpha } from './estimate-alpha.ts';
import { COLOUR_RADIUS_PX, ForegroundBackground } from './foreground-background.ts';

/** Pixels beside tears that are worked on in one go. */
const EDGES_AT_ONCE = 1 << 16;
/** From this share on a pixel of the near side is wholly its own. */
const WHOLE_ALPHA = 0.95;
/** From this share of the near side on a pixel of the far side becomes its soft edge; below it, it is only cleaned; */
const SOFT_FROM_ALPHA = 0.1;
/** below this it is left alone. */
const LEAST_ALPHA = 0.05;
/** Up to this share the far colour is told from the pixel itself; beyond, an error in the near one would show as a rim, and the far one around stands for it. The near one likewise from one half on. */
const MOSTLY_FAR_ALPHA = 0.3;
/** What is behind a pixel can be told from its colour where no more than this is in front. */
const SEEN_THROUGH_ALPHA = 0.75;

/** The pixels of layer 0 that are partly covered; colours are RGBA as bytes in one little-endian number. */
export interface SoftEdge {
  at: Int32Array;
  /** The photo's colour: a mixture. */
  mixed: Uint32Array;
  /** Colour of the far side there, where enough of it is seen, else 0. */
  behind: Uint32Array;
  /** Disparity of the far side, and by how much a surface may differ from it and still be the one that is seen. */
  disparity: Float32Array;
  tolerance: Float32Array;
}

/**
 * Soft silhouettes: a photo's pixels beside a tear are mixtures, C = α·F + (1 − α)·B. F and B are
 * the colours around on both sides, α is where C lies between them; where they differ too little
 * or vary too much to tell, the silhouette stays as it is. Near pixels get F and alpha = α; far ones
 * with a good part of F become the near side's soft edge; the others get B. So no rim of the old
 * background travels along, and none of the foreground stays behind. After the boundary mattes of
 * Zitnick et al., "High-quality video view interpolation using a layered representation" (2004).
 * Changes `layer`; one pass over its torn links, 24 looks each.
 */
export function* matteSilhouettes(layer: Layer): Passes<SoftEdge> {
  const { width, height, margin, disparity, rgba } = layer;
  const before = rgba.slice();
  const depth = disparity.slice();
  yield;
  const edges = findEdges(layer);
  yield;
  const sides = new ForegroundBackground();
  const [mean, spread] = [sides.mean, sides.spread];
  const at: number[] = [];
  const behindColour: number[] = [];
  const farDepth: number[] = [];
  const tolerance: number[] = [];
  const guard = Math.max(margin, COLOUR_RADIUS_PX);
  const matte = (i: number, other: number): void => {
    const x = i % width;
    const y = (i - x) / width;
    if (x < guard || y < guard || x >= width - guard || y >= height - guard) return;
    const isNear = depth[i]! > other;
    const [near, far] = isNear ? [depth[i]!, other] : [other, depth[i]!];
    if (!sides.look(before, depth, edges.isEdge, width, i, near, far) || (isNear && !sides.isNearPure)) return;
    const share = estimateAlpha(before, i * 4, mean, spread, isNear);
    if (isNear ? share > WHOLE_ALPHA : share < LEAST_ALPHA) return;
    const isOut = !isNear && (share < SOFT_FROM_ALPHA || !sides.isNearPure);
    let behind = 0xff000000;
    for (let c = 0; c < 3; c++) {
      const [C, F, B] = [before[i * 4 + c]!, mean[c]!, mean[3 + c]!];
      const b = share < MOSTLY_FAR_ALPHA ? (C - share * F) / (1 - share) : B;
      rgba[i * 4 + c] = isOut ? b : share < 0.5 ? F : (C - (1 - share) * B) / share;
      behind |= Math.min(255, Math.max(0, Math.round(b))) << (8 * c);
    }
    if (isOut) return;
    rgba[i * 4 + 3] = Math.round(255 * share);
    if (!isNear) disparity[i] = sides.depth[0]!;
    at.push(i);
    behindColour.push(share > SEEN_THROUGH_ALPHA ? 0 : behind >>> 0);
    farDepth.push(isNear ? sides.depth[1]! : far);
    tolerance.push(SAME_SHARE * (near - far));
  };
  const mattePart = (from: number, to: number): void => {
    for (let n = from; n < to; n++) matte(edges.at[n]!, edges.across[edges.at[n]!]!);
  };
  for (let from = 0; from < edges.count; from += EDGES_AT_ONCE) {
    mattePart(from, Math.min(edges.count, from + EDGES_AT_ONCE));
    yield;
  }
  for (let n = 0; n < edges.count; n++) {
    const i = edges.at[n]!;
    if (disparity[i] !== depth[i]) rejoin(layer, i, SAME_SHARE * Math.abs(disparity[i]! - depth[i]!));
  }
  const photo = new Uint32Array(before.buffer);
  const soft = Int32Array.from(at);
  return {
    at: soft,
    mixed: Uint32Array.from(soft, (i) => photo[i]!),
    behind: Uint32Array.from(behindColour),
    disparity: Float32Array.from(farDepth),
    tolerance: Float32Array.from(tolerance),
  };
}

/** Where nothing lies behind a soft edge, it stays as the photo has it. */
export function closeSilhouettes([front, ...hidden]: readonly Layer[], { at, mixed }: SoftEdge): void {
  const colours = new Uint32Array(front!.rgba.buffer);
  for (let n = 0; n < at.length; n++) {
    const i = at[n]!;
    if (!hidden.some(({ disparity }) => disparity[i] !== NOTHING)) colours[i] = mixed[n]!;
  }
}

/** The pixels beside tears, and for each pixel the depth across its largest tear. */
function findEdges({ width, height, joins, disparity }: Layer): {
  isEdge: Uint8Array;
  at: Int32Array;
  across: Float32Array;
  count: number;
} {
  const isEdge = new Uint8Array(width * height);
  const across = new Float32Array(width * height);
  let at = new Int32Array(1 << 12);
  let count = 0;
  const note = (i: number, j: number): void => {
    if (!isEdge[i]) {
      isEdge[i] = 1;
      if (count === at.length) at = doubled(at);
      at[count++] = i;
    } else if (Math.abs(disparity[j]! - disparity[i]!) <= Math.abs(across[i]! - disparity[i]!)) return;
    across[i] = disparity[j]!;
  };
  const row = (y: number): void => {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const bits = joins[i]!;
      if (bits === (JOINED_RIGHT | JOINED_DOWN) || disparity[i] === NOTHING) continue;
      for (let side = 0; side < 2; side++) {
        if (bits & (side ? JOINED_DOWN : JOINED_RIGHT) || (side ? y + 1 === height : x + 1 === width)) continue;
        const j = side ? i + width : i + 1;
        if (disparity[j] === NOTHING) continue;
        note(i, j);
        note(j, i);
      }
    }
  };
  for (let y = 0; y < height; y++) row(y);
  return { isEdge, at, across, count };
}

/** Joins pixel `i` anew to the neighbours within `same` of its disparity, and cuts it from the others. */
function rejoin({ width, height, joins, disparity }: Layer, i: number, same: number): void {
  const link = (a: number, b: number, bit: number): void => {
    if (Math.abs(disparity[a]! - disparity[b]!) < same) joins[a]! |= bit;
    else joins[a]! &= ~bit;
  };
  const x = i % width;
  if (x > 0) link(i - 1, i, JOINED_RIGHT);
  if (x + 1 < width) link(i, i + 1, JOINED_RIGHT);
  if (i >= width) link(i - width, i, JOINED_DOWN);
  if (i + width < width * height) link(i, i + width, JOINED_DOWN);
}
