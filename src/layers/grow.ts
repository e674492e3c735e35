import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';
import { inward } from './decontaminate.ts';
import { enlarged } from './enlarged.ts';
import { fitPlane } from './plane.ts';
import { farthestNearby, photoIndex } from './surfaces.ts';
import type { Reach } from './reach.ts';

/** Hidden layers at most; where more backgrounds overlap, the last ones are left out. */
const MAX_HIDDEN = 3;
/** Pixels grown beyond what the eyebox needs, for filtering and rounding. */
const SPARE_PX = 3;
/** Pixels of the visible far side that a hidden layer repeats, so that it joins without a crack. */
const RING_PX = 3;
/** Two grown surfaces closer than this (pixels of parallax) are one. */
const SAME_PX = 1.5;
/** A surface with another behind it grows by at most this share of the square root of its visible area. */
const SIZE_SHARE = 0.7;
/** Whether something lies behind is looked up in blocks of this many pixels, over this neighbourhood. */
const BLOCK = 8;
const NEIGHBOURHOOD_PX = 40;
/** Rounds of smoothing of the first hidden layer; what lies behind it is seen less, and gets half. */
const RELAX_ROUNDS = 6;
/** A slope is continued behind its cover over this many pixels at full strength, then fades. */
const SLOPE_PX = 60;

/** A visible pixel at the far side of a tear, from which its surface goes on behind the near side. */
interface Sources {
  x: Int32Array;
  y: Int32Array;
  d: Float32Array;
  gx: Float32Array;
  gy: Float32Array;
  /** Disparity of the near side at the tear: how far its edge can move away. */
  near: Float32Array;
  /** Pixels that the surface may grow at most: a leaf is not a wall. */
  most: Float32Array;
  /** Pixel whose colour stands for the surface: a step away from the tear, where colours mix. */
  colour: Int32Array;
}

/** One hidden layer while it grows, at layer size. */
export interface HiddenLayer {
  /** NOTHING where the layer has nothing. */
  disparity: Float32Array;
  /** 1 = grown, to be painted; 2 = ring: repeats the visible pixel. */
  state: Uint8Array;
  /** Where grown: the visible pixel whose colour is the first guess. */
  from: Int32Array;
  /** Indices of the grown pixels, then those of the ring. */
  pixels: Int32Array;
}

/**
 * Continues the far side of every tear behind its near side, as far as a camera in the eyebox can
 * look behind it: a breadth-first front from all tears at once, each pixel at most once a layer.
 * Where two surfaces want the same pixel, the next layer takes the second.
 */
export function growHidden(front: Layer, reach: Reach, perDisparity: Float32Array, areas: Int32Array): HiddenLayer[] {
  const { width, height, disparity: cover } = front;
  const layers: HiddenLayer[] = [];
  const layerAt = (k: number): HiddenLayer => {
    while (layers.length <= k) {
      layers.push({ disparity: new Float32Array(width * height).fill(NOTHING), state: new Uint8Array(width * height), from: new Int32Array(width * height), pixels: new Int32Array(0) });
    }
    return layers[k]!;
  };
  const { sources, seeds, origin } = findSources(front, reach, areas);
  let pixels = new Queue(seeds, origin);
  let next = new Queue(new Int32Array(1 << 14), new Int32Array(1 << 14));
  while (pixels.length > 0) {
    next.length = 0;
    for (let n = 0; n < pixels.length; n++) {
      const i = pixels.at[n]!;
      const s = pixels.owner[n]!;
      const covering = cover[i]!;
      if (covering === NOTHING) continue;
      const x = i % width;
      const y = (i - x) / width;
      const ox = x - sources.x[s]!;
      const oy = y - sources.y[s]!;
      const far = Math.sqrt(ox * ox + oy * oy);
      const px = perDisparity[i]!;
      let d = sources.d[s]! + ((sources.gx[s]! * ox + sources.gy[s]! * oy) * SLOPE_PX) / (SLOPE_PX + far);
      if (d < 0) d = 0;
      // It has come out from behind its cover.
      const behind = covering - d;
      if (behind * px < SAME_PX) continue;
      const near = sources.near[s]!;
      if (far > SPARE_PX && (far > sources.most[s]! || far > (near > covering ? near - d : behind) * px + SPARE_PX)) continue;
      const same = (2 * SAME_PX) / px;
      for (let k = 0; k < MAX_HIDDEN; k++) {
        const layer = layerAt(k);
        const there = layer.disparity[i]!;
        if (there === NOTHING) {
          layer.disparity[i] = d;
          layer.state[i] = 1;
          layer.from[i] = sources.colour[s]!;
          const placed = layer.disparity;
          const room = d + same;
          for (let side = 0; side < 4; side++) {
            if (side === 0 ? x === 0 : side === 1 ? x + 1 === width : side === 2 ? y === 0 : y + 1 === height) continue;
            const j = side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
            if (cover[j] !== NOTHING && (placed[j] === NOTHING || placed[j]! >= room)) next.push(j, s);
          }
          break;
        }
        // The nearest source is likeliest to be right: what comes later may only lie behind it.
        if (d > there - same) break;
      }
    }
    [pixels, next] = [next, pixels];
  }
  for (const [k, layer] of layers.entries()) {
    const inside = indicesOf(layer.state);
    relax(layer, front, perDisparity, inside, k === 0 ? RELAX_ROUNDS : RELAX_ROUNDS / 2);
    layer.pixels = addRing(layer, front, perDisparity, inside);
  }
  return layers;
}

