import { JOINED_DOWN, JOINED_RIGHT, inverseDepth } from 'unflat/plugin';
import type { Layer, Lens } from 'unflat/plugin';
import { CORNERS, bridged, splitCell } from './torn-cell.ts';

/** Side of the largest squares, in pixels. */
const LARGEST = 32;
/** Where the far end is at infinity, the sky is this many times as far as the nearest thing. */
const MOST_DISTANT = 1000;
/** Texture may be out of place by this many pixels inside a triangle that leans away from the camera. */
const TEXTURE_SHIFT_PX = 0.35;
/** Steps of so many times the tolerance are bridged at tears that nothing hidden lies behind. */
const BRIDGED_ERRORS = 8;

export interface SurfaceOptions {
  lens: Lens;
  /** Longer side of the photo in pixels. */
  longer: number;
  /** Pixels left out on each side. */
  inset: number;
  /** Largest error in inverse depth, 1/scene units. */
  tolerance: number;
  /** Layers behind: where none of them closes a tear, the surfaces on both sides go on to its middle. Absent = tears stay open. */
  behind?: readonly Layer[];
}

/** A layer's triangles; empty where the layer has none. */
export interface Surface {
  /** Layer pixel (y × width + x) whose depth and colour each vertex has. */
  pixels: Uint32Array;
  /** Three numbers a vertex: x right, y up, z = −distance, scene units. */
  positions: Float32Array;
  /** Three vertex numbers a triangle, counter-clockwise seen from the camera. */
  indices: Uint32Array;
}

/**
 * Turns a layer into few triangles without cracks: squares as large as the depth is flat, down to
 * pixels at tears. A square whose neighbours are smaller is fanned out from its middle, so that both
 * sides of every edge have the same vertices. Nothing spans a tear.
 * @param pause is called after every row of the largest squares with the part done, 0..1.
 */
export async function surfaceOf(layer: Layer, options: SurfaceOptions, pause: (fraction: number) => Promise<void>): Promise<Surface> {
  const builder = new SurfaceBuilder(layer, options);
  const { inset } = options;
  for (let y = inset; y + 1 < layer.height - inset; y += LARGEST) {
    for (let x = inset; x + 1 < layer.width - inset; x += LARGEST) builder.divide(x, y, LARGEST);
    await pause(y / layer.height / 2);
  }
  for (let k = 0; k < builder.squareCount; k++) {
    builder.fill(k);
    if (k % 20_000 === 0) await pause(0.5 + k / builder.squareCount / 2);
  }
  return builder.surface();
}

/** Alpha from which a pixel of a soft edge belongs to the surface. */
const HALF_COVERED = 128;

class SurfaceBuilder {
  readonly #layer: Layer;
  readonly #options: SurfaceOptions;
  /** Inverse depth a pixel; −1 where there is nothing. */
  readonly #inverse: Float32Array;
  /** 1 where a square has a corner. */
  readonly #corner: Uint8Array;
  readonly #number: Int32Array;
  /** x, y and side of each square. */
  readonly #squares: number[] = [];
  /** Numbers of vertices between two pixels, by 4 × pixel + direction. */
  readonly #halves = new Map<number, number>();
  readonly #pixels: number[] = [];
  /** By how much vertices between pixels lie beside their pixel, two numbers each, by vertex. */
  readonly #offsets = new Map<number, readonly [number, number]>();
  readonly #indices: number[] = [];
  readonly #rim: number[] = [];

  constructor(layer: Layer, options: SurfaceOptions) {
    const { width, height, rgba, disparity } = layer;
    const { lens } = options;
    const least = 1 / Math.min(lens.far, MOST_DISTANT * lens.near);
    this.#layer = layer;
    this.#options = options;
    this.#inverse = new Float32Array(width * height);
    for (let i = 0; i < width * height; i++) {
      const d = disparity[i]!;
      this.#inverse[i] = rgba[4 * i + 3]! < HALF_COVERED || !Number.isFinite(d) ? -1 : Math.max(inverseDepth(lens, d), least);
    }
    this.#corner = new Uint8Array(width * height);
    this.#number = new Int32Array(width * height).fill(-1);
  }

  get squareCount(): number {
    return this.#squares.length / 3;
  }

