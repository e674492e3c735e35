import { answerError, type NamedPlugin } from './answer-error.ts';
import { ownCopy } from './own-copy.ts';

/** @throws UnflatError `bad-plugin` that names the plugin and what is wrong. */
export function checkFilled(value: unknown, { width, height }: { width: number; height: number }, plugin: NamedPlugin): Uint8ClampedArray {
  const rgba = ownCopy(value, Uint8ClampedArray, width * height * 4);
  if (!rgba) throw answerError(plugin, `no Uint8ClampedArray of ${width} × ${height} × 4 bytes`);
  return rgba;
}
