import { JOINED_DOWN, JOINED_RIGHT, backdropOf, inverseDepth, reliefOf } from 'unflat/plugin';
import type { Layer, Lens, Scene } from 'unflat/plugin';
import { SplatList } from './splat-list.ts';
import { ellipseOf, type Vector } from './ellipse-of.ts';

/** Standard deviation of a splat in pixels' distances, and of one that stands for a block in the block's size: of .45 to .65 those with most PSNR that leave no holes. */
const SPREAD = 0.5;
const BLOCK_SPREAD = 0.6;
/** Pixels that are joined to one splat have channels that differ by at most this much, of 255: hardly to be seen. */
const ALIKE = 6;
/** Their disparities differ from a plane by at most this much. */
const EVEN = 0.0008;
/** The largest joined block, in pixels: a power of two. */
const LARGEST = 4;
/** A surface is no more than so many times as long as it looks from the photo's camera: steeper ones are seen edge on. */
const STEEPEST = 4;
/** Opacity of a pixel that is covered whole. */
const SOLID = 0.99;
/** Less than this opacity, of 255, is nothing. */
const LEAST_ALPHA = 8;
/** Where the far end is at infinity, the sky is this many times as far as the nearest thing. */
const MOST_DISTANT = 300;
/** Rows done at a stretch. */
const ROWS = 32;

/**
 * A splat for each pixel of each layer, flat and along the surface; plain, even surfaces have one for a block of pixels.
 * A relief has a smooth surface behind it all.
 * @param pause called between stretches of rows with the part done, 0..1; may throw to stop.
 */
export async function splatsOf(
  scene: Scene,
  { merge, margin, relief }: { merge: boolean; margin: boolean; relief: boolean },
  pause: (fraction: number) => Promise<void>,
): Promise<SplatList> {
  const splats = new SplatList();
  const lens = relief ? reliefOf(scene).lens : scene.lens;
  const longer = Math.max(scene.width, scene.height);
  const backdrop = relief ? backdropOf(scene, lens, margin) : undefined;
  const rows = scene.layers.reduce((sum, { height }) => sum + height, backdrop?.layer.height ?? 0);
  const surfaces = scene.layers.map((layer) => new Surface(layer, lens, longer, margin ? 0 : layer.margin));
  if (backdrop) surfaces.push(new Surface(backdrop.layer, backdrop.lens, longer / backdrop.step, 0));
  let done = 0;
  for (const surface of surfaces) {
    const { layer } = surface;
    for (let y = 0; y < layer.height; y += LARGEST) {
      for (let x = 0; x < layer.width; x += LARGEST) surface.add(splats, x, y, merge ? LARGEST : 1, LARGEST);
      if (y % ROWS === 0) await pause((done + y) / rows);
    }
    done += layer.height;
  }
  return splats;
}

/** A layer, read as points of space. */
class Surface {
  readonly layer: Layer;
  readonly #lens: Lens;
  readonly #longer: number;
  readonly #inset: number;
  readonly #least: number;

  /** @param longer longer side of the photo in the layer's pixels. @param inset columns and rows at each side that are left out. */
  constructor(layer: Layer, lens: Lens, longer: number, inset: number) {
    this.layer = layer;
    this.#lens = lens;
    this.#longer = longer;
    this.#inset = inset;
    this.#least = 1 / (MOST_DISTANT * lens.near);
  }

