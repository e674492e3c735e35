import type { InpaintInput, Perspective } from 'unflat/plugin';

/** Inverse depth as an affine function of the picture's pixels: `at + right·x + down·y`. */
export interface AffineDepth {
  at: number;
  right: number;
  down: number;
}

/** A part of the picture that lies near a plane. */
export interface NearPlane {
  plane: AffineDepth;
  /** Difference of inverse depth up to which a pixel lies on it. */
  tolerance: number;
  /** Set where it has no shape that is known: what is copied may be so much farther than where it is copied to. */
  farther?: number;
}

/** Without a perspective everything is so far away that nothing changes its size. */
export const NO_PERSPECTIVE = 1e3;
/** Inverse depth counts at least so much: the sky lies at no distance at all. */
const LEAST = 1e-3;

export function perspectiveOf({ width, height, perspective }: Pick<InpaintInput, 'width' | 'height' | 'perspective'>): Perspective {
  return perspective ?? { cx: width / 2, cy: height / 2, infinity: NO_PERSPECTIVE };
}

/** Inverse depth of a plane at a pixel. */
export function inverseAt({ at, right, down }: AffineDepth, x: number, y: number): number {
  return Math.max(LEAST, at + right * x + down * y);
}

/**
 * Moves what is on a plane along that plane (Huang et al., "Image completion using planar structure guidance", 2014): the same motion in
 * space is a larger one in the picture where the plane is nearer.
 */
export class SurfaceShift {
  readonly plane: AffineDepth;
  /** Difference of inverse depth up to which a pixel lies on the plane. */
  readonly tolerance: number;
  readonly farther: number | undefined;
  readonly #cx: number;
  readonly #cy: number;
  readonly #x: number;
  readonly #y: number;
  readonly #z: number;
  /** Where the last pixel asked for comes from, and its inverse depth. */
  fromX = 0;
  fromY = 0;
  inverse = 1;
  readonly flip = 0;

  /** The motion that takes pixel (x, y) to (x + dx, y + dy). */
  constructor({ plane, tolerance, farther }: NearPlane, { cx, cy }: Perspective, x: number, y: number, dx: number, dy: number) {
    this.plane = plane;
    this.tolerance = tolerance;
    this.farther = farther;
    this.#cx = cx;
    this.#cy = cy;
    const q = inverseAt(plane, x, y);
    const to = inverseAt(plane, x + dx, y + dy);
    this.#x = (x + dx - cx) / to - (x - cx) / q;
    this.#y = (y + dy - cy) / to - (y - cy) / q;
    this.#z = 1 / to - 1 / q;
  }

  /** Where pixel (x, y) comes from; sets `fromX`, `fromY`, `inverse`. */
  look(x: number, y: number): void {
    const z = 1 / inverseAt(this.plane, x, y);
    const to = 1 / Math.max(LEAST, z + this.#z);
    this.inverse = to;
    this.fromX = this.#cx + to * ((x - this.#cx) * z + this.#x);
    this.fromY = this.#cy + to * ((y - this.#cy) * z + this.#y);
  }
}
