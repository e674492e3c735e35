/** A rectangle of pixels; the last ones belong to it. */
export interface MirrorFrame {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Takes what lies beyond a frame from its mirror image inside: at the frame itself nothing fits better. */
export class Reflection {
  readonly frame: MirrorFrame;
  /** Where the last pixel asked for comes from, and which of its axes run backwards there, see `flipped`. */
  fromX = 0;
  fromY = 0;
  flip = 0;

  constructor(frame: MirrorFrame) {
    this.frame = frame;
  }

  look(x: number, y: number): void {
    const { left, top, right, bottom } = this.frame;
    this.flip = (x < left || x > right ? 1 : 0) | (y < top || y > bottom ? 2 : 0);
    this.fromX = x < left ? 2 * left - 1 - x : x > right ? 2 * right + 1 - x : x;
    this.fromY = y < top ? 2 * top - 1 - y : y > bottom ? 2 * bottom + 1 - y : y;
  }
}

/** The pixel beside `s` by a step of one column (±1) or one row, as it runs in a reflection. @param flip see `flipped`. */
export function stepped(s: number, step: number, flip: number): number {
  return flip & (Math.abs(step) === 1 ? 1 : 2) ? s - step : s + step;
}

/** A step in a picture `width` wide as it runs in a reflection. @param flip 1 = columns run backwards, 2 = rows, 3 = both. */
export function flipped(dx: number, dy: number, width: number, flip: number): number {
  return (flip & 1 ? -dx : dx) + (flip & 2 ? -dy : dy) * width;
}
