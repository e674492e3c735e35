/**
 * Coverage, disparity and joins of a layer's rectangle as bytes, each predicted from what is known before it. Disparities by the
 * median edge detector of JPEG-LS (ITU-T T.87); joins by the difference in disparity.
 */
import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer, type Rect } from '../core/index.ts';
import { ByteWriter, type ByteReader } from './byte-writer.ts';
import { MOST_LEVEL, type Levels } from './levels.ts';

/** Differences in levels that are tried as those up to which neighbours are expected to be joined. */
const JOINED_LEVELS = [0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, MOST_LEVEL];

/** Writes the pixels of a layer's rectangle, whose levels are given. @returns `joinedLevels`. */
export function writePixels(layer: Layer, rect: Rect, level: Int32Array, out: ByteWriter): number {
  const { width, height } = rect;
  const count = width * height;
  const alpha = new Uint8Array(count);
  const joins = new Uint8Array(count);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const i = (rect.y + y) * layer.width + rect.x + x;
      alpha[k] = layer.rgba[4 * i + 3]!;
      joins[k] = layer.joins[i]!;
    }
  }
  writeMask(alpha, width, out);
  writeLevels(alpha, level, width, out);
  const threshold = bestThreshold(alpha, level, joins, width);
  const expected = expectedJoins(alpha, level, width, threshold);
  for (let i = 0; i < count; i += 4) {
    let byte = 0;
    for (let k = 0; k < 4 && i + k < count; k++) byte |= ((expected[i + k]! ^ joins[i + k]!) & 3) << (2 * k);
    out.put(byte);
  }
  // Soft pixels lie at tears, nearly all of them.
  const torn = besideTears(joins, width);
  for (const isTorn of [0, 1]) for (let i = 0; i < count; i++) if (alpha[i]! > 0 && torn[i] === isTorn) out.put(255 - alpha[i]!);
  return threshold;
}

/** Puts the pixels of a rectangle into a layer that is empty so far. @throws RangeError where the data ends too early. */
export function readPixels(layer: Layer, rect: Rect, { offset, step }: Levels, joinedLevels: number, from: ByteReader): void {
  const { width, height } = rect;
  const { rgba, disparity } = layer;
  const count = width * height;
  const mask = readMask(count, width, from);
  const level = readLevels(mask, width, from);
  const joins = expectedJoins(mask, level, width, joinedLevels);
  const flips = from.takeBytes((count + 3) >> 2);
  for (let i = 0; i < count; i++) joins[i] = joins[i]! ^ ((flips[i >> 2]! >> (2 * (i & 3))) & 3);
  const torn = besideTears(joins, width);
  for (const isTorn of [0, 1])
    for (let i = 0; i < count; i++) if (mask[i]! > 0 && torn[i] === isTorn) mask[i] = Math.max(1, 255 - from.take());
  for (let y = 0, k = 0; y < height; y++) {
    let i = (rect.y + y) * layer.width + rect.x;
    for (let x = 0; x < width; x++, k++, i++) {
      const alpha = mask[k]!;
      rgba[4 * i + 3] = alpha;
      disparity[i] = alpha === 0 ? NOTHING : offset + step * level[k]!;
      layer.joins[i] = joins[k]!;
    }
  }
  // No join may lead out of the layer.
  for (let i = layer.width - 1; i < layer.joins.length; i += layer.width) layer.joins[i] = layer.joins[i]! & ~JOINED_RIGHT;
  for (let i = layer.joins.length - layer.width; i < layer.joins.length; i++) layer.joins[i] = layer.joins[i]! & ~JOINED_DOWN;
}

/** Runs of rightly guessed pixels, as bytes (255 = it goes on): a pixel is like its left or upper neighbour, whichever breaks with the one between. */
function writeMask(alpha: Uint8Array, width: number, out: ByteWriter): void {
  let run = 0;
  for (let i = 0; i < alpha.length; i++) {
    const is = alpha[i]! > 0 ? 1 : 0;
    if (is === guess(alpha, i, width)) run++;
    else {
      for (; run >= 255; run -= 255) out.put(255);
      out.put(run);
      run = 0;
    }
  }
  for (; run >= 255; run -= 255) out.put(255);
  out.put(run);
}

function readMask(count: number, width: number, from: ByteReader): Uint8Array {
  const mask = new Uint8Array(count);
  for (let i = 0; ; i++) {
    let run = 0;
    let byte: number;
    do run += byte = from.take();
    while (byte === 255 && i + run < count);
    const end = Math.min(count, i + run);
    while (i < end) {
      mask[i] = guess(mask, i, width);
      i++;
      // Within a row as `guess` says, without its divisions.
      const rowEnd = Math.min(end, (Math.floor(i / width) + 1) * width);
      if (i < width || i % width === 0) continue;
      for (; i < rowEnd; i++) {
        const left = mask[i - 1]!;
        mask[i] = left === mask[i - width - 1]! ? mask[i - width]! : left;
      }
    }
    if (i >= count) return mask;
    mask[i] = 1 - guess(mask, i, width);
  }
}

