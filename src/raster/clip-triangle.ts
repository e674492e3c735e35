import { inverseDepth } from '../core/index.ts';
import { CLIP_PART, PROJECTED, projectVertices, type Projection } from './project-vertices.ts';

/** Vertices that clipping a triangle may add: each of two planes adds two at most. */
export const CLIPPED = 8;
/** Parts of the lens's near distance and of w that are kept from 0, so that nothing is divided by it. */
const KEPT = 1.0001;

/**
 * Cuts a triangle off at the clip plane, for cameras that are all but in it.
 * @param to where the corners of what is left are written, as projected vertices.
 * @returns how many there are: 0, or 3 to 5; they are the corners of a convex shape, in order.
 */
export function clipTriangle(projection: Projection, vertices: Float32Array, corners: readonly number[], to: Float64Array): number {
  const { camera, lens } = projection;
  const m = camera.c2w;
  const margin = projection.margin;
  const nearness = (u: number, v: number, d: number): number => {
    const q = inverseDepth(lens, d);
    const x = ((u - margin) / projection.longer - lens.cx) / lens.fx - m[3]! * q;
    const y = -((v - margin) / projection.longer - lens.cy) / lens.fy - m[7]! * q;
    const w = -(m[2]! * x + m[6]! * y + m[10]! * (-1 - m[11]! * q));
    return Math.min(w - 1e-4 * KEPT, w - q * lens.near * CLIP_PART * KEPT);
  };
  // Places in the layer are linear in homogeneous coordinates; both planes are, so their lesser is cut where it is 0, by halves.
  const shape: [number, number, number][] = [];
  const points = corners.map((n): [number, number, number] => [vertices[n * 5]!, vertices[n * 5 + 1]!, vertices[n * 5 + 2]!]);
  points.forEach((a, n) => {
    const b = points[(n + 1) % 3]!;
    const [inA, inB] = [nearness(...a) > 0, nearness(...b) > 0];
    if (inA) shape.push(a);
    if (inA !== inB) shape.push(crossing(inA ? a : b, inA ? b : a, nearness));
  });
  if (shape.length < 3) return 0;
  projectVertices(projection, Float32Array.from(shape.flatMap(([u, v, d]) => [u, v, d, 0, 0])), to);
  for (let n = 0; n < shape.length; n++) if (Number.isNaN(to[n * PROJECTED + 2]!)) return 0;
  return shape.length;
}

function crossing(
  inside: readonly [number, number, number],
  outside: readonly [number, number, number],
  nearness: (u: number, v: number, d: number) => number,
): [number, number, number] {
  const at = (part: number): [number, number, number] => [
    inside[0] + (outside[0] - inside[0]) * part,
    inside[1] + (outside[1] - inside[1]) * part,
    inside[2] + (outside[2] - inside[2]) * part,
  ];
  let low = 0;
  let high = 1;
  for (let n = 0; n < 24; n++) {
    const middle = (low + high) / 2;
    if (nearness(...at(middle)) > 0) low = middle;
    else high = middle;
  }
  return at(low * 0.9999);
}
