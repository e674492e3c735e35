import { inverseDepth } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';

/** Outermost points of layer 0 on one side, four numbers each: x, y, −1 and inverse distance, homogeneous. */
type Side = Float32Array;

/** The rim of what there is to see. */
export interface Rim {
  top: Side;
  bottom: Side;
  left: Side;
  right: Side;
}

/** A frame may end this far outside the rim: the renderer's filtering covers it. */
const TOLERANCE_PX = 0.5;

/** The rim of layer 0, which holds the photo and what was grown around it. */
export function rimOf(scene: Scene): Rim {
  const layer = scene.layers[0];
  const { lens } = scene;
  const longer = Math.max(scene.width, scene.height);
  const points = { top: [] as number[], bottom: [] as number[], left: [] as number[], right: [] as number[] };
  const find = (side: number[], count: number, at: (step: number) => [number, number], edge: [number, number]): void => {
    if (!layer) return;
    for (let step = 0; step < count; step++) {
      const [x, y] = at(step);
      const i = y * layer.width + x;
      const d = layer.disparity[i]!;
      if (layer.rgba[4 * i + 3] === 0 || !Number.isFinite(d)) continue;
      const u = (x + edge[0] - layer.margin) / longer;
      const v = (y + edge[1] - layer.margin) / longer;
      side.push((u - lens.cx) / lens.fx, -(v - lens.cy) / lens.fy, -1, Math.max(0, inverseDepth(lens, d)));
      return;
    }
  };
  const width = layer?.width ?? 0;
  const height = layer?.height ?? 0;
  for (let x = 0; x < width; x++) {
    find(points.top, height, (step) => [x, step], [0.5, 0]);
    find(points.bottom, height, (step) => [x, height - 1 - step], [0.5, 1]);
  }
  for (let y = 0; y < height; y++) {
    find(points.left, width, (step) => [step, y], [0, 0.5]);
    find(points.right, width, (step) => [width - 1 - step, y], [1, 0.5]);
  }
  return {
    top: new Float32Array(points.top),
    bottom: new Float32Array(points.bottom),
    left: new Float32Array(points.left),
    right: new Float32Array(points.right),
  };
}

/** Whether the whole frame of an unturned camera lies within the rim. */
export function isCovered(rim: Rim, camera: Camera): boolean {
  const { width, height } = camera;
  const inside = (value: number, size: number): boolean => value > 0 && value < size;
  return (
    every(rim.top, camera, (u, v) => !inside(u, width) || v <= TOLERANCE_PX) &&
    every(rim.bottom, camera, (u, v) => !inside(u, width) || v >= height - TOLERANCE_PX) &&
    every(rim.left, camera, (u, v) => !inside(v, height) || u <= TOLERANCE_PX) &&
    every(rim.right, camera, (u, v) => !inside(v, height) || u >= width - TOLERANCE_PX)
  );
}

function every(side: Side, camera: Camera, holds: (u: number, v: number) => boolean): boolean {
  const { fx, fy, cx, cy, c2w } = camera;
  const tx = c2w[3]!;
  const ty = c2w[7]!;
  const tz = c2w[11]!;
  for (let i = 0; i < side.length; i += 4) {
    const q = side[i + 3]!;
    const ahead = 1 + tz * q;
    if (ahead <= 0) return false;
    if (!holds(cx + (fx * (side[i]! - tx * q)) / ahead, cy - (fy * (side[i + 1]! - ty * q)) / ahead)) return false;
  }
  return true;
}
