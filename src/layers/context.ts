import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';

/** How far from a hole, in steps along its surface, a filler may look that does not say itself how far it does. */
const CONTEXT_PX = 48;
/** Trust in a pixel beside a tear: it holds a mixture of both sides' colours. */
const MIXED = 16;

/**
 * The pixels a filler may look at: the visible parts of the surfaces that the holes continue, found
 * by walking from the holes along joined pixels. So nothing in front of a hole is ever context.
 * @param disparity layer size: of the visible pixels, and of the hole's surface in holes.
 * @param same disparity difference up to which a hole and the visible pixel beside it are one surface.
 * @param reachPx how far to walk, in pixels. Default 48.
 * @returns trust 0..255 a pixel, see InpaintInput.context.
 */
export function contextOf(front: Layer, disparity: Float32Array, hole: Uint8Array, same: number, reachPx = CONTEXT_PX): Uint8Array {
  const { width, height, joins } = front;
  const context = new Uint8Array(width * height);
  let edge: number[] = [];
  const meet = (i: number, j: number) => {
    if (hole[i] === hole[j]) return;
    const known = hole[i] ? j : i;
    if (context[known] || front.disparity[known] === NOTHING || Math.abs(disparity[i]! - disparity[j]!) > same) return;
    context[known] = 255;
    edge.push(known);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) meet(i, i + 1);
      if (y + 1 < height) meet(i, i + width);
    }
  }
  for (let step = 1; step < reachPx && edge.length > 0; step++) {
    const next: number[] = [];
    const visit = (j: number) => {
      if (context[j] || hole[j]) return;
      context[j] = 255;
      next.push(j);
    };
    for (const i of edge) {
      if (joins[i]! & JOINED_RIGHT) visit(i + 1);
      if (joins[i]! & JOINED_DOWN) visit(i + width);
      if (i % width > 0 && joins[i - 1]! & JOINED_RIGHT) visit(i - 1);
      if (i >= width && joins[i - width]! & JOINED_DOWN) visit(i - width);
    }
    edge = next;
  }
  const mix = (i: number) => {
    if (context[i]) context[i] = MIXED;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width && !(joins[i]! & JOINED_RIGHT)) {
        mix(i);
        mix(i + 1);
      }
      if (y + 1 < height && !(joins[i]! & JOINED_DOWN)) {
        mix(i);
        mix(i + width);
      }
    }
  }
  return context;
}
