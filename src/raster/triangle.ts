import { PROJECTED } from './project-vertices.ts';

/** A triangle on the picture, as numbers that its rows are filled by. One object is used for all: nothing is allocated a triangle. */
export class Triangle {
  /** First row, and the first after the last. */
  top = 0;
  bottom = 0;
  /** x of both edges is `start + (y − at)·slope`: the long one, and the short ones above and below `middle`. */
  readonly edges = new Float64Array(10);
  /** Of u, v, nearness and 1/w each: the value at the first vertex, and its step to the right and down. u and v are divided by w unless isFlat. */
  readonly values = new Float64Array(12);
  /** Steps of u to the right and down, and of v, in layer pixels a sample, in the triangle's middle. */
  readonly steps = new Float64Array(4);
  /** So little depth within it that u and v are linear on the picture. */
  isFlat = true;

  /**
   * @param a, b, c vertices, as positions in `projected`.
   * @returns whether any row of the picture may have to do with it.
   */
  set(projected: Float64Array, a: number, b: number, c: number, width: number, height: number): boolean {
    // From top to bottom: then an edge that two triangles share is followed alike in both.
    let i = a * PROJECTED;
    let j = b * PROJECTED;
    let k = c * PROJECTED;
    if (projected[j + 1]! < projected[i + 1]!) {
      const swapped = i;
      i = j;
      j = swapped;
    }
    if (projected[k + 1]! < projected[i + 1]!) {
      const swapped = i;
      i = k;
      k = swapped;
    }
    if (projected[k + 1]! < projected[j + 1]!) {
      const swapped = j;
      j = k;
      k = swapped;
    }
    const x0 = projected[i]!;
    const y0 = projected[i + 1]!;
    const x1 = projected[j]!;
    const y1 = projected[j + 1]!;
    const x2 = projected[k]!;
    const y2 = projected[k + 1]!;
    if (y2 <= 0.5 || y0 > height || Math.max(x0, x1, x2) <= 0.5 || Math.min(x0, x1, x2) > width) return false;
    this.top = Math.max(0, Math.ceil(y0 - 0.5));
    this.bottom = Math.min(height, Math.ceil(y2 - 0.5));
    if (this.top >= this.bottom) return false;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (!(area !== 0)) return false;
    const { edges, steps, values } = this;
    edges[0] = x0;
    edges[1] = y0;
    edges[2] = (x2 - x0) / (y2 - y0);
    edges[3] = y1 > y0 ? (x1 - x0) / (y1 - y0) : 0;
    edges[4] = x1;
    edges[5] = y1;
    edges[6] = y2 > y1 ? (x2 - x1) / (y2 - y1) : 0;
    const w0 = projected[i + 2]!;
    const w1 = projected[j + 2]!;
    const w2 = projected[k + 2]!;
    const u0 = projected[i + 4]!;
    const u1 = projected[j + 4]!;
    const u2 = projected[k + 4]!;
    const v0 = projected[i + 5]!;
    const v1 = projected[j + 5]!;
    const v2 = projected[k + 5]!;
    const spread = Math.max(Math.abs(w1 - w0), Math.abs(w2 - w0), Math.abs(w2 - w1));
    const extent = Math.max(Math.abs(u1 - u0), Math.abs(u2 - u0), Math.abs(v1 - v0), Math.abs(v2 - v0));
    this.isFlat = spread * extent < MOST_BEND * w0;
    const inverse = 1 / area;
    const right1 = (y2 - y0) * inverse;
    const right2 = (y0 - y1) * inverse;
    const down1 = (x0 - x2) * inverse;
    const down2 = (x1 - x0) * inverse;
    const k0 = projected[i + 3]!;
    const k1 = projected[j + 3]! - k0;
    const k2 = projected[k + 3]! - k0;
    values[6] = k0;
    values[7] = k1 * right1 + k2 * right2;
    values[8] = k1 * down1 + k2 * down2;
    // By 1/w where that matters: it is linear on the picture, and so are u/w and v/w.
    const isFlat = this.isFlat;
    const a0 = isFlat ? u0 : u0 * w0;
    const a1 = (isFlat ? u1 : u1 * w1) - a0;
    const a2 = (isFlat ? u2 : u2 * w2) - a0;
    const b0 = isFlat ? v0 : v0 * w0;
    const b1 = (isFlat ? v1 : v1 * w1) - b0;
    const b2 = (isFlat ? v2 : v2 * w2) - b0;
    values[0] = a0;
    steps[0] = values[1] = a1 * right1 + a2 * right2;
    steps[1] = values[2] = a1 * down1 + a2 * down2;
    values[3] = b0;
    steps[2] = values[4] = b1 * right1 + b2 * right2;
    steps[3] = values[5] = b1 * down1 + b2 * down2;
    if (isFlat) return true;
    values[9] = w0;
    values[10] = (w1 - w0) * right1 + (w2 - w0) * right2;
    values[11] = (w1 - w0) * down1 + (w2 - w0) * down2;
    const w = 3 / (w0 + w1 + w2);
    const u = ((u0 * w0 + u1 * w1 + u2 * w2) * w) / 3;
    const v = ((v0 * w0 + v1 * w1 + v2 * w2) * w) / 3;
    steps[0] = (values[1] - u * values[10]) * w;
    steps[1] = (values[2] - u * values[11]) * w;
    steps[2] = (values[4] - v * values[10]) * w;
    steps[3] = (values[5] - v * values[11]) * w;
    return true;
  }
}

/** u and v may bend by a fourth of this many layer pixels before they are divided by w. */
const MOST_BEND = 0.1;
