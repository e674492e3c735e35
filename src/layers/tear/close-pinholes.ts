import { JOINED_DOWN, JOINED_RIGHT, type DepthMap } from '../../core/index.ts';
import { neighbour4 } from '../../grid/index.ts';
import { CRUMB_PX } from '../surface/surface-areas.ts';

/** Larger ones may be holes that one sees through. */
const MOST_PX = CRUMB_PX - 1;

/**
 * Closes pinholes: pieces of a few pixels that everything round them stands before. Where silhouettes are soft they are
 * specks of the thing that a model misplaced; through each, the thing's own colours would go on behind it.
 * @returns new ones.
 */
export function closePinholes(torn: { depth: DepthMap; joins: Uint8Array }): { depth: DepthMap; joins: Uint8Array } {
  const { width, height } = torn.depth;
  const disparity = torn.depth.disparity.slice();
  const joins = torn.joins.slice();
  const piece = new Int32Array(MOST_PX);
  const row = (start: number): void => {
    for (let i = start + 1, end = start + width - 1; i < end; i++) {
      if (joins[i - 1]! & JOINED_RIGHT || joins[i - width]! & JOINED_DOWN) continue;
      const count = pieceOf(i, width, height, joins, piece);
      const rim = count > 0 ? rimOf(piece, count, width, disparity) : -1;
      if (rim >= 0) close(piece, count, rim, width, disparity, joins);
    }
  };
  for (let y = 1; y < height - 1; y++) row(y * width);
  return { depth: { width, height, disparity }, joins };
}

/** Lists the pixels of the piece of `first` that lie inside the photo's border; 0 where it touches that. */
function pieceOf(first: number, width: number, height: number, joins: Uint8Array, piece: Int32Array): number {
  piece[0] = first;
  let count = 1;
  for (let k = 0; k < count; k++) {
    const i = piece[k]!;
    const x = i % width;
    if (x === 0 || x === width - 1 || i < width || i >= width * (height - 1)) return 0;
    for (let side = 0; side < 4; side++) {
      const j = neighbour4(i, side, width);
      if (!isJoined(i, j, side, joins) || isIn(piece, count, j)) continue;
      if (count === MOST_PX) return 0;
      piece[count++] = j;
    }
  }
  return count;
}

/** The farthest pixel next to the piece, or −1 where one of them does not stand before it. */
function rimOf(piece: Int32Array, count: number, width: number, disparity: Float32Array): number {
  let rim = -1;
  for (let k = 0; k < count; k++) {
    const i = piece[k]!;
    for (let side = 0; side < 4; side++) {
      const j = neighbour4(i, side, width);
      if (isIn(piece, count, j)) continue;
      if (disparity[j]! <= disparity[i]!) return -1;
      if (rim < 0 || disparity[j]! < disparity[rim]!) rim = j;
    }
  }
  return rim;
}

/** Gives the piece the depth of its rim, and joins it to what the rim is joined to. */
function close(piece: Int32Array, count: number, rim: number, width: number, disparity: Float32Array, joins: Uint8Array): void {
  const depth = disparity[rim]!;
  // Half of the way back to where it was is the same surface.
  const same = (depth - disparity[piece[0]!]!) / 2;
  for (let k = 0; k < count; k++) disparity[piece[k]!] = depth;
  for (let k = 0; k < count; k++) {
    const i = piece[k]!;
    for (let side = 0; side < 4; side++) {
      const j = neighbour4(i, side, width);
      if (Math.abs(disparity[j]! - depth) >= same) continue;
      if (side === 0) joins[j]! |= JOINED_RIGHT;
      else if (side === 1) joins[i]! |= JOINED_RIGHT;
      else if (side === 2) joins[j]! |= JOINED_DOWN;
      else joins[i]! |= JOINED_DOWN;
    }
  }
}

function isJoined(i: number, j: number, side: number, joins: Uint8Array): boolean {
  return (joins[side % 2 === 0 ? j : i]! & (side < 2 ? JOINED_RIGHT : JOINED_DOWN)) !== 0;
}

function isIn(piece: Int32Array, count: number, i: number): boolean {
  for (let k = 0; k < count; k++) if (piece[k] === i) return true;
  return false;
}
