import type { Passes } from 'unflat/plugin';

/**
 * Smooths the colours of holes along their own surface: Gauss–Seidel sweeps of the membrane equation,
 * across neighbours that are one surface by disparity only. Changes the colours in place, under `order` only.
 * @param rgbd four a pixel, and four zeros behind the last; the fourth is left alone.
 * @param order indices of the pixels to smooth. @param hole, context where neither is set there is no colour to lend.
 */
export function* diffuse(
  rgbd: Float32Array,
  order: Int32Array,
  { hole, context, disparity, sameSurface, width, height }: Ground,
  sweeps: number,
): Passes<void> {
  // Who lends to whom does not change from sweep to sweep: where nobody does stand the zeros.
  const nobody = rgbd.length - 4;
  const lenders = new Int32Array(order.length * 4).fill(nobody);
  const share = new Float32Array(order.length);
  const last = width * (height - 1);
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!;
    const x = i % width;
    const d = disparity[i]!;
    const lends = (j: number) => (hole[j]! | context[j]!) !== 0 && Math.abs(disparity[j]! - d) <= sameSurface;
    let m = n * 4;
    if (x > 0 && lends(i - 1)) lenders[m++] = (i - 1) * 4;
    if (x + 1 < width && lends(i + 1)) lenders[m++] = (i + 1) * 4;
    if (i >= width && lends(i - width)) lenders[m++] = (i - width) * 4;
    if (i < last && lends(i + width)) lenders[m++] = (i + width) * 4;
    if (m === n * 4) lenders[m++] = i * 4;
    share[n] = 1 / (m - n * 4);
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    yield;
    smoothOnce(rgbd, order, lenders, share, sweep % 2 === 0);
  }
}

/** The picture's numbers a pixel, see InpaintInput. */
interface Ground {
  width: number;
  height: number;
  hole: Uint8Array;
  context: Uint8Array;
  disparity: Float32Array;
  sameSurface: number;
}

function smoothOnce(rgbd: Float32Array, order: Int32Array, lenders: Int32Array, share: Float32Array, forward: boolean): void {
  for (let n = 0; n < order.length; n++) {
    const m = forward ? n : order.length - 1 - n;
    const i = order[m]! * 4;
    const a = lenders[m * 4]!,
      b = lenders[m * 4 + 1]!,
      c = lenders[m * 4 + 2]!,
      d = lenders[m * 4 + 3]!;
    const w = share[m]!;
    rgbd[i] = w * (rgbd[a]! + rgbd[b]! + rgbd[c]! + rgbd[d]!);
    rgbd[i + 1] = w * (rgbd[a + 1]! + rgbd[b + 1]! + rgbd[c + 1]! + rgbd[d + 1]!);
    rgbd[i + 2] = w * (rgbd[a + 2]! + rgbd[b + 2]! + rgbd[c + 2]! + rgbd[d + 2]!);
  }
}
