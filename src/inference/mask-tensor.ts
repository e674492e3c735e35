import type { MaskInput, MaskNumbers, Tensor } from '../core/index.ts';
import { toHalf } from './to-half.ts';

/** Size of the mask that is given, and of the one that is fed: the picture's. */
export interface MaskSize {
  from: { width: number; height: number };
  width: number;
  height: number;
}

/**
 * Makes a model's mask: `fill` wherever a pixel that is to be inpainted lies under the fed pixel, so that no model
 * takes what is half unknown for known; `keep` elsewhere.
 * @param mask 1 = to be inpainted. @throws TypeError where it has not the picture's size.
 */
export function maskTensor(
  mask: Uint8Array,
  { from, width, height }: MaskSize,
  { type, shape, keep, fill }: MaskInput & MaskNumbers,
  mirrored = false,
): Tensor {
  if (mask.length !== from.width * from.height)
    throw new TypeError(`request.mask must have ${from.width} × ${from.height} pixels, got ${mask.length}`);
  const dims = shape.map((axis) => (axis === 'height' ? height : axis === 'width' ? width : 1));
  const isTurned = shape.indexOf('width') < shape.indexOf('height');
  const data =
    type === 'float32'
      ? new Float32Array(width * height)
      : type === 'float16'
        ? new Uint16Array(width * height)
        : new Uint8Array(width * height);
  const [known, unknown] = type === 'float16' ? [toHalf(keep), toHalf(fill)] : [keep, fill];
  const columns = spans(from.width, width);
  const rows = spans(from.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = mirrored ? width - 1 - x : x;
      data[isTurned ? to * height + y : y * width + to] = touches(mask, from.width, columns[x]!, rows[y]!) ? unknown : known;
    }
  }
  return { type, dims, data };
}

/** The pixels of an axis that each fed pixel covers, first and behind the last. */
function spans(from: number, to: number): (readonly [number, number])[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const first = Math.min(from - 1, Math.floor(i * scale + 1e-6));
    return [first, Math.max(first + 1, Math.min(from, Math.ceil((i + 1) * scale - 1e-6)))] as const;
  });
}

function touches(
  mask: Uint8Array,
  stride: number,
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
): boolean {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (mask[y * stride + x]) return true;
  return false;
}
