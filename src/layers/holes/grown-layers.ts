import type { Layer } from '../../core/index.ts';

/** `sameSurface` in pixels of parallax at the eyebox's end. Goes with the picture's size: parallax does. */
export const SAME_SURFACE_PX = 3;

export interface GrownLayers {
  layers: Layer[];
  /** One entry a layer: what has to be inpainted. */
  holes: LayerHoles[];
  /** Disparity difference up to which neighbouring pixels count as one surface. */
  sameSurface: number;
  /** The layers' principal point in their pixels, and what a disparity lacks to the inverse depth, in units of disparity. */
  perspective?: { cx: number; cy: number; infinity: number };
  /** Pixels next to those beside a tear that may be mixtures of both sides' colours, too: no inpainter sees any of them. Default 0: those beside a tear count a little. */
  softPx?: number;
}

export interface LayerHoles {
  /** `width × height` of the layer: 1 = to be inpainted. */
  hole: Uint8Array;
  /** Number of pixels to be inpainted. */
  count: number;
  /** Pixels of the hole whose colour the photo shows through a soft edge: they keep it. */
  seen?: Colours;
}

/** RGBA of some pixels of a layer, as bytes in one little-endian number. */
export interface Colours {
  at: Int32Array;
  colour: Uint32Array;
}

/** @param hole 1 = to be inpainted. */
export function holesOf(hole: Uint8Array): LayerHoles {
  let count = 0;
  for (let i = 0; i < hole.length; i++) count += hole[i]!;
  return { hole, count };
}

/** Writes `colour` at its pixels of `to`, a layer's RGBA as numbers. */
export function putColours(to: Uint32Array, { at, colour }: Colours): void {
  for (let n = 0; n < at.length; n++) to[at[n]!] = colour[n]!;
}
