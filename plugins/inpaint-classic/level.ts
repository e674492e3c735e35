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
  /** 1 = to be painted. */
  hole: Uint8Array;
  disparity: Float32Array;
}

/**
 * The finest level: the picture with the smooth fill in its holes.
 * @param rgba starts at a multiple of four bytes. @param trusted least context to copy from, 0..255.
 */
export function finest(
  width: number, height: number, rgba: Uint8ClampedArray, hole: Uint8Array, context: Uint8Array, disparity: Float32Array, trusted: number,
): Level {
  const level = empty(width + 2 * PAD, height + 2 * PAD);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(level.rgba.buffer);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width, o = (y + PAD) * level.width + PAD; x < width; x++, i++, o++) {
      if (hole[i]) level.hole[o] = 1;
      else if (context[i]! >= trusted) level.source[o] = 1;
      else continue;
      to[o] = from[i]!;
      level.disparity[o] = disparity[i]!;
    }
  }
  return level;
}

/** Half the size: a pixel is a hole where one of its four is, and a source where three of four are. */
export function halve(fine: Level): Level {
  const width = ((fine.width - 2 * PAD + 1) >> 1) + 2 * PAD;
  const height = ((fine.height - 2 * PAD + 1) >> 1) + 2 * PAD;
  const level = empty(width, height);
  const quad = [0, 1, fine.width, fine.width + 1];
  for (let y = PAD; y < height - PAD; y++) {
    for (let x = PAD; x < width - PAD; x++) {
      const i = (2 * y - PAD) * fine.width + 2 * x - PAD;
      let holes = 0, sources = 0;
      for (let k = 0; k < 4; k++) {
        holes += fine.hole[i + quad[k]!]!;
        sources += fine.source[i + quad[k]!]!;
      }
      if (holes === 0 && sources < 3) continue;
      const o = y * width + x;
      const kind = holes > 0 ? fine.hole : fine.source;
      if (holes > 0) level.hole[o] = 1;
      else level.source[o] = 1;
      let r = 0, g = 0, b = 0, d = 0;
      for (let k = 0; k < 4; k++) {
        const j = i + quad[k]!;
        if (!kind[j]) continue;
        r += fine.rgba[j * 4]!;
        g += fine.rgba[j * 4 + 1]!;
        b += fine.rgba[j * 4 + 2]!;
        d += fine.disparity[j]!;
      }
      const n = holes > 0 ? holes : sources;
      level.rgba[o * 4] = (r + (n >> 1)) / n;
      level.rgba[o * 4 + 1] = (g + (n >> 1)) / n;
      level.rgba[o * 4 + 2] = (b + (n >> 1)) / n;
      level.disparity[o] = d / n;
    }
  }
  return level;
}

function empty(width: number, height: number): Level {
  const n = width * height;
  return { width, height, rgba: new Uint8Array(n * 4), source: new Uint8Array(n), hole: new Uint8Array(n), disparity: new Float32Array(n) };
}
