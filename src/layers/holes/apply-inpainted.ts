import { NOTHING } from '../../core/index.ts';
import { putColours, type GrownLayers } from './grown-layers.ts';

/** Puts an inpainter's answer for layer `index` in place; only pixels under holes are taken. */
export function applyInpainted(grown: GrownLayers, index: number, rgba: Uint8ClampedArray): void {
  const { hole, seen } = grown.holes[index]!;
  const layer = grown.layers[index]!;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) for (let c = 0; c < 3; c++) layer.rgba[i * 4 + c] = rgba[i * 4 + c]!;
  }
  if (seen) putColours(new Uint32Array(layer.rgba.buffer, layer.rgba.byteOffset, hole.length), seen);
  if (index > 0) return;
  // The rings of the hidden layers repeat what was just inpainted.
  for (let k = 1; k < grown.layers.length; k++) {
    const hidden = grown.layers[k]!;
    for (let i = 0; i < hole.length; i++) {
      if (!hole[i] || hidden.disparity[i] === NOTHING || grown.holes[k]!.hole[i]) continue;
      for (let c = 0; c < 3; c++) hidden.rgba[i * 4 + c] = layer.rgba[i * 4 + c]!;
    }
  }
}
