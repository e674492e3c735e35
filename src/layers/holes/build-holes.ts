import type { ImageWithHoles, Passes } from '../../core/index.ts';
import type { GrownLayers } from './grown-layers.ts';
import { inpaintContext } from './inpaint-context.ts';

/**
 * What an inpainter gets for layer `index`, or undefined when nothing is to be inpainted there.
 * Layer 0 comes first: the others see its inpainted border.
 * @param contextPx how far from a hole its context reaches. Default 48.
 */
export function* buildHoles(grown: GrownLayers, index: number, contextPx?: number): Passes<ImageWithHoles | undefined> {
  const holes = grown.holes[index];
  const front = grown.layers[0];
  const layer = grown.layers[index];
  if (!holes || !front || !layer || holes.count === 0) return undefined;
  const { width, height } = layer;
  const disparity = front.disparity.slice();
  const rgba = front.rgba.slice();
  yield;
  const known = new Uint32Array(rgba.buffer);
  const guess = new Uint32Array(layer.rgba.buffer, layer.rgba.byteOffset, disparity.length);
  for (let y = 0; y < height; y++) layRow(holes.hole, y * width, width, layer.disparity, guess, disparity, known);
  yield;
  const context = inpaintContext(front, disparity, holes.hole, grown.sameSurface, contextPx, grown.softPx);
  const { sameSurface, perspective } = grown;
  return { width, height, rgba, hole: holes.hole, context, disparity, sameSurface, ...(perspective && { perspective }) };
}

/** A layer's hidden pixels of a row over the visible ones. */
function layRow(
  hole: Uint8Array,
  start: number,
  width: number,
  depth: Float32Array,
  colours: Uint32Array,
  disparity: Float32Array,
  known: Uint32Array,
): void {
  for (let i = start; i < start + width; i++) {
    if (!hole[i]) continue;
    disparity[i] = depth[i]!;
    known[i] = colours[i]!;
  }
}
