import type { Layer } from 'unflat/plugin';

/** Whether a layer has a surface at pixel `i`: a soft edge goes as far as it covers half. */
export function hasVertex({ rgba, disparity }: Layer, i: number): boolean {
  return rgba[4 * i + 3]! >= 128 && Number.isFinite(disparity[i]!);
}