  /** Adds the pixels of a block: as one splat where `most` allows it and they are alike, else in smaller blocks. */
  add(splats: SplatList, x: number, y: number, most: number, size: number): void {
    if (size === 1) {
      if (this.#isThere(x, y)) this.#put(splats, x, y, 1);
      return;
    }
    if (size <= most && this.#isPlain(x, y, size)) {
      this.#put(splats, x, y, size);
      return;
    }
    const half = size / 2;
    for (const [right, down] of [
      [0, 0],
      [half, 0],
      [0, half],
      [half, half],
    ] as const)
      this.add(splats, x + right, y + down, most, half);
  }

  #isThere(x: number, y: number): boolean {
    const { width, height, rgba, disparity } = this.layer;
    if (x < this.#inset || y < this.#inset || x >= width - this.#inset || y >= height - this.#inset) return false;
    const i = y * width + x;
    return rgba[4 * i + 3]! >= LEAST_ALPHA && Number.isFinite(disparity[i]!);
  }

  /** Whether a block is all there, joined, of one colour and on one plane. */
  #isPlain(x: number, y: number, size: number): boolean {
    if (!this.#isThere(x, y) || !this.#isThere(x + size - 1, y + size - 1)) return false;
    const { width, rgba, disparity, joins } = this.layer;
    const first = y * width + x;
    const last = size - 1;
    const across = (disparity[first + last]! - disparity[first]!) / last;
    const down = (disparity[first + last * width]! - disparity[first]!) / last;
    for (let v = 0; v < size; v++) {
      for (let u = 0; u < size; u++) {
        const i = first + v * width + u;
        if (rgba[4 * i + 3] !== 255) return false;
        if (!(Math.abs(disparity[i]! - disparity[first]! - u * across - v * down) <= EVEN)) return false;
        if ((u < last && !(joins[i]! & JOINED_RIGHT)) || (v < last && !(joins[i]! & JOINED_DOWN))) return false;
        for (let c = 0; c < 3; c++) if (Math.abs(rgba[4 * i + c]! - rgba[4 * first + c]!) > ALIKE) return false;
      }
    }
    return true;
  }

  #put(splats: SplatList, x: number, y: number, size: number): void {
    const { width, rgba, disparity } = this.layer;
    let [red, green, blue, depth] = [0, 0, 0, 0];
    for (let v = 0; v < size; v++) {
      for (let u = 0; u < size; u++) {
        const i = (y + v) * width + x + u;
        red += rgba[4 * i]!;
        green += rgba[4 * i + 1]!;
        blue += rgba[4 * i + 2]!;
        depth += disparity[i]!;
      }
    }
    const pixels = size * size;
    const i = y * width + x;
    const middle = (size - 1) / 2;
    const [centreX, centreY, centreDepth] = [x + middle, y + middle, depth / pixels];
    const { right, down } = this.#slopes(x, y, size);
    const centre = this.#point(centreX, centreY, centreDepth);
    const half = size / 2;
    const toRight = this.#tangent(centre, centreX + half, centreY, centreDepth, half * right);
    const toBottom = this.#tangent(centre, centreX, centreY + half, centreDepth, half * down);
    splats.add(
      centre,
      [red / pixels, green / pixels, blue / pixels],
      (SOLID * rgba[4 * i + 3]!) / 255,
      ellipseOf(toRight, toBottom, size > 1 ? BLOCK_SPREAD : SPREAD),
    );
  }

  /** How disparity grows by a pixel, as far as the surface goes on. */
  #slopes(x: number, y: number, size: number): { right: number; down: number } {
    const { width, height, disparity, joins } = this.layer;
    const i = y * width + x;
    if (size > 1)
      return {
        right: (disparity[i + size - 1]! - disparity[i]!) / (size - 1),
        down: (disparity[i + (size - 1) * width]! - disparity[i]!) / (size - 1),
      };
    const slope = (before: boolean, after: boolean, step: number): number => {
      const there = after ? disparity[i + step]! - disparity[i]! : 0;
      const here = before ? disparity[i]! - disparity[i - step]! : 0;
      const sum = (Number.isFinite(there) ? there : 0) + (Number.isFinite(here) ? here : 0);
      return before && after ? sum / 2 : sum;
    };
    return {
      right: slope(x > 0 && Boolean(joins[i - 1]! & JOINED_RIGHT), x + 1 < width && Boolean(joins[i]! & JOINED_RIGHT), 1),
      down: slope(y > 0 && Boolean(joins[i - width]! & JOINED_DOWN), y + 1 < height && Boolean(joins[i]! & JOINED_DOWN), width),
    };
  }

  /** Twice the way from a centre to a point of its surface, no longer than STEEPEST times what it measures facing the camera. @param rise what disparity grows by on the way. */
  #tangent(centre: Vector, x: number, y: number, disparity: number, rise: number): Vector {
    const way = twice(centre, this.#point(x, y, Math.min(1, Math.max(0, disparity + rise))));
    const facing = twice(centre, this.#point(x, y, disparity));
    const part = (STEEPEST * Math.hypot(...facing)) / Math.hypot(...way);
    if (!(part < 1)) return way;
    // Too steep: as far as it may go in depth, from what it measures facing the camera.
    return [facing[0] + (way[0] - facing[0]) * part, facing[1] + (way[1] - facing[1]) * part, facing[2] + (way[2] - facing[2]) * part];
  }

  /** Place of a layer's pixel: x right, y up, z towards the viewer, in scene units. */
  #point(x: number, y: number, disparity: number): Vector {
    const lens = this.#lens;
    const { margin } = this.layer;
    const distance = 1 / Math.max(this.#least, inverseDepth(lens, disparity));
    return [
      (((x + 0.5 - margin) / this.#longer - lens.cx) / lens.fx) * distance,
      (-((y + 0.5 - margin) / this.#longer - lens.cy) / lens.fy) * distance,
      -distance,
    ];
  }
}

const twice = (from: Vector, to: Vector): Vector => [2 * (to[0] - from[0]), 2 * (to[1] - from[1]), 2 * (to[2] - from[2])];
