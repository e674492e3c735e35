import { NOTHING, type Layer, type Passes } from '../../core/index.ts';
import { neighbour4 } from '../../grid/index.ts';

/** Two grown surfaces closer than this (pixels of parallax) are one. */
export const SAME_HIDDEN_PX = 1.5;
/** Beside a tear a surface lies at least so far behind its cover, in pixels of parallax: weak tears open no farther than SAME_HIDDEN_PX, but they can be seen. */
export const LEAST_BEHIND_PX = 0.8;
/** Pixels of the visible far side that a hidden layer repeats, so that it joins without a crack. */
const RING_PX = 3;

/** What lies behind the photo's surfaces, at layer size. */
export interface HiddenLayer {
  /** NOTHING where the layer has nothing. */
  disparity: Float32Array;
  /** 1 = grown, to be inpainted; 2 = ring: repeats the visible pixel. */
  state: Uint8Array;
  /** Where grown: the visible pixel whose colour is the first guess. */
  from: Int32Array;
  /** Indices of the grown pixels, then those of the ring. */
  pixels: Int32Array;
  /** it ends in the fallback background, see fallback-background.ts. */
  isFallback: boolean;
}

export function emptyLayer(size: number): HiddenLayer {
  return {
    disparity: new Float32Array(size).fill(NOTHING),
    state: new Uint8Array(size),
    from: new Int32Array(size),
    pixels: new Int32Array(0),
    isFallback: false,
  };
}

/** Lists the `count` pixels that a layer has grown so far, row by row, and marks them. `from` names sources until now, and their colours after. */
export function settle({ disparity, state, from }: HiddenLayer, colour: Int32Array, width: number, count: number): Int32Array {
  const pixels = new Int32Array(count);
  for (let start = 0, n = 0; start < disparity.length; start += width)
    n = settleRow(disparity, state, from, colour, start, start + width, pixels, n);
  return pixels;
}

function settleRow(
  disparity: Float32Array,
  state: Uint8Array,
  from: Int32Array,
  colour: Int32Array,
  start: number,
  end: number,
  pixels: Int32Array,
  n: number,
): number {
  for (let i = start; i < end; i++) {
    if (disparity[i] === NOTHING) continue;
    state[i] = 1;
    from[i] = colour[from[i]!]!;
    pixels[n++] = i;
  }
  return n;
}

/** Smooths the streaks that single sources leave, within a surface, and keeps it behind its cover. */
export function* relax(layer: HiddenLayer, front: Layer, perDisparity: Float32Array, rounds: number): Passes<void> {
  for (let round = 0; round < rounds; round++) {
    relaxOnce(layer.disparity, front.disparity, perDisparity, layer.pixels, front.width, round % 2 === 0);
    yield;
  }
}

function relaxOnce(
  disparity: Float32Array,
  visible: Float32Array,
  perDisparity: Float32Array,
  pixels: Int32Array,
  width: number,
  forward: boolean,
): void {
  const last = disparity.length - width;
  for (let n = 0; n < pixels.length; n++) {
    const i = pixels[forward ? n : pixels.length - 1 - n]!;
    if (i < width || i >= last) continue;
    const d = disparity[i]!;
    const same = (2 * SAME_HIDDEN_PX) / perDisparity[i]!;
    // Where this layer ends, the visible surface that it continues takes its place.
    const left = disparity[i - 1] === NOTHING ? visible[i - 1]! : disparity[i - 1]!;
    const right = disparity[i + 1] === NOTHING ? visible[i + 1]! : disparity[i + 1]!;
    const up = disparity[i - width] === NOTHING ? visible[i - width]! : disparity[i - width]!;
    const down = disparity[i + width] === NOTHING ? visible[i + width]! : disparity[i + width]!;
    let sum = d;
    let weight = 1;
    if (Math.abs(left - d) <= same) {
      sum += left;
      weight++;
    }
    if (Math.abs(right - d) <= same) {
      sum += right;
      weight++;
    }
    if (Math.abs(up - d) <= same) {
      sum += up;
      weight++;
    }
    if (Math.abs(down - d) <= same) {
      sum += down;
      weight++;
    }
    disparity[i] = Math.min(sum / weight, visible[i]! - (LEAST_BEHIND_PX / (2 * SAME_HIDDEN_PX)) * same);
  }
}

/** Where a surface goes on in another hidden layer, each of both repeats a pixel of it, or a crack would show between them. */
export function addSeams(layers: readonly HiddenLayer[], width: number, perDisparity: Float32Array): void {
  if (layers.length < 2) return;
  for (const layer of layers)
    addSeam(
      layer,
      layers.filter((other) => other !== layer),
      width,
      perDisparity,
    );
}

function addSeam(layer: HiddenLayer, others: readonly HiddenLayer[], width: number, perDisparity: Float32Array): void {
  const { disparity, state, from, pixels } = layer;
  const end = disparity.length;
  const seam: number[] = [];
  for (let n = 0; n < pixels.length; n++) {
    const i = pixels[n]!;
    for (let side = 0; side < 4; side++) {
      const j = neighbour4(i, side, width);
      if (j < 0 || j >= end || disparity[j] !== NOTHING) continue;
      for (const other of others) {
        if (other.state[j] !== 1 || Math.abs(other.disparity[j]! - disparity[i]!) > SAME_HIDDEN_PX / perDisparity[i]!) continue;
        disparity[j] = other.disparity[j]!;
        state[j] = 1;
        from[j] = other.from[j]!;
        seam.push(j);
        break;
      }
    }
  }
  layer.pixels = joined(pixels, seam);
}

/** Repeats the visible pixels next to a grown surface that it continues. */
export function addRing(layer: HiddenLayer, front: Layer, perDisparity: Float32Array): void {
  const { width } = front;
  const { disparity, state, pixels } = layer;
  const end = disparity.length;
  const ring: number[] = [];
  let edge: ArrayLike<number> = pixels;
  for (let pass = 0; pass < RING_PX; pass++) {
    const next: number[] = [];
    for (let n = 0; n < edge.length; n++) {
      const i = edge[n]!;
      for (let side = 0; side < 4; side++) {
        const j = neighbour4(i, side, width);
        if (j < 0 || j >= end || disparity[j] !== NOTHING || front.disparity[j] === NOTHING) continue;
        if (Math.abs(front.disparity[j]! - disparity[i]!) > (2 * SAME_HIDDEN_PX) / perDisparity[i]!) continue;
        disparity[j] = front.disparity[j]!;
        state[j] = 2;
        next.push(j);
        ring.push(j);
      }
    }
    edge = next;
  }
  layer.pixels = joined(pixels, ring);
}

function joined(pixels: Int32Array, more: readonly number[]): Int32Array {
  const all = new Int32Array(pixels.length + more.length);
  all.set(pixels);
  all.set(more, pixels.length);
  return all;
}
