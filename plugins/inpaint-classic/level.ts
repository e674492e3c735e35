/** Pixels round every level, so that windows need no bounds checks. */
export const PAD = 4;

/** One resolution of the picture that is searched. All arrays are `width × height`, padded by PAD on each side. */
export interface Level {
  width: number;
  height: number;
  /** Bytes; holes hold the present guess, alpha means nothing. */
  rgba: Uint8Array;
  /** 1 = may be copied from: known, and trusted. */
  source: Uint8Array;
  /** 1 = to be inpainted. */
  hole: Uint8Array;
  disparity: Float32Array;
}

/**
 * The finest level: the picture as it is given.
 * @param rgba starts at a multiple of four bytes. @param context 0 = may not be copied from.
 */
export function finest(
  width: number,
  height: number,
  rgba: Uint8ClampedArray,
  hole: Uint8Array,
  context: Uint8Array,
  disparity: Float32Array,
): Level {
  const level = empty(width + 2 * PAD, height + 2 * PAD);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(level.rgba.buffer);
  for (let y = 0; y < height; y++) {
    const o = (y + PAD) * level.width + PAD;
    copyRow(from, hole, context, disparity, y * width, width, level, to, o);
  }
  return level;
}

function copyRow(
  from: Uint32Array,
  hole: Uint8Array,
  context: Uint8Array,
  disparity: Float32Array,
  start: number,
  width: number,
  level: Level,
  to: Uint32Array,
  o: number,
): void {
  for (let i = start; i < start + width; i++, o++) {
    if (hole[i]) level.hole[o] = 1;
    else if (context[i]) level.source[o] = 1;
    else continue;
    to[o] = from[i]!;
    level.disparity[o] = disparity[i]!;
  }
}

/** Half the size: a pixel is a hole where one of its four is, and a source where three of four are. */
export function halve(fine: Level): Level {
  const level = empty(((fine.width - 2 * PAD + 1) >> 1) + 2 * PAD, ((fine.height - 2 * PAD + 1) >> 1) + 2 * PAD);
  const from = new Uint32Array(fine.rgba.buffer);
  const to = new Uint32Array(level.rgba.buffer);
  for (let y = PAD; y < level.height - PAD; y++) halveRow(fine, from, level, to, y);
  return level;
}

/** @param from, to the levels' colours, a number a pixel. */
function halveRow(fine: Level, from: Uint32Array, level: Level, to: Uint32Array, y: number): void {
  const { width, hole, source, disparity } = fine;
  for (let x = PAD, a = (2 * y - PAD) * width + PAD, o = y * level.width + PAD; x < level.width - PAD; x++, a += 2, o++) {
    const b = a + 1,
      c = a + width,
      d = c + 1;
    const holes = hole[a]! + hole[b]! + hole[c]! + hole[d]!;
    const sources = source[a]! + source[b]! + source[c]! + source[d]!;
    if (holes === 0 && sources < 3) continue;
    const kind = holes > 0 ? hole : source;
    if (holes > 0) level.hole[o] = 1;
    else level.source[o] = 1;
    // As numbers that hide what is of the other kind: red and blue together, and green.
    const pa = kind[a] ? from[a]! : 0,
      pb = kind[b] ? from[b]! : 0,
      pc = kind[c] ? from[c]! : 0,
      pd = kind[d] ? from[d]! : 0;
    const n = holes > 0 ? holes : sources;
    const half = n >> 1;
    const redBlue = (pa & 0xff00ff) + (pb & 0xff00ff) + (pc & 0xff00ff) + (pd & 0xff00ff);
    const green = ((pa >>> 8) & 0xff) + ((pb >>> 8) & 0xff) + ((pc >>> 8) & 0xff) + ((pd >>> 8) & 0xff);
    const r = (((redBlue & 0xffff) + half) / n) | 0;
    const g = ((green + half) / n) | 0;
    const blue = (((redBlue >>> 16) + half) / n) | 0;
    to[o] = r | (g << 8) | (blue << 16);
    level.disparity[o] =
      ((kind[a] ? disparity[a]! : 0) + (kind[b] ? disparity[b]! : 0) + (kind[c] ? disparity[c]! : 0) + (kind[d] ? disparity[d]! : 0)) / n;
  }
}

function empty(width: number, height: number): Level {
  const n = width * height;
  return { width, height, rgba: new Uint8Array(n * 4), source: new Uint8Array(n), hole: new Uint8Array(n), disparity: new Float32Array(n) };
}
