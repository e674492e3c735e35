import { answerError } from './answer-error.ts';
import { ownCopy } from './own-copy.ts';

/** @throws UnflatError `bad-plugin` that names the plugin and what is wrong. */
export function checkFilled(value: unknown, { width, height }: { width: number; height: number }, label: string): Uint8ClampedArray {
  const rgba = ownCopy(value, Uint8ClampedArray, width * height * 4);
  if (!rgba) throw answerError(label, `no Uint8ClampedArray of ${width} × ${height} × 4 bytes`);
  return rgba;
}