/** Pixels on a front with the source each belongs to; grows, is never shrunk. */
class Queue {
  at: Int32Array;
  owner: Int32Array;
  length: number;

  constructor(at: Int32Array, owner: Int32Array) {
    this.at = at.length > 0 ? at : new Int32Array(1);
    this.owner = owner.length > 0 ? owner : new Int32Array(1);
    this.length = at.length;
  }

  push(pixel: number, source: number): void {
    if (this.length === this.at.length) {
      this.at = enlarged(this.at);
      this.owner = enlarged(this.owner);
    }
    this.at[this.length] = pixel;
    this.owner[this.length++] = source;
  }
}

/** Every torn link's far pixel with its plane; each near pixel beside it is where its front starts. */
function findSources(front: Layer, reach: Reach, areas: Int32Array): { sources: Sources; seeds: Int32Array; origin: Int32Array } {
  const { width, height, margin, disparity, joins } = front;
  const id = new Int32Array(width * height).fill(-1);
  const at: number[] = [];
  const near: number[] = [];
  const colour: number[] = [];
  const seeds: number[] = [];
  const origin: number[] = [];
  const tear = (a: number, b: number) => {
    if (disparity[a] === NOTHING || disparity[b] === NOTHING) return;
    const [n, f] = disparity[a]! > disparity[b]! ? [a, b] : [b, a];
    let s = id[f]!;
    if (s < 0) {
      s = at.length;
      id[f] = s;
      at.push(f);
      near.push(disparity[n]!);
      colour.push(inward(front, f, f - n));
    } else if (near[s]! < disparity[n]!) {
      near[s] = disparity[n]!;
    }
    seeds.push(n);
    origin.push(s);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width && !(joins[i]! & JOINED_RIGHT)) tear(i, i + 1);
      if (y + 1 < height && !(joins[i]! & JOINED_DOWN)) tear(i, i + width);
    }
  }
  const count = at.length;
  const sources: Sources = {
    x: new Int32Array(count),
    y: new Int32Array(count),
    d: new Float32Array(count),
    gx: new Float32Array(count),
    gy: new Float32Array(count),
    near: Float32Array.from(near),
    most: new Float32Array(count),
    colour: Int32Array.from(colour),
  };
  const far = farthestNearby(front, BLOCK, NEIGHBOURHOOD_PX);
  for (let s = 0; s < count; s++) {
    const i = at[s]!;
    const x = i % width;
    const y = (i - x) / width;
    const tolerance = 1.5 / reach.perDisparity(x - margin, y - margin);
    const plane = fitPlane(front, x, y, tolerance);
    sources.x[s] = x;
    sources.y[s] = y;
    sources.d[s] = plane.d;
    sources.gx[s] = plane.gx;
    sources.gy[s] = plane.gy;
    const least = far.least[Math.floor(y / BLOCK) * far.columns + Math.floor(x / BLOCK)]!;
    // What has nothing behind it must reach as far as anyone can look; what has is as large again as it shows.
    sources.most[s] = plane.d - least < 2 * tolerance ? Infinity : Math.sqrt(areas[photoIndex(front, x, y)]!) * SIZE_SHARE;
  }
  // At equal distance the nearer surface comes first: what lies behind it can still follow.
  return { sources, ...nearestFirst(seeds, origin, sources.d) };
}

