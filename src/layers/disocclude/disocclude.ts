import { NOTHING, type Layer, type Passes } from '../../core/index.ts';
import { doubled } from '../../grid/index.ts';
import { D, GX, GY, MOST, NEAR, SOURCE, X, Y, disocclusionSeeds } from './disocclusion-seeds.ts';
import { LEAST_BEHIND_PX, SAME_HIDDEN_PX, addRing, addSeams, emptyLayer, relax, settle, type HiddenLayer } from './hidden-layer.ts';
import { SPARE_PX, type ParallaxBounds } from '../surface/parallax-bounds.ts';
import { fallbackBackground } from './fallback-background.ts';
import { CELL, CELL_BITS } from '../surface/cell.ts';

/** Hidden layers at most; where more backgrounds overlap, a fallback background behind them all stands for the others. */
const MAX_HIDDEN = 3;
/** Rounds of smoothing of the first hidden layer; what lies behind it is seen less, and gets half. */
const RELAX_ROUNDS = 6;
/** A cover that stands out this share as far as the near side at the tear may be the same thing; another is left behind more slowly, and shows less. */
const SAME_THING_SHARE = 0.25;
/** A slope is continued behind its cover over this many pixels at full strength, then fades. */
const HIDDEN_SLOPE_PX = 60;

/**
 * Continues the far side of every tear behind its near side, as far as a camera in the eyebox can
 * look behind it: a breadth-first front from all tears at once, each pixel at most once a layer.
 * Where two surfaces want the same pixel, the next layer takes the second.
 * @param softPx as in GrownLayers.
 */
export function* disocclude(
  front: Layer,
  bounds: ParallaxBounds,
  perDisparity: Float32Array,
  areas: Int32Array,
  softPx = 0,
): Passes<HiddenLayer[]> {
  const size = front.width * front.height;
  const sides = disocclusionSeeds(front, bounds, areas, softPx);
  if (sides.seeds.length === 0) return [];
  yield;
  const layers: HiddenLayer[] = [];
  const counts: number[] = [];
  const open = new Uint8Array(Math.ceil(front.width / CELL) * Math.ceil(front.height / CELL));
  let pixels = new Queue(
    sides.seeds.map((i) => packed(i % front.width, Math.floor(i / front.width))),
    sides.origin,
  );
  let next = new Queue(new Int32Array(1 << 14), new Int32Array(1 << 14));
  while (pixels.length > 0) {
    yield;
    next.length = 0;
    advance(pixels, next, front, sides.sources, perDisparity, layers, counts, open);
    [pixels, next] = [next, pixels];
  }
  for (const [k, layer] of layers.entries()) {
    layer.pixels = settle(layer, sides.colour, front.width, counts[k]!);
    yield;
    yield* relax(layer, front, perDisparity, k === 0 ? RELAX_ROUNDS : RELAX_ROUNDS / 2);
  }
  if (layers.length > 0 && open.includes(1)) {
    if (layers.length < MAX_HIDDEN) layers.push(emptyLayer(size));
    fallbackBackground(front, layers, perDisparity, open);
  }
  yield;
  addSeams(layers, front.width, perDisparity);
  for (const layer of layers) {
    yield;
    addRing(layer, front, perDisparity);
  }
  return layers;
}

const packed = (x: number, y: number) => (y << 16) | x;

/** Moves all fronts on by one pixel. @param open marks the cells where a surface had to stop though more of it could be seen. */
function advance(
  pixels: Queue,
  next: Queue,
  { width, height, disparity: cover }: Layer,
  sources: Float32Array,
  perDisparity: Float32Array,
  layers: HiddenLayer[],
  counts: number[],
  open: Uint8Array,
): void {
  const columns = Math.ceil(width / CELL);
  const { at, owner, length } = pixels;
  for (let n = 0; n < length; n++) {
    const place = at[n]!;
    const x = place & 0xffff;
    const y = place >>> 16;
    const i = y * width + x;
    const covering = cover[i]!;
    if (covering === NOTHING) continue;
    const from = owner[n]!;
    const s = from * SOURCE;
    const ox = x - sources[s + X]!;
    const oy = y - sources[s + Y]!;
    const far = Math.sqrt(ox * ox + oy * oy);
    const px = perDisparity[i]!;
    let d = sources[s + D]! + ((sources[s + GX]! * ox + sources[s + GY]! * oy) * HIDDEN_SLOPE_PX) / (HIDDEN_SLOPE_PX + far);
    if (d < 0) d = 0;
    // It has come out from behind its cover.
    const behind = covering - d;
    if (behind * px < (far > SPARE_PX ? SAME_HIDDEN_PX : LEAST_BEHIND_PX)) continue;
    if (far > SPARE_PX) {
      const near = sources[s + NEAR]!;
      if (far > (near > covering ? near - d : behind) * px + SPARE_PX) continue;
      if (far > sources[s + MOST]! || (behind < (near - d) * SAME_THING_SHARE && far > behind * px + SPARE_PX)) {
        open[(y >> CELL_BITS) * columns + (x >> CELL_BITS)] = 1;
        continue;
      }
    }
    const same = (2 * SAME_HIDDEN_PX) / px;
    let k = 0;
    for (; k < layers.length; k++) {
      const there = layers[k]!.disparity[i]!;
      if (there === NOTHING) break;
      // The nearest source is likeliest to be right: what comes later may only lie behind it.
      if (d > there - same) k = MAX_HIDDEN;
    }
    if (k > MAX_HIDDEN) continue;
    if (k === MAX_HIDDEN) {
      open[(y >> CELL_BITS) * columns + (x >> CELL_BITS)] = 1;
      continue;
    }
    if (k === layers.length) {
      layers.push(emptyLayer(width * height));
      counts.push(0);
    }
    const placed = layers[k]!.disparity;
    placed[i] = d;
    layers[k]!.from[i] = from;
    counts[k]!++;
    const room = d + same;
    next.reserve(4);
    if (x > 0 && cover[i - 1] !== NOTHING && (placed[i - 1] === NOTHING || placed[i - 1]! >= room)) next.push(place - 1, from);
    if (x + 1 < width && cover[i + 1] !== NOTHING && (placed[i + 1] === NOTHING || placed[i + 1]! >= room)) next.push(place + 1, from);
    if (y > 0 && cover[i - width] !== NOTHING && (placed[i - width] === NOTHING || placed[i - width]! >= room))
      next.push(place - 0x10000, from);
    if (y + 1 < height && cover[i + width] !== NOTHING && (placed[i + width] === NOTHING || placed[i + width]! >= room))
      next.push(place + 0x10000, from);
  }
}

/** Pixels on a front, x and y in one number, with the source each belongs to; grows, is never shrunk. */
class Queue {
  at: Int32Array;
  owner: Int32Array;
  length: number;

  constructor(at: Int32Array, owner: Int32Array) {
    this.at = at;
    this.owner = owner;
    this.length = at.length;
  }

  /** Makes room for so many more. */
  reserve(more: number): void {
    while (this.length + more > this.at.length) {
      this.at = doubled(this.at);
      this.owner = doubled(this.owner);
    }
  }

  push(pixel: number, source: number): void {
    this.at[this.length] = pixel;
    this.owner[this.length++] = source;
  }
}
