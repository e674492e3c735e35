import { inverseDepth } from 'unflat/plugin';
import type { Layer, Scene } from 'unflat/plugin';
import { hasVertex } from './has-vertex.ts';

/** Part of its inverse distance by which a pixel may lie behind another and still be seen: as far as surfaces bend within a pixel. */
const BEHIND = 0.01;
/** Pixels kept around each that was seen, for cameras between those that looked. */
const AROUND = 1;
/** Farther away than this, in scene units, is as good as this. */
const FARTHEST = 1e6;

/**
 * The scene without the hidden pixels that no camera of its eyebox sees: a fourth of them where much stands one
 * behind the other. What lies outside the photo neither covers anything nor is looked at.
 *
 * 51 cameras at the eyebox's ends and half way look: each pixel goes where the camera would see it, and the nearest one
 * stays (a z-buffer of one cell a pixel). The neighbours of what is seen stay, too, for the cameras between them.
 * @param pause is called every few ten milliseconds with the part done, 0..1; may throw to stop.
 */
export async function withoutUnseen(scene: Scene, pause: (fraction: number) => Promise<void>): Promise<Scene> {
  const [front, ...hidden] = scene.layers;
  if (!front || hidden.length === 0) return scene;
  const seenPixels = new SeenPixels(scene);
  const cameras = camerasOf(scene);
  for (const [n, camera] of cameras.entries()) {
    seenPixels.add(camera);
    await pause((n + 1) / cameras.length);
  }
  return {
    ...scene,
    layers: [
      front,
      ...hidden.map((layer, k) => only(layer, withNeighbours(seenPixels.seen[k]!, scene.width, scene.height), scene.width, scene.height)),
    ],
  };
}

type Place = readonly [x: number, y: number, z: number];

function camerasOf({ eyebox }: Scene): Place[] {
  const cameras: Place[] = [];
  for (const z of [-1, 0, 1]) {
    for (const x of [-1, -0.5, 0, 0.5, 1]) {
      for (const y of [-1, -0.5, 0, 0.5, 1])
        if (x === 0 || y === 0 || Math.abs(x) === Math.abs(y)) cameras.push([x * eyebox.x, y * eyebox.y, z * eyebox.z]);
    }
  }
  return cameras;
}

/** A layer's pixels within the photo. */
interface Points {
  /** Their places in the photo, row by row. */
  at: Int32Array;
  /** Inverse distances. */
  inverse: Float32Array;
}

/** What the cameras that looked so far have seen of the hidden layers. */
class SeenPixels {
  /** A hidden layer each, the photo's pixels: 1 = seen. */
  readonly seen: Uint8Array[];
  readonly #scene: Scene;
  readonly #points: Points[];
  /** The photo's pixels as a camera sees them: the largest inverse distance. */
  readonly #nearest: Float32Array;

  constructor(scene: Scene) {
    const pixels = scene.width * scene.height;
    this.#scene = scene;
    this.#points = scene.layers.map((layer) => pointsOf(scene, layer));
    this.#nearest = new Float32Array(pixels);
    this.seen = scene.layers.slice(1).map(() => new Uint8Array(pixels));
  }

