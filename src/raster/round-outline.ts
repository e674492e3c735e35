/** Coverage at which an outline runs, see LayerMesh. */
const CONTOUR = 0.4;

/**
 * Coverage of a place by its surface, 0..1 (or outside), antialiased: the outline is the contour of a quadratic B-spline over the 3×3
 * pixels around. For pictures larger than the layer: along a straight edge it runs as a bilinear one does, but it rounds the stairs of a
 * slanted one.
 * @param middle the pixel that holds the place. @param u, v place in it, times 65536. @param steps of u and v to the right and down.
 */
export function roundOutline(patch: Uint32Array, middle: number, wide: number, u: number, v: number, steps: Float64Array): number {
  const x = u / 65536 - 0.5;
  const y = v / 65536 - 0.5;
  let edge = 0;
  let gx = 0;
  let gy = 0;
  for (let row = -1; row <= 1; row++) {
    const i = middle + row * wide;
    const a = patch[i - 1]! >>> 24;
    const b = patch[i]! >>> 24;
    const c = patch[i + 1]! >>> 24;
    if ((a | b | c) === 0) continue;
    const mean = 0.5 * (0.5 - x) * (0.5 - x) * a + (0.75 - x * x) * b + 0.5 * (0.5 + x) * (0.5 + x) * c;
    const slope = (x - 0.5) * a - 2 * x * b + (x + 0.5) * c;
    const weight = row === 0 ? 0.75 - y * y : 0.5 * (0.5 + row * y) * (0.5 + row * y);
    edge += weight * mean;
    gx += weight * slope;
    gy += (row === 0 ? -2 * y : y + 0.5 * row) * mean;
  }
  gx /= 255;
  gy /= 255;
  const across = gx * steps[0]! + gy * steps[2]!;
  const down = gx * steps[1]! + gy * steps[3]!;
  const slope = Math.sqrt(across * across + down * down);
  return (edge / 255 - CONTOUR) / (slope > 1e-4 ? slope : 1e-4) + 0.5;
}
