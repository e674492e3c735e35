import { JOINED_DOWN, JOINED_RIGHT, inverseDepth, type Layer, type Lens } from '../../core/index.ts';
import { nodeGrid, type NodeGrid } from './node-grid.ts';
import { CORNERS, bridged, centre, splitCell } from './split-cell.ts';

/** Side of the largest squares, in pixels; a power of two. */
const LARGEST_PX = 32;
/** Where the far end is at infinity, the sky is this many times as far as the nearest thing. */
const MOST_DISTANT = 1000;
/** LayerTexture may be out of place by this many pixels inside a triangle that leans away from the camera. */
const TEXTURE_SHIFT_PX = 0.35;
/** Smaller steps than so many times the tolerance are bridged. */
const BRIDGED_ERRORS = 16;

export interface SurfaceOptions {
  lens: Lens;
  /** Longer side of the photo in pixels. */
  longer: number;
  /** Pixels left out on each side. */
  inset: number;
  /** Largest error in inverse depth, 1/scene units. */
  tolerance: number;
  /** Side of the smallest squares in pixels, default 1: with larger ones silhouettes are as coarse when seen from aside. */
  cell?: number;
  /** All of it lies farther away by so much in inverse depth, 1/scene units, default 0. */
  behind?: number;
}

/** A layer's triangles; empty where the layer has none. */
export interface Surface {
  /** Layer pixel (y × width + x) whose depth each vertex has. */
  pixels: Uint32Array;
  /** Two numbers a vertex: where its colour lies in the layer, in pixels, centres at +0.5. */
  places: Float32Array;
  /** Three numbers a vertex: x right, y up, z = −distance, scene units. */
  positions: Float32Array;
  /** Three vertex numbers a triangle, counter-clockwise seen from the camera. */
  indices: Uint32Array;
}

/**
 * Turns a layer into few triangles without cracks: squares as large as the depth is flat, down to
 * pixels at tears. A square whose neighbours are smaller is fanned out from its middle, so that both
 * sides of every edge have the same vertices. Nothing spans a tear but small steps; the surfaces on both sides go on, each at its own
 * depth, to where the silhouette is: between two pixels, as far as the nearer one's alpha says. So the photo's camera sees no gap.
 * @param pause is called after every row of the largest squares with the part done, 0..1.
 */
