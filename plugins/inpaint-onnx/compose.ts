import type { Canvas, LayerState } from './canvas.ts';
import { HOLE_CELL } from './cells.ts';
import type { WindowRun } from './plan-runs.ts';

/** Towards parts of a hole that no run inpaints, what is inpainted fades over so many pixels. */
const FADE_PX = 12;

/**
 * Puts a model's colours under the holes of a run, and nowhere else; the first pixels inside a hole are mixed with what stands
 * there, more and more of the model's.
 * @param colours three a pixel of the canvas, 0..255. @param seamPx pixels of that mixture, 0 = none.
 */
export function compose(colours: Float32Array, canvas: Canvas, run: WindowRun, layers: readonly LayerState[], seamPx: number): void {
  const share = sharesOf(canvas, run, layers, seamPx);
  const { width, height, target } = canvas;
  for (let y = 0; y < height; y++) {
    for (let x = 0, o = y * width; x < width; x++, o++) {
      if (!target[o]) continue;
      const { input, rgba, inpainted } = layers[target[o]! - 1]!;
      const i = (run.y + y) * input.width + run.x + x;
      inpainted[i] = 1;
      for (let k = 0; k < 3; k++) rgba[i * 4 + k] = rgba[i * 4 + k]! + (colours[o * 3 + k]! - rgba[i * 4 + k]!) * share[o]!;
      rgba[i * 4 + 3] = 255;
    }
  }
}

/** 0..1 a pixel of the canvas: how much of the model's colour is taken. */
function sharesOf({ width, height, target }: Canvas, run: WindowRun, layers: readonly LayerState[], seamPx: number): Float32Array {
  const share = new Float32Array(width * height).fill(1);
  const isKnown = (layer: LayerState, i: number): boolean => !layer.input.hole[i] && layer.input.context[i]! > 0;
  const isLeft = ({ input, visibility, inpainted, planned }: LayerState, i: number): boolean =>
    Boolean(visibility.wanted[i] && !inpainted[i]) &&
    !planned[
      Math.floor(Math.floor(i / input.width) / HOLE_CELL) * Math.ceil(input.width / HOLE_CELL) + Math.floor((i % input.width) / HOLE_CELL)
    ];
  for (const [reachPx, isThere] of [
    [seamPx, isKnown],
    [seamPx > 0 ? FADE_PX : 0, isLeft],
  ] as const) {
    // Rings of pixels, each one pixel farther in.
    const distance = new Uint8Array(width * height);
    let edge: number[] = [];
    const neighbours = (o: number, visit: (other: number) => void): void => {
      const x = o % width;
      if (x > 0) visit(o - 1);
      if (x + 1 < width) visit(o + 1);
      if (o >= width) visit(o - width);
      if (o + width < width * height) visit(o + width);
    };
    for (let o = 0; reachPx > 0 && o < target.length; o++) {
      if (!target[o]) continue;
      const layer = layers[target[o]! - 1]!;
      neighbours(o, (other) => {
        if (distance[o] || target[other] === target[o]) return;
        const i = (run.y + Math.floor(other / width)) * layer.input.width + run.x + (other % width);
        if (!isInside(layer, run, other, width) || !isThere(layer, i)) return;
        distance[o] = 1;
        edge.push(o);
      });
    }
    for (let step = 1; step <= reachPx && edge.length > 0; step++) {
      const next: number[] = [];
      for (const o of edge) {
        share[o] = Math.min(share[o]!, step / (reachPx + 1));
        neighbours(o, (other) => {
          if (target[other] !== target[o] || distance[other]) return;
          distance[other] = step + 1;
          next.push(other);
        });
      }
      edge = next;
    }
  }
  return share;
}

function isInside({ input }: LayerState, run: WindowRun, o: number, width: number): boolean {
  return run.x + (o % width) < input.width && run.y + Math.floor(o / width) < input.height;
}
