/** An 8-bit sRGB picture, straight (not premultiplied) alpha, rows from the top. */
export interface Raster {
  /** Pixels a row, at least 1. */
  width: number;
  /** Rows, at least 1. */
  height: number;
  /** `width × height × 4` bytes: red, green, blue, alpha, each 0..255. */
  rgba: Uint8ClampedArray;
}

/** A rectangle in pixels; `x`, `y` is its top left pixel. */
export interface Rect {
  /** Left edge in pixels. */
  x: number;
  /** Top edge in pixels. */
  y: number;
  /** Pixels across. */
  width: number;
  /** Pixels down. */
  height: number;
}
