import type { Camera, Lens } from '../core/index.ts';

/** Nothing nearer to the camera than this part of `lens.near` is drawn. */
const CLIP_PART = 1 / 64;
/** Normalised depth of q = 0; what lies between it and 1 is for q < 0, where a surface runs on past infinity. */
const HORIZON = 0.98;

/**
 * Column-major matrix from homogeneous photo space, (x, y, −1, 1/z) of a photo's pixel, to the
 * clip space of a camera. Normalised depth falls linearly with the inverse distance from the
 * camera, so it is as fine for the sky as for what is near, and there is no far plane.
 */
export function clipMatrix(camera: Camera, lens: Lens): Float32Array {
  const { width, height, fx, fy, cx, cy, c2w } = camera;
  const rows = [
    [(2 * fx) / width, 0, 1 - (2 * cx) / width, 0],
    [0, (2 * fy) / height, (2 * cy) / height - 1, 0],
    [0, 0, -HORIZON, -(HORIZON + 1) * CLIP_PART * lens.near],
    [0, 0, -1, 0],
  ] as const;
  const w2c = inverseRigid(c2w);
  const matrix = new Float32Array(16);
  rows.forEach((row, r) => {
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      row.forEach((value, k) => (sum += value * w2c[k * 4 + c]!));
      matrix[c * 4 + r] = sum;
    }
  });
  return matrix;
}

/** Inverse of a rigid motion, both 4×4 in rows. */
export function inverseRigid(m: readonly number[]): number[] {
  const at = (row: number, column: number): number => m[row * 4 + column] ?? 0;
  const inverse: number[] = [];
  for (let r = 0; r < 3; r++) {
    inverse.push(at(0, r), at(1, r), at(2, r), -(at(0, r) * at(0, 3) + at(1, r) * at(1, 3) + at(2, r) * at(2, 3)));
  }
  return [...inverse, 0, 0, 0, 1];
}
