/** x right, y up, z towards the viewer. */
export type Vector = readonly [x: number, y: number, z: number];

/** A flat ellipse in space. */
export interface Ellipse {
  /** Standard deviations along its own three axes; the third is its thickness. */
  sizes: Vector;
  /** Unit quaternion that turns the world's axes into its own, w at least 0. */
  turn: readonly [w: number, x: number, y: number, z: number];
}

/** Thickness as a part of the smaller half axis. */
const THIN = 0.1;

/**
 * The ellipse whose covariance is `spread`² (a aᵀ + b bᵀ): the pixel's square of sides `a` and `b`, as a Gaussian.
 * Its axes are the eigenvectors of the covariance in the plane of both.
 */
export function ellipseOf(a: Vector, b: Vector, spread: number): Ellipse {
  const lengthA = Math.hypot(...a) || 1e-9;
  const u = scaled(a, 1 / lengthA);
  const normal = unit(cross(a, b), [0, 0, 1]);
  const v = cross(normal, u);
  const p = dot(b, u);
  const q = dot(b, v);
  const [uu, uv, vv] = [lengthA * lengthA + p * p, p * q, q * q];
  const angle = Math.atan2(2 * uv, uu - vv) / 2;
  const half = Math.hypot((uu - vv) / 2, uv);
  const mean = (uu + vv) / 2;
  const first = plus(scaled(u, Math.cos(angle)), scaled(v, Math.sin(angle)));
  const second = cross(normal, first);
  const large = spread * Math.sqrt(mean + half);
  const small = spread * Math.sqrt(Math.max(1e-6 * mean, mean - half));
  return { sizes: [large, small, THIN * small], turn: quaternionOf(first, second, normal) };
}

/** Quaternion of a rotation matrix whose columns are these. Source: Shepperd's method, by its largest part. */
function quaternionOf(x: Vector, y: Vector, z: Vector): Ellipse['turn'] {
  const trace = x[0] + y[1] + z[2];
  let turn: [number, number, number, number];
  if (trace > Math.max(x[0], y[1], z[2])) turn = [1 + trace, y[2] - z[1], z[0] - x[2], x[1] - y[0]];
  else if (x[0] >= y[1] && x[0] >= z[2]) turn = [y[2] - z[1], 1 + x[0] - y[1] - z[2], x[1] + y[0], z[0] + x[2]];
  else if (y[1] >= z[2]) turn = [z[0] - x[2], x[1] + y[0], 1 - x[0] + y[1] - z[2], y[2] + z[1]];
  else turn = [x[1] - y[0], z[0] + x[2], y[2] + z[1], 1 - x[0] - y[1] + z[2]];
  const length = Math.hypot(...turn) * (turn[0] < 0 ? -1 : 1);
  return [turn[0] / length, turn[1] / length, turn[2] / length, turn[3] / length];
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

function unit(a: Vector, otherwise: Vector): Vector {
  const length = Math.hypot(...a);
  return length > 0 ? scaled(a, 1 / length) : otherwise;
}