  add(place: Place): void {
    this.#nearest.fill(0);
    const move = movement(this.#scene, place);
    for (const points of this.#points) inSteps(points, (first, end) => cover(move, points, first, end, this.#nearest));
    for (const [k, seen] of this.seen.entries()) {
      const points = this.#points[k + 1]!;
      inSteps(points, (first, end) => see(move, points, first, end, this.#nearest, seen));
    }
  }
}

function pointsOf({ width, height, lens }: Scene, layer: Layer): Points {
  const at: number[] = [];
  const inverse: number[] = [];
  for (let y = 0; y < height; y++) {
    const from = (y + layer.margin) * layer.width + layer.margin;
    for (let x = 0; x < width; x++) {
      if (!hasVertex(layer, from + x)) continue;
      at.push(y * width + x);
      inverse.push(Math.max(1 / FARTHEST, inverseDepth(lens, layer.disparity[from + x]!)));
    }
  }
  return { at: Int32Array.from(at), inverse: Float32Array.from(inverse) };
}

/** Pixels handled in one call, so that the loop is compiled within the first photo. */
const STEP = 1 << 12;

function inSteps({ at }: Points, take: (first: number, end: number) => void): void {
  for (let first = 0; first < at.length; first += STEP) take(first, Math.min(at.length, first + STEP));
}

/** For a camera moved to (X, Y, Z), pixel x goes to cx + (x − cx − f·X·q) / (1 + Z·q), q its inverse distance. */
interface Movement {
  width: number;
  height: number;
  cx: number;
  cy: number;
  right: number;
  down: number;
  z: number;
}

function movement({ width, height, lens }: Scene, [x, y, z]: Place): Movement {
  const longer = Math.max(width, height);
  return {
    width,
    height,
    cx: lens.cx * longer - 0.5,
    cy: lens.cy * longer - 0.5,
    right: lens.fx * longer * x,
    down: -lens.fy * longer * y,
    z,
  };
}

function cover(
  { width, height, cx, cy, right, down, z }: Movement,
  { at, inverse }: Points,
  first: number,
  end: number,
  nearest: Float32Array,
): void {
  for (let n = first; n < end; n++) {
    const q = inverse[n]!;
    const y = (at[n]! / width) | 0;
    const scale = 1 / (1 + z * q);
    const u = Math.floor(cx + (at[n]! - y * width - cx - right * q) * scale);
    const v = Math.floor(cy + (y - cy - down * q) * scale);
    if (u < 0 || v < 0 || u >= width - 1 || v >= height - 1) continue;
    const near = q * scale;
    const i = v * width + u;
    if (near > nearest[i]!) nearest[i] = near;
    if (near > nearest[i + 1]!) nearest[i + 1] = near;
    if (near > nearest[i + width]!) nearest[i + width] = near;
    if (near > nearest[i + width + 1]!) nearest[i + width + 1] = near;
  }
}

function see(
  { width, height, cx, cy, right, down, z }: Movement,
  { at, inverse }: Points,
  first: number,
  end: number,
  nearest: Float32Array,
  seen: Uint8Array,
): void {
  for (let n = first; n < end; n++) {
    if (seen[at[n]!]) continue;
    const q = inverse[n]!;
    const y = (at[n]! / width) | 0;
    const scale = 1 / (1 + z * q);
    const u = Math.round(cx + (at[n]! - y * width - cx - right * q) * scale);
    const v = Math.round(cy + (y - cy - down * q) * scale);
    if (u >= 0 && v >= 0 && u < width && v < height && q * scale * (1 + BEHIND) >= nearest[v * width + u]!) seen[at[n]!] = 1;
  }
}

/** Grown by `AROUND` pixels to all sides. */
function withNeighbours(seen: Uint8Array, width: number, height: number): Uint8Array {
  const across = new Uint8Array(seen.length);
  for (let y = 0; y < height; y++) spread(seen, across, y * width, width, 1);
  const both = new Uint8Array(seen.length);
  for (let x = 0; x < width; x++) spread(across, both, x, height, width);
  return both;
}

/** Along one line of `count` pixels from `first`, `stride` apart. */
function spread(from: Uint8Array, to: Uint8Array, first: number, count: number, stride: number): void {
  let until = -1;
  for (let n = -AROUND; n < count; n++) {
    if (n + AROUND < count && from[first + (n + AROUND) * stride]) until = n + 2 * AROUND;
    if (n >= 0 && n <= until) to[first + n * stride] = 1;
  }
}

/** The layer with nothing where `kept` is 0. */
function only(layer: Layer, kept: Uint8Array, width: number, height: number): Layer {
  const disparity = layer.disparity.slice();
  for (let y = 0; y < height; y++) {
    const from = (y + layer.margin) * layer.width + layer.margin;
    for (let x = 0; x < width; x++) if (!kept[y * width + x]) disparity[from + x] = NaN;
  }
  return { ...layer, disparity };
}