export async function surfaceOf(layer: Layer, options: SurfaceOptions, pause: (fraction: number) => Promise<void>): Promise<Surface> {
  const builder = new SurfaceBuilder(layer, options);
  const { width, height, largest } = builder;
  for (let y = 0; y + 1 < height; y += largest) {
    for (let x = 0; x + 1 < width; x += largest) builder.divide(x, y, largest);
    await pause(y / height / 2);
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
  readonly width: number;
  readonly height: number;
  /** Side of the largest squares, in nodes. */
  readonly largest: number;
  readonly #layer: Layer;
  readonly #nodes: NodeGrid;
  readonly #cell: number;
  readonly #options: SurfaceOptions;
  /** Inverse depth a node; −1 where there is nothing. */
  readonly #inverse: Float32Array;
  /** 1 where a square has a corner. */
  readonly #corner: Uint8Array;
  readonly #number: Int32Array;
  /** x, y and side of each square. */
  readonly #squares: number[] = [];
  /** Numbers of vertices between two nodes, by 4 × node + direction. */
  readonly #halves = new Map<number, number>();
  /** Node whose depth each vertex has. */
  readonly #vertices: number[] = [];
  /** By how many pixels vertices between nodes lie beside their node, two numbers each, by vertex. */
  readonly #offsets = new Map<number, readonly [number, number]>();
  readonly #indices: number[] = [];
  readonly #rim: number[] = [];

  constructor(layer: Layer, options: SurfaceOptions) {
    const { lens, cell = 1, behind = 0 } = options;
    const least = 1 / Math.min(lens.far, MOST_DISTANT * lens.near);
    this.#layer = layer;
    this.#options = options;
    this.#cell = cell;
    this.#nodes = nodeGrid(layer, cell, options.inset);
    const { width, height, pixels } = this.#nodes;
    this.width = width;
    this.height = height;
    this.largest = Math.max(1, 2 ** Math.floor(Math.log2(LARGEST_PX / cell)));
    this.#inverse = Float32Array.from(pixels, (i) => {
      const d = layer.disparity[i]!;
      return layer.rgba[4 * i + 3]! < HALF_COVERED || !Number.isFinite(d) ? -1 : Math.max(inverseDepth(lens, d) - behind, least);
    });
    this.#corner = new Uint8Array(width * height);
    this.#number = new Int32Array(width * height).fill(-1);
  }

  get squareCount(): number {
    return this.#squares.length / 3;
  }

  /** Splits the square of `side` nodes at (x, y) until its parts are flat. */
  divide(x: number, y: number, side: number): void {
    const { width, height } = this;
    if (x + 1 >= width || y + 1 >= height) return;
    const fits = x + side < width && y + side < height;
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
    const { width, joins } = this.#nodes;
    const q = this.#inverse;
    const { tolerance } = this.#options;
    const i = y * width + x;
    const [a, b, c, d] = [q[i]!, q[i + side]!, q[i + side * width]!, q[i + side * width + side]!];
    const [low, high] = [Math.min(a, b, c, d), Math.max(a, b, c, d)];
    if (low <= 0 || ((side * this.#cell) / 2) * (high - low) > TEXTURE_SHIFT_PX * (high + low)) return false;
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
    const { width } = this;
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

  /** Triangles between four pixels: two, or those of each surface that meets there. */
  #fillPixels(i: number): void {
    const { width, joins } = this.#nodes;
    const q = this.#inverse;
    const pixels = CORNERS.map(([x, y]) => i + y * width + x) as [number, number, number, number];
    const [a, c, d, b] = pixels;
    const joined =
      (joins[a]! & JOINED_DOWN ? 1 : 0) |
      (joins[c]! & JOINED_RIGHT ? 2 : 0) |
      (joins[b]! & JOINED_DOWN ? 4 : 0) |
      (joins[a]! & JOINED_RIGHT ? 8 : 0);
    let missing = 0;
    for (let k = 0; k < 4; k++) if (q[pixels[k]!]! < 0) missing |= 1 << k;
    // A side lies between the corner of its number and the next one.
    let torn = ~joined & 15;
    if (missing !== 0) torn |= missing | (missing >> 1) | ((missing & 1) << 3);
    else if (torn !== 0)
      torn = bridged(
        torn,
        pixels.map((pixel, k) => Math.abs(q[pixel]! - q[pixels[(k + 1) & 3]!]!)),
        BRIDGED_ERRORS * this.#options.tolerance,
      );
    if (torn === 0) return this.#quad(a, b, c, d);
    // Only a soft edge goes on into what is missing: where a layer ends, nobody looks.
    if (missing !== 0 && !pixels.some((pixel, k) => missing & (1 << k) && this.#alpha(pixel) > 0)) {
      if (Math.log2(missing) % 1 === 0 && (torn & ~(missing | (missing >> 1) | ((missing & 1) << 3))) === 0) {
        const [first, second, third] = pixels.filter((_, k) => !(missing & (1 << k))) as [number, number, number];
        this.#triangle(first, second, third);
      }
      return;
    }
    splitCell(torn, missing, (...points) => {
      for (const point of points)
        this.#indices.push(
          point < 4
            ? this.#vertex(pixels[point]!)
            : point < centre(0)
              ? this.#halfVertex(pixels, point)
              : this.#centreVertex(pixels, point - centre(0)),
        );
    });
  }

  /** The vertex on a side where it is cut, with the depth of the corner it belongs to. */
  #halfVertex(nodes: readonly number[], point: number): number {
    const side = (point - 4) >> 1;
    const own = (side + (point & 1)) & 3;
    const other = (side + 1 - (point & 1)) & 3;
    const dx = CORNERS[other]![0] - CORNERS[own]![0];
    const dy = CORNERS[other]![1] - CORNERS[own]![1];
    const key = 4 * nodes[own]! + (dx > 0 ? 0 : dx < 0 ? 1 : dy > 0 ? 2 : 3);
    let number = this.#halves.get(key);
    if (number === undefined) {
      const cut = this.#cut(nodes[own]!, nodes[other]!);
      number = this.#beside(nodes[own]!, cut * dx, cut * dy);
      this.#halves.set(key, number);
    }
    return number;
  }

  #centreVertex(nodes: readonly number[], corner: number): number {
    const [x, y] = CORNERS[corner]!;
    const [first, , last] = nodes.map((node) => this.#place(node));
    return this.#beside(nodes[corner]!, (0.5 - x) * (last![0] - first![0]), (0.5 - y) * (last![1] - first![1]));
  }

  #beside(node: number, dx: number, dy: number): number {
    const number = this.#vertices.push(node) - 1;
    this.#offsets.set(number, [dx, dy]);
    return number;
  }

  #alpha(node: number): number {
    return this.#layer.rgba[4 * this.#nodes.pixels[node]! + 3]!;
  }

  /** A node's pixel: column and row. */
  #place(node: number): [number, number] {
    const pixel = this.#nodes.pixels[node]!;
    return [pixel % this.#layer.width, Math.floor(pixel / this.#layer.width)];
  }

  /** How many pixels from node `own` towards its neighbour its surface goes. */
  #cut(own: number, other: number): number {
    const [a, b] = [this.#nodes.pixels[own]!, this.#nodes.pixels[other]!];
    const stride = Math.abs(b - a) < this.#layer.width ? 1 : this.#layer.width;
    const steps = Math.abs(b - a) / stride;
    if (steps === 1) return this.#cutBetweenPixels(own, other);
    const first = this.#deepest(Math.min(a, b), steps, stride, stride === 1 ? JOINED_RIGHT : JOINED_DOWN) + 0.5;
    return a < b ? first : steps - first;
  }

  /** Of the torn links along so many pixels the number of the one with the largest step in disparity. */
  #deepest(start: number, steps: number, stride: number, bit: number): number {
    const { joins, disparity } = this.#layer;
    let [found, most] = [(steps - 1) >> 1, -1];
    for (let k = 0; k < steps; k++) {
      const i = start + k * stride;
      const step = Math.abs(disparity[i]! - disparity[i + stride]!);
      if (!(joins[i]! & bit) && step > most) [found, most] = [k, step];
    }
    return found;
  }

  /** How far from a pixel to the next its surface goes, 0..1: the nearer one's to where its alpha is a half, the other one's as far as that. */
  #cutBetweenPixels(own: number, other: number): number {
    const q = this.#inverse;
    const [here, there] = [this.#alpha(own), this.#alpha(other)];
    const half = HALF_COVERED - 0.5;
    if (q[other]! > 0) return q[own]! >= q[other]! ? (here - half) / here : half / there;
    return there > 0 && there < HALF_COVERED ? (here - half) / (here - there) : 0.5;
  }

  #vertex(node: number): number {
    if (this.#number[node]! < 0) this.#number[node] = this.#vertices.push(node) - 1;
    return this.#number[node]!;
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
    const { margin } = this.#layer;
    const { lens, longer } = this.#options;
    const count = this.#vertices.length;
    const positions = new Float32Array(3 * count);
    const places = new Float32Array(2 * count);
    this.#vertices.forEach((node, n) => {
      const distance = 1 / this.#inverse[node]!;
      const [dx, dy] = this.#offsets.get(n) ?? [0, 0];
      const [x, y] = this.#place(node);
      const u = x + 0.5 + dx;
      const v = y + 0.5 + dy;
      positions[3 * n] = (((u - margin) / longer - lens.cx) / lens.fx) * distance;
      positions[3 * n + 1] = (-((v - margin) / longer - lens.cy) / lens.fy) * distance;
      positions[3 * n + 2] = -distance;
      // Beside a pixel its colour goes on; in larger squares the picture lies where it is.
      places[2 * n] = this.#cell === 1 ? x + 0.5 : u;
      places[2 * n + 1] = this.#cell === 1 ? y + 0.5 : v;
    });
    return {
      pixels: Uint32Array.from(this.#vertices, (node) => this.#nodes.pixels[node]!),
      places,
      positions,
      indices: Uint32Array.from(this.#indices),
    };
  }
}
