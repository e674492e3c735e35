import type { DepthMap } from 'unflat/plugin';

export interface ReliefOptions {
  /** Longer side in millimetres. */
  sizeMm: number;
  /** How far the nearest comes out of the base, in millimetres. */
  depthMm: number;
  /** Thickness of the plate under what is farthest, in millimetres. */
  baseMm: number;
  /** Points along the longer side, at least 2. */
  samples: number;
}

/** A closed surface: points in millimetres, and three of their indices a triangle, counter-clockwise as seen from outside. */
export interface Plate {
  points: Float32Array;
  triangles: Uint32Array;
}

/**
 * A plate whose front is the depth map, lying on its back: x right, y up in the photo, z out of it. It is watertight: each edge belongs
 * to two triangles, once in each direction.
 */
export function reliefTriangles(depth: DepthMap, { sizeMm, depthMm, baseMm, samples }: ReliefOptions): Plate {
  const longer = Math.max(depth.width, depth.height);
  const across = Math.max(2, Math.round((samples * depth.width) / longer));
  const down = Math.max(2, Math.round((samples * depth.height) / longer));
  const step = sizeMm / (Math.max(across, down) - 1);
  const border = borderOf(across, down);
  const top = across * down;
  const points = new Float32Array(3 * (top + border.length + 1));
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const d = meanAt(depth, x / across, y / down, 1 / across, 1 / down);
      points.set([x * step, (down - 1 - y) * step, baseMm + depthMm * d], 3 * (y * across + x));
    }
  }
  border.forEach((i, n) => points.set([points[3 * i]!, points[3 * i + 1]!, 0], 3 * (top + n)));
  const middle = top + border.length;
  points.set([((across - 1) * step) / 2, ((down - 1) * step) / 2, 0], 3 * middle);

  const triangles = new Uint32Array(3 * (2 * (across - 1) * (down - 1) + 3 * border.length));
  let at = 0;
  const add = (a: number, b: number, c: number): void => {
    triangles.set([a, b, c], at);
    at += 3;
  };
  for (let y = 0; y + 1 < down; y++) {
    for (let x = 0; x + 1 < across; x++) {
      const i = y * across + x;
      add(i, i + across, i + 1);
      add(i + 1, i + across, i + across + 1);
    }
  }
  // The border goes round counter-clockwise: walls down to the back, and the back as a fan.
  border.forEach((i, n) => {
    const next = (n + 1) % border.length;
    const [low, lowNext] = [top + n, top + next];
    add(i, low, lowNext);
    add(i, lowNext, border[next]!);
    add(low, middle, lowNext);
  });
  return { points, triangles };
}

/** The grid's border, counter-clockwise as seen from the front, from the upper left corner. */
function borderOf(across: number, down: number): number[] {
  const border: number[] = [];
  for (let y = 0; y + 1 < down; y++) border.push(y * across);
  for (let x = 0; x + 1 < across; x++) border.push((down - 1) * across + x);
  for (let y = down - 1; y > 0; y--) border.push(y * across + across - 1);
  for (let x = across - 1; x > 0; x--) border.push(x);
  return border;
}

/** Mean disparity of a part of the map, 0..1. @param x, y, width, height in parts of the map. */
function meanAt({ width, height, disparity }: DepthMap, x: number, y: number, partX: number, partY: number): number {
  const x0 = Math.min(width - 1, Math.floor(x * width));
  const y0 = Math.min(height - 1, Math.floor(y * height));
  const x1 = Math.min(width, Math.max(x0 + 1, Math.floor((x + partX) * width)));
  const y1 = Math.min(height, Math.max(y0 + 1, Math.floor((y + partY) * height)));
  let sum = 0;
  for (let v = y0; v < y1; v++) {
    for (let u = x0; u < x1; u++) {
      const d = disparity[v * width + u]!;
      sum += d > 0 ? Math.min(d, 1) : 0;
    }
  }
  return sum / ((x1 - x0) * (y1 - y0));
}