  /** Splits the square of `side` pixels at (x, y) until its parts are flat. */
  divide(x: number, y: number, side: number): void {
    const { width, height } = this.#layer;
    const { inset } = this.#options;
    if (x + 1 >= width - inset || y + 1 >= height - inset) return;
    const fits = x + side < width - inset && y + side < height - inset;
    if (side > 1 && !(fits && this.#isFlat(x, y, side))) {
      const half = side / 2;
      this.divide(x, y, half);
      this.divide(x + half, y, half);
      this.divide(x, y + half, half);
      this.divide(x + half, y + half, half);
      return;
    }
    this.#squares.push(x, y, side);
    const i = y * width + x;
    for (const corner of [i, i + side, i + side * width, i + side * width + side]) this.#corner[corner] = 1;
  }

  /** Whether all of the square is one surface, and bilinear between its corners. */
  #isFlat(x: number, y: number, side: number): boolean {
    const { width, joins } = this.#layer;
    const q = this.#inverse;
    const { tolerance } = this.#options;
    const i = y * width + x;
    const [a, b, c, d] = [q[i]!, q[i + side]!, q[i + side * width]!, q[i + side * width + side]!];
    const [low, high] = [Math.min(a, b, c, d), Math.max(a, b, c, d)];
    if (low <= 0 || (side / 2) * (high - low) > TEXTURE_SHIFT_PX * (high + low)) return false;
    if (Math.abs(a + d - b - c) > 4 * tolerance) return false;
    for (let v = 0; v <= side; v++) {
      const left = a + ((c - a) * v) / side;
      const right = b + ((d - b) * v) / side;
      for (let u = 0; u <= side; u++) {
        const at = i + v * width + u;
        const bits = joins[at]!;
        if (q[at]! < 0 || Math.abs(q[at]! - left - ((right - left) * u) / side) > tolerance) return false;
        if ((u < side && !(bits & JOINED_RIGHT)) || (v < side && !(bits & JOINED_DOWN))) return false;
      }
    }
    return true;
  }

  /** Triangles of square `k`. */
  fill(k: number): void {
    const x = this.#squares[3 * k]!;
    const y = this.#squares[3 * k + 1]!;
    const side = this.#squares[3 * k + 2]!;
    const { width } = this.#layer;
    const i = y * width + x;
    if (side === 1) return this.#fillPixels(i);
    const rim = this.#rim;
    rim.length = 0;
    const walk = (from: number, step: number): void => {
      for (let n = 0; n < side; n++) if (this.#corner[from + n * step]) rim.push(from + n * step);
    };
    walk(i, width);
    walk(i + side * width, 1);
    walk(i + side * width + side, -width);
    walk(i + side, -1);
    if (rim.length === 4) return this.#quad(rim[0]!, rim[3]!, rim[1]!, rim[2]!);
    const middle = i + (side / 2) * (width + 1);
    for (let n = 0; n < rim.length; n++) this.#triangle(middle, rim[n]!, rim[(n + 1) % rim.length]!);
  }

  /** Triangles between four pixels: two, or one around a corner whose two sides are joined. */
  #fillPixels(i: number): void {
    const { width, joins } = this.#layer;
    const q = this.#inverse;
    const [a, b, c, d] = [i, i + 1, i + width, i + width + 1];
    const ab = (joins[a]! & JOINED_RIGHT) !== 0 && q[a]! > 0 && q[b]! > 0;
    const ac = (joins[a]! & JOINED_DOWN) !== 0 && q[a]! > 0 && q[c]! > 0;
    const bd = (joins[b]! & JOINED_DOWN) !== 0 && q[b]! > 0 && q[d]! > 0;
    const cd = (joins[c]! & JOINED_RIGHT) !== 0 && q[c]! > 0 && q[d]! > 0;
    if (ab && ac && bd && cd) this.#quad(a, b, c, d);
    else if (this.#isOpen(i)) this.#close(i, (ac ? 0 : 1) | (cd ? 0 : 2) | (bd ? 0 : 4) | (ab ? 0 : 8));
    else if (ab && ac) this.#triangle(a, c, b);
    else if (bd && cd) this.#triangle(b, c, d);
    else if (ac && cd) this.#triangle(a, c, d);
    else if (ab && bd) this.#triangle(a, d, b);
  }

  /** Whether the front layer has all four pixels, and nothing hidden lies behind the tear between them. */
  #isOpen(i: number): boolean {
    const { behind } = this.#options;
    const { width, margin } = this.#layer;
    const q = this.#inverse;
    if (!behind || q[i]! < 0 || q[i + 1]! < 0 || q[i + width]! < 0 || q[i + width + 1]! < 0) return false;
    return !behind.some((layer) => {
      const x = (i % width) + layer.margin - margin;
      const y = Math.floor(i / width) + layer.margin - margin;
      if (x < 0 || y < 0 || x + 1 >= layer.width || y + 1 >= layer.height) return false;
      const k = y * layer.width + x;
      const { joins, rgba } = layer;
      const down = joins[k]! & joins[k + 1]! & JOINED_DOWN;
      const right = joins[k]! & joins[k + layer.width]! & JOINED_RIGHT;
      return down !== 0 && right !== 0 && rgba[4 * k + 3]! > 0 && rgba[4 * (k + layer.width + 1) + 3]! > 0;
    });
  }

