import type { DepthMap, Raster } from 'unflat/plugin';
import { skyLikeness } from './scene-cues.ts';
import { quantiles } from './quantiles.ts';
import { resizeTo } from './correlation.ts';
import { shrinkTo, type Grid } from './shrink-to.ts';

/** Longer side of the small copy that is looked at, in samples. */
const PROBE = 96;
/** Smaller holes, in parts of the picture, are no sky. */
const LEAST = 0.01;
/** Mean likeness to sky, from which a hole at the top is sky. */
const LIKE_SKY = 0.12;
/** … unless the model sees it nearer than this part of what was measured. */
const FARTHEST = 0.25;

/**
 * Depth cameras measure nothing in the sky. Holes that touch the photo's top, look like sky, and are far for the model too become
 * infinitely far instead of being filled from what is beside them.
 * @param near values that grow with nearness, 0 = infinitely far; NaN = unknown.
 * @returns the same grid where there is none.
 */
export function skyHoles(near: Grid, photo: Raster, depth?: DepthMap): Grid {
  const unknown = shrinkTo({ ...near, values: near.values.map((value) => Number(!Number.isFinite(value))) }, PROBE);
  const { width, height } = unknown;
  const isHole = unknown.values.map((share) => Number(share > 0.5));
  const isIn = new Uint8Array(isHole.length);
  const queue: number[] = [];
  for (let x = 0; x < width; x++) if (isHole[x]) queue.push(x);
  for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
    if (isIn[i] || !isHole[i]) continue;
    isIn[i] = 1;
    if (i % width > 0) queue.push(i - 1);
    if (i % width < width - 1) queue.push(i + 1);
    if (i >= width) queue.push(i - width);
    if (i + width < isIn.length) queue.push(i + width);
  }
  const count = isIn.reduce((sum, each) => sum + each, 0);
  if (count < LEAST * isIn.length) return near;
  const mean = (values: Float32Array): number => values.reduce((sum, value, i) => sum + (isIn[i] ? value : 0), 0) / count;
  if (mean(skyLikeness(photo, width, height)) < LIKE_SKY) return near;
  if (depth) {
    const model = resizeTo(shrinkTo({ width: depth.width, height: depth.height, values: depth.disparity }, PROBE), width, height).values;
    const [far = 1] = quantiles(
      model.filter((_, i) => !isHole[i]),
      [FARTHEST],
    );
    if (mean(model) > far) return near;
  }
  const within = resizeTo({ width, height, values: Float32Array.from(isIn) }, near.width, near.height).values;
  return { ...near, values: near.values.map((value, i) => (Number.isFinite(value) || !within[i] ? value : 0)) };
}