/** Orders seeds by falling disparity of their sources, to a thousandth: a counting sort. */
function nearestFirst(seeds: readonly number[], origin: readonly number[], d: Float32Array): { seeds: Int32Array; origin: Int32Array } {
  const key = (n: number) => 1000 - Math.min(1000, Math.max(0, Math.round(d[origin[n]!]! * 1000)));
  const start = new Int32Array(1002);
  for (let n = 0; n < seeds.length; n++) start[key(n) + 1]!++;
  for (let k = 1; k < start.length; k++) start[k]! += start[k - 1]!;
  const sorted = { seeds: new Int32Array(seeds.length), origin: new Int32Array(seeds.length) };
  for (let n = 0; n < seeds.length; n++) {
    const at = start[key(n)]!++;
    sorted.seeds[at] = seeds[n]!;
    sorted.origin[at] = origin[n]!;
  }
  return sorted;
}

function indicesOf(state: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < state.length; i++) count += state[i]!;
  const indices = new Int32Array(count);
  for (let i = 0, n = 0; i < state.length; i++) if (state[i]) indices[n++] = i;
  return indices;
}

/** Smooths the streaks that single sources leave, within a surface, and keeps it behind its cover. */
function relax(layer: HiddenLayer, front: Layer, perDisparity: Float32Array, inside: Int32Array, rounds: number): void {
  const { width, height } = front;
  const { disparity } = layer;
  const end = width * height;
  for (let pass = 0; pass < rounds; pass++) {
    const forward = pass % 2 === 0;
    for (let n = 0; n < inside.length; n++) {
      const i = inside[forward ? n : inside.length - 1 - n]!;
      const d = disparity[i]!;
      const same = (2 * SAME_PX) / perDisparity[i]!;
      let sum = d;
      let weight = 1;
      for (let side = 0; side < 4; side++) {
        const j = side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
        if (j < 0 || j >= end) continue;
        let other = disparity[j]!;
        // Where this layer ends, the visible surface that it continues takes its place.
        if (other === NOTHING) other = front.disparity[j]!;
        const off = other - d;
        if (off > same || off < -same) continue;
        sum += other;
        weight++;
      }
      disparity[i] = sum / weight;
    }
  }
}

/** Repeats the visible pixels next to a grown surface that it continues; returns all pixels of the layer. */
function addRing(layer: HiddenLayer, front: Layer, perDisparity: Float32Array, inside: Int32Array): Int32Array {
  const { width, height } = front;
  const { disparity, state } = layer;
  const end = width * height;
  const ring: number[] = [];
  let edge: ArrayLike<number> = inside;
  for (let pass = 0; pass < RING_PX; pass++) {
    const next: number[] = [];
    for (let n = 0; n < edge.length; n++) {
      const i = edge[n]!;
      const same = (2 * SAME_PX) / perDisparity[i]!;
      for (let side = 0; side < 4; side++) {
        const j = side === 0 ? i - 1 : side === 1 ? i + 1 : side === 2 ? i - width : i + width;
        if (j < 0 || j >= end || disparity[j] !== NOTHING || front.disparity[j] === NOTHING) continue;
        if (Math.abs(front.disparity[j]! - disparity[i]!) > same) continue;
        disparity[j] = front.disparity[j]!;
        state[j] = 2;
        next.push(j);
        ring.push(j);
      }
    }
    edge = next;
  }
  const pixels = new Int32Array(inside.length + ring.length);
  pixels.set(inside);
  pixels.set(ring, inside.length);
  return pixels;
}