  /** Fills the cell at pixel `i` on both sides of its tear. */
  #close(i: number, torn: number): void {
    const { width } = this.#layer;
    const q = this.#inverse;
    const pixels = CORNERS.map(([x, y]) => i + y * width + x);
    const steps = pixels.map((pixel, k) => Math.abs(q[pixel]! - q[pixels[(k + 1) & 3]!]!));
    splitCell(bridged(torn, steps, BRIDGED_ERRORS * this.#options.tolerance), (...points) => {
      for (const point of points) this.#indices.push(point < 4 ? this.#vertex(pixels[point]!) : this.#halfVertex(pixels, point));
    });
  }

  /** The vertex in the middle of a side, with the depth of the corner it belongs to. */
  #halfVertex(pixels: readonly number[], point: number): number {
    const side = (point - 4) >> 1;
    const own = (side + (point & 1)) & 3;
    const other = (side + 1 - (point & 1)) & 3;
    const dx = CORNERS[other]![0] - CORNERS[own]![0];
    const dy = CORNERS[other]![1] - CORNERS[own]![1];
    const key = 4 * pixels[own]! + (dx > 0 ? 0 : dx < 0 ? 1 : dy > 0 ? 2 : 3);
    let number = this.#halves.get(key);
    if (number === undefined) {
      number = this.#pixels.push(pixels[own]!) - 1;
      this.#halves.set(key, number);
      this.#offsets.set(number, [dx / 2, dy / 2]);
    }
    return number;
  }

  #vertex(pixel: number): number {
    if (this.#number[pixel]! < 0) this.#number[pixel] = this.#pixels.push(pixel) - 1;
    return this.#number[pixel]!;
  }

  /** a b above c d, cut along the diagonal with the smaller step. */
  #quad(a: number, b: number, c: number, d: number): void {
    const q = this.#inverse;
    if (Math.abs(q[a]! - q[d]!) < Math.abs(q[b]! - q[c]!)) {
      this.#triangle(a, c, d);
      this.#triangle(a, d, b);
    } else {
      this.#triangle(a, c, b);
      this.#triangle(b, c, d);
    }
  }

  #triangle(a: number, b: number, c: number): void {
    this.#indices.push(this.#vertex(a), this.#vertex(b), this.#vertex(c));
  }

  surface(): Surface {
    const { width, margin } = this.#layer;
    const { lens, longer } = this.#options;
    const positions = new Float32Array(3 * this.#pixels.length);
    this.#pixels.forEach((pixel, n) => {
      const distance = 1 / this.#inverse[pixel]!;
      const [dx, dy] = this.#offsets.get(n) ?? [0, 0];
      const u = (pixel % width) + 0.5 + dx - margin;
      const v = Math.floor(pixel / width) + 0.5 + dy - margin;
      positions[3 * n] = ((u / longer - lens.cx) / lens.fx) * distance;
      positions[3 * n + 1] = (-(v / longer - lens.cy) / lens.fy) * distance;
      positions[3 * n + 2] = -distance;
    });
    return { pixels: Uint32Array.from(this.#pixels), positions, indices: Uint32Array.from(this.#indices) };
  }
}
