/** The heart's stages in the order in which the pipeline calls them. */
import type { DepthMap, Eyebox, Layer, LayerMesh, Lens, Raster } from '../core/index.ts';

export interface SharpenOptions {
  /** 0..2: 0 = none, 1 = automatic, 2 = strong. */
  smoothing: number;
  /** Take the map at its word: only bring it to the photo's size. */
  exact: boolean;
}

export interface GrowOptions {
  lens: Lens;
  eyebox: Eyebox;
}

export interface GrownLayers {
  layers: Layer[];
  /** One entry a layer: what has to be painted. */
  holes: LayerHoles[];
}

export interface LayerHoles {
  /** `width × height` of the layer: 1 = to be painted. */
  hole: Uint8Array;
  /** Number of pixels to be painted. */
  count: number;
}

export declare function sharpen(depth: DepthMap, photo: Raster, options: SharpenOptions): DepthMap;
/** JOINED_RIGHT | JOINED_DOWN bits for the photo's pixels (no margin). */
export declare function tear(depth: DepthMap, photo: Raster, options: GrowOptions): Uint8Array;
export declare function grow(photo: Raster, depth: DepthMap, joins: Uint8Array, options: GrowOptions): GrownLayers;
/** What an inpainter gets for layer `index` (same fields as InpaintInput without options), or undefined when nothing is to be painted there. */
export declare function buildHoles(
  grown: GrownLayers,
  index: number,
): { width: number; height: number; rgba: Uint8ClampedArray; hole: Uint8Array; context: Uint8Array; disparity: Float32Array } | undefined;
/** Puts an inpainter's answer for layer `index` in place (only under holes), in place. */
export declare function applyFill(grown: GrownLayers, index: number, rgba: Uint8ClampedArray): void;
export declare function mesh(layers: readonly Layer[]): LayerMesh[];
