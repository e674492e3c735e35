import { inverseDepth, type Camera, type Lens } from '../core/index.ts';

/** Numbers of a projected vertex: x and y on the picture in pixels, 1/w, nearness, and its place in layer pixels. */
export const PROJECTED = 6;
/** Nothing nearer to the camera than this part of the near distance is drawn. */
export const CLIP_PART = 1 / 64;
/** Layer n lies behind layer n − 1 at equal depth by this much nearness: less than a thousandth of the scene's depth. */
const PUSH_BACK = 3.3e-4;

/**
 * Where a camera sees a layer's vertices. Nearness is the inverse distance from the camera times the lens's near distance; it is linear
 * on the picture, where u/w, v/w and 1/w are too. A vertex before the clip plane gets NaN for 1/w.
 */
export interface Projection {
  camera: Camera;
  lens: Lens;
  margin: number;
  /** Longer side of the photo in layer pixels. */
  longer: number;
  /** Place of the layer among all, 0 = front. */
  index: number;
  /** Samples a pixel of the picture along each axis. */
  samples: number;
}

export function projectVertices(
  { camera, lens, margin, longer, index, samples }: Projection,
  vertices: Float32Array,
  to: Float64Array,
): void {
  const m = camera.c2w;
  const [m0, m1, m2, m3] = [m[0]!, m[1]!, m[2]!, m[3]!];
  const [m4, m5, m6, m7] = [m[4]!, m[5]!, m[6]!, m[7]!];
  const [m8, m9, m10, m11] = [m[8]!, m[9]!, m[10]!, m[11]!];
  const [sx, sy] = [1 / longer / lens.fx, -1 / longer / lens.fy];
  const [ox, oy] = [(-margin / longer - lens.cx) / lens.fx, (margin / longer + lens.cy) / lens.fy];
  const q0 = inverseDepth(lens, 0);
  const dq = inverseDepth(lens, 1) - q0;
  const [fx, fy, cx, cy] = [camera.fx * samples, camera.fy * samples, camera.cx * samples, camera.cy * samples];
  const near = lens.near;
  const behind = PUSH_BACK * index;
  for (let n = 0, o = 0; n < vertices.length; n += 5, o += PROJECTED) {
    const u = vertices[n]!;
    const v = vertices[n + 1]!;
    const q = vertices[n + 2]! * dq + q0;
    // The inverse of a rotation is its transpose.
    const x = u * sx + ox - m3 * q;
    const y = v * sy + oy - m7 * q;
    const z = -1 - m11 * q;
    const w = -(m2 * x + m6 * y + m10 * z);
    const inverse = 1 / w;
    to[o] = fx * (m0 * x + m4 * y + m8 * z) * inverse + cx;
    to[o + 1] = -fy * (m1 * x + m5 * y + m9 * z) * inverse + cy;
    to[o + 2] = w > 1e-4 && q * near * CLIP_PART < w ? inverse : NaN;
    to[o + 3] = q * near * inverse - behind;
    to[o + 4] = u;
    to[o + 5] = v;
  }
}