function guess(mask: Uint8Array, i: number, width: number): number {
  const hasLeft = i % width > 0;
  const left = hasLeft && mask[i - 1]! > 0 ? 1 : 0;
  if (i < width) return left;
  const up = mask[i - width]! > 0 ? 1 : 0;
  if (!hasLeft || left === up) return up;
  return (mask[i - width - 1]! > 0 ? 1 : 0) === left ? up : left;
}

function writeLevels(alpha: Uint8Array, level: Int32Array, width: number, out: ByteWriter): void {
  const known = new Int32Array(level.length);
  const low = new ByteWriter();
  const high = new ByteWriter();
  for (let i = 0; i < level.length; i++) {
    const expected = expectedLevel(known, i, width);
    known[i] = alpha[i] === 0 ? expected : level[i]!;
    if (alpha[i] === 0) continue;
    const off = level[i]! - expected;
    // Residuals wrap round in 16 bits, so that two bytes are always enough.
    const wrapped = (off << 16) >> 16;
    const folded = (wrapped << 1) ^ (wrapped >> 31);
    low.put(folded & 255);
    high.put((folded >> 8) & 255);
  }
  for (const part of [low, high]) for (const byte of part.bytes()) out.put(byte);
}

function readLevels(mask: Uint8Array, width: number, from: ByteReader): Int32Array {
  let filled = 0;
  for (const is of mask) filled += is;
  const low = from.takeBytes(filled);
  const high = from.takeBytes(filled);
  const level = new Int32Array(mask.length);
  for (let row = 0, k = 0; row < mask.length; row += width) {
    for (let i = row; i < row + width; i++) {
      // As `expectedLevel` says, without a division for each pixel.
      const expected =
        i > row && row > 0 ? median(level[i - 1]!, level[i - width]!, level[i - width - 1]!) : expectedLevel(level, i, width);
      if (mask[i] === 0) level[i] = expected;
      else {
        const folded = low[k]! | (high[k]! << 8);
        level[i] = (expected + ((folded >>> 1) ^ -(folded & 1))) & MOST_LEVEL;
        k++;
      }
    }
  }
  return level;
}

function expectedLevel(level: Int32Array, i: number, width: number): number {
  const hasLeft = i % width > 0;
  if (i < width) return hasLeft ? level[i - 1]! : 0;
  const up = level[i - width]!;
  if (!hasLeft) return up;
  return median(level[i - 1]!, up, level[i - width - 1]!);
}

/** What JPEG-LS expects of a pixel by those to its left, above, and between these. */
function median(left: number, up: number, between: number): number {
  const least = left < up ? left : up;
  const most = left < up ? up : left;
  return between >= most ? least : between <= least ? most : left + up - between;
}

function expectedJoins(mask: Uint8Array, level: Int32Array, width: number, most: number): Uint8Array {
  const joins = new Uint8Array(mask.length);
  for (let end = width; end <= mask.length; end += width) {
    const hasBelow = end < mask.length;
    for (let i = end - width; i < end; i++) {
      if (mask[i] === 0) continue;
      const own = level[i]!;
      const right = i + 1 < end && mask[i + 1]! > 0 && Math.abs(own - level[i + 1]!) <= most;
      const down = hasBelow && mask[i + width]! > 0 && Math.abs(own - level[i + width]!) <= most;
      joins[i] = (right ? JOINED_RIGHT : 0) | (down ? JOINED_DOWN : 0);
    }
  }
  return joins;
}

function bestThreshold(alpha: Uint8Array, level: Int32Array, joins: Uint8Array, width: number): number {
  let best = { most: 0, wrong: Infinity };
  for (const most of JOINED_LEVELS) {
    const expected = expectedJoins(alpha, level, width, most);
    let wrong = 0;
    for (let i = 0; i < joins.length; i++) if (expected[i] !== joins[i]) wrong++;
    if (wrong < best.wrong) best = { most, wrong };
  }
  return best.most;
}

/** 1 where a pixel is not joined to all of its four neighbours. */
function besideTears(joins: Uint8Array, width: number): Uint8Array {
  const torn = new Uint8Array(joins.length);
  for (let i = 0; i < joins.length; i++) {
    const right = (joins[i]! & JOINED_RIGHT) === 0;
    const down = (joins[i]! & JOINED_DOWN) === 0;
    if (right || down) torn[i] = 1;
    if (right && i + 1 < joins.length) torn[i + 1] = 1;
    if (down && i + width < joins.length) torn[i + width] = 1;
  }
  return torn;
}
