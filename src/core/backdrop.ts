import { inverseDepth, type Lens } from './lens.ts';
import type { Scene } from './scene.ts';
import { JOINED_DOWN, JOINED_RIGHT, type Layer } from './layer.ts';
import { spreadKnown } from './push-pull.ts';

/** One smooth surface behind all of a scene. */
export interface Backdrop {
  /** Image and depth of the surface, coarser than the photo; the margin is in pixels of this layer and may be a fraction. */
  layer: Layer;
  /** Through this lens its disparities become distances. */
  lens: Lens;
  /** Photo pixels a pixel of `layer` is wide. */
  step: number;
}

/** Pixels along the longer side, about: what lies in gaps has no detail to show, and its size must not count. */
const GRID = 256;
/** The nearest to the farthest thing's inverse depth is climbed within this part of the longer side, sideways and upward: steeper would show as a wall. */
const CLIMB = 0.8;
/** Downward the ground comes nearer, and it is followed. */
const CLIMB_DOWN = 0.3;
/** So much farther it lies than what it touches: more than meshes are off. */
const BEHIND = 0.015;
/** What lies before the surface by more than this part of the whole depth lends its colour only where nothing else is near. */
const TOUCHING = 0.1;
const BEFORE_WEIGHT = 0.0005;

/**
 * The largest surface behind everything in the scene that nowhere climbs steeply: it follows walls and the ground and goes on behind
 * things. Seen from far aside, where hidden layers end, it fills what would be holes. Its colours are those of what it touches; behind
 * things they come from around.
 * @param lens of which the distances are; the scene's own one or its relief's.
 * @param margin whether it goes on outside the photo as far as layer 0 does.
 */
export function backdropOf(scene: Scene, lens: Lens, margin: boolean): Backdrop | undefined {
  const front = scene.layers[0];
  if (!front || front.width === 0 || front.height === 0) return undefined;
  const longer = Math.max(scene.width, scene.height);
  const step = Math.ceil(longer / GRID);
  const inset = margin ? 0 : front.margin;
  const width = Math.ceil((front.width - 2 * inset) / step);
  const height = Math.ceil((front.height - 2 * inset) / step);
  const cells = farthestOf(scene.layers, lens, { step, width, height, x0: inset - front.margin, y0: inset - front.margin });
  const { inverse } = cells;
  let [least, most] = [Infinity, 0];
  for (const q of inverse) if (q < Infinity) [least, most] = [Math.min(least, q), Math.max(most, q)];
  if (least === Infinity) return undefined;
  const perCell = ((most - least) * step) / longer;
  const surface = climb(lowest(inverse, width, height), width, height, perCell / CLIMB, perCell / CLIMB_DOWN);
  for (let i = 0; i < inverse.length; i++) {
    const before = inverse[i]! - surface[i]!;
    cells.weight[i] = inverse[i] === Infinity ? 0 : before <= TOUCHING * (most - least) ? 1 : BEFORE_WEIGHT;
    // A picture that is missing as a whole has no surface either.
    surface[i] = Math.min(surface[i]!, most) * (1 - BEHIND) * lens.near;
  }
  const joins = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) joins[i] = (x + 1 < width ? JOINED_RIGHT : 0) | (y + 1 < height ? JOINED_DOWN : 0);
  const rgba = spreadColours(cells.colours, cells.weight, width, height);
  return {
    layer: { width, height, margin: (front.margin - inset) / step, rgba, disparity: surface, joins },
    lens: { ...lens, far: Infinity },
    step,
  };
}

interface Grid {
  step: number;
  width: number;
  height: number;
  /** Photo pixel of the first cell. */
  x0: number;
  y0: number;
}

/** Per cell the inverse depth of the farthest thing of all layers (Infinity = nothing), and its colour, 0..255. */
function farthestOf(
  layers: readonly Layer[],
  lens: Lens,
  { step, width, height, x0, y0 }: Grid,
): { inverse: Float32Array; colours: Float32Array; weight: Float32Array } {
  const inverse = new Float32Array(width * height).fill(Infinity);
  const colours = new Float32Array(3 * width * height);
  const weight = new Float32Array(width * height);
  const each = (take: (cell: number, q: number, rgba: Uint8ClampedArray, at: number) => void): void => {
    for (const layer of layers) {
      for (let y = 0; y < layer.height; y++) {
        const v = Math.floor((y - layer.margin - y0) / step);
        if (v < 0 || v >= height) continue;
        for (let x = 0; x < layer.width; x++) {
          const u = Math.floor((x - layer.margin - x0) / step);
          const i = y * layer.width + x;
          const d = layer.disparity[i]!;
          if (u < 0 || u >= width || layer.rgba[4 * i + 3]! < 128 || !Number.isFinite(d)) continue;
          take(v * width + u, Math.max(inverseDepth(lens, d), 1 / lens.far), layer.rgba, 4 * i);
        }
      }
    }
  };
  each((cell, q) => {
    if (q < inverse[cell]!) inverse[cell] = q;
  });
  each((cell, q, rgba, at) => {
    if (q > inverse[cell]! * 1.03) return;
    weight[cell]! += 1;
    for (let c = 0; c < 3; c++) colours[3 * cell + c]! += (rgba[at + c]! - colours[3 * cell + c]!) / weight[cell]!;
  });
  return { inverse, colours, weight };
}

/** The least value of each cell and its eight neighbours: between two cells' centres nothing may stand out. */
function lowest(values: Float32Array, width: number, height: number): Float32Array {
  const least = (from: Float32Array, i: number, at: number, count: number, stride: number): number =>
    Math.min(from[i]!, at > 0 ? from[i - stride]! : Infinity, at + 1 < count ? from[i + stride]! : Infinity);
  const across = values.map((_, i) => least(values, i, i % width, width, 1));
  return across.map((_, i) => least(across, i, Math.floor(i / width), height, width));
}

/** The largest surface below `values` that climbs at most so much a cell: two passes, as distances are found. Changes `values`. */
function climb(values: Float32Array, width: number, height: number, aside: number, down: number): Float32Array {
  const [slantUp, slantDown] = [Math.hypot(aside, aside), Math.hypot(aside, down)];
  const lower = (i: number, from: number, step: number): void => {
    if (values[from]! + step < values[i]!) values[i] = values[from]! + step;
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x > 0) lower(i, i - 1, aside);
      if (y === 0) continue;
      lower(i, i - width, down);
      if (x > 0) lower(i, i - width - 1, slantDown);
      if (x + 1 < width) lower(i, i - width + 1, slantDown);
    }
  }
  for (let y = height - 1, i = width * height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, i--) {
      if (x + 1 < width) lower(i, i + 1, aside);
      if (y + 1 === height) continue;
      lower(i, i + width, aside);
      if (x > 0) lower(i, i + width - 1, slantUp);
      if (x + 1 < width) lower(i, i + width + 1, slantUp);
    }
  }
  return values;
}

/** The mean of each cell, with what surrounds it mixed in where the cell is not wholly known. Changes `colours`. */
function spreadColours(colours: Float32Array, weight: Float32Array, width: number, height: number): Uint8ClampedArray {
  const channels = [0, 1, 2].map((from) => ({ values: colours, from, step: 3 }));
  spreadKnown({ width, height, channels, weight });
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) rgba.set([colours[3 * i]!, colours[3 * i + 1]!, colours[3 * i + 2]!, 255], 4 * i);
  return rgba;
}
