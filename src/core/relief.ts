import { inverseDepth, type Lens } from './lens.ts';
import type { Scene } from './scene.ts';

/** A scene's lens with its depth made compact, for programs that show the whole model. */
export interface Relief {
  /** Lens of the scene with other values of `near` and `far`. */
  lens: Lens;
  /** Distance of the photo's median pixel through that lens, scene units. */
  centre: number;
  /** By how much differences in inverse depth became smaller: 1 = the depth is as it was. */
  scale: number;
}

/** The farthest thing is at most this many times as far as the nearest one: judged by eye, seen from 30° aside. */
const MOST_RATIO = 3;
/** From the nearest to the farthest thing it is at most this many picture widths at the median depth. */
const MOST_WIDTHS = 3;
/** Part of the photo's pixels that may be nearer than what counts as its nearest thing. */
const STRAY = 0.005;
/** So many pixels of the photo are enough to know its median by. */
const SAMPLES = 200_000;
/** Where the far end is at infinity, it is taken to be so many times as far as the near end. */
const MOST_DISTANT = 1000;

/**
 * The scene's depth as a relief. A photo's camera sees the same picture, planes stay planes and what is nearest stays in its
 * place: a constant is added to all inverse depths, the smallest one with which the scene is not too deep. So the sky and all that is
 * very far become one backdrop. A scene that is not too deep keeps its lens.
 */
export function reliefOf({ lens, layers, width, height }: Scene): Relief {
  const inverse = (d: number): number => Math.max(inverseDepth(lens, d), 1 / Math.min(lens.far, MOST_DISTANT * lens.near));
  const step = Math.ceil((width * height) / SAMPLES);
  const front: number[] = [];
  let farthest = Infinity;
  for (const [k, { rgba, disparity, margin, width: wide }] of layers.entries()) {
    for (let i = 0; i < disparity.length; i++) {
      const d = disparity[i]!;
      if (rgba[4 * i + 3]! < 128 || !Number.isFinite(d)) continue;
      const q = inverse(d);
      if (q < farthest) farthest = q;
      if (k > 0 || i % step > 0) continue;
      const x = (i % wide) - margin;
      const y = Math.floor(i / wide) - margin;
      if (x >= 0 && y >= 0 && x < width && y < height) front.push(q);
    }
  }
  if (front.length === 0) return { lens, centre: 0, scale: 1 };
  const sorted = Float32Array.from(front).sort();
  const nearest = sorted[Math.floor((1 - STRAY) * (sorted.length - 1))]!;
  const median = sorted[sorted.length >> 1]!;
  const ratio = 1 + Math.min(MOST_RATIO - 1, (MOST_WIDTHS * width) / Math.max(width, height) / lens.fx);
  const added = Math.max(0, (nearest - ratio * farthest) / (ratio - 1));
  const scale = nearest / (nearest + added);
  const end = (z: number): number => 1 / (scale * (1 / z + added));
  return {
    lens: added > 0 ? { ...lens, near: end(lens.near), far: end(lens.far) } : lens,
    centre: 1 / (scale * (median + added)),
    scale,
  };
}
