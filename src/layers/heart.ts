/** The heart's stages in the order in which the pipeline calls them: each is a room of its own, and this is the order alone. */
import type { DepthMap, Eyebox, Layer, LayerMesh, Lens, Raster, Passes } from '../core/index.ts';
import { disocclude } from './disocclude/disocclude.ts';
import { hiddenAsLayer, type HoledLayer } from './disocclude/hidden-as-layer.ts';
import { extrapolate } from './extrapolate/extrapolate.ts';
import { SAME_SURFACE_PX, holesOf, type GrownLayers } from './holes/grown-layers.ts';
import { keepSeenThrough } from './holes/keep-seen-through.ts';
import { layerPerspective } from './holes/layer-perspective.ts';
import { closeSilhouettes, matteSilhouettes } from './matte/matte-silhouettes.ts';
import { meshLayers } from './mesh/mesh-layers.ts';
import { refineDepth, type SettledDepth, type SharpenOptions } from './refine/refine-depth.ts';
import { parallaxBounds } from './surface/parallax-bounds.ts';
import { surfaceAreas } from './surface/surface-areas.ts';
import { settleSilhouettes } from './tear/settle-silhouettes.ts';
import { tearLinks } from './tear/tear-links.ts';

export interface GrowOptions {
  lens: Lens;
  eyebox: Eyebox;
}

/** Brings the depth map to the photo's size, makes steps of blurred silhouettes and smooths noise. */
export function sharpen(depth: DepthMap, photo: Raster, options: SharpenOptions): Passes<SettledDepth> {
  return refineDepth(depth, photo, options);
}

/** Which neighbouring pixels are one surface: JOINED_RIGHT | JOINED_DOWN bits for the photo's pixels (no margin). */
export function tear(depth: DepthMap, photo: Raster, { lens, eyebox }: GrowOptions): Passes<Uint8Array> {
  return tearLinks(depth, parallaxBounds(photo.width, photo.height, lens, eyebox));
}

/**
 * Layer 0 with its border extrapolated, and behind it the layers of what is hidden; their holes
 * have depth but no colour yet.
 */
export function* grow(photo: Raster, settled: SettledDepth, torn: Uint8Array, { lens, eyebox }: GrowOptions): Passes<GrownLayers> {
  const bounds = parallaxBounds(photo.width, photo.height, lens, eyebox);
  const { depth, joins, softPx } = settleSilhouettes(photo, settled, torn, bounds);
  yield;
  const areas = surfaceAreas({ ...depth, joins });
  yield;
  const { layer: front, hole, perDisparity } = yield* extrapolate(photo, depth, joins, bounds);
  const edge = yield* matteSilhouettes(front);
  yield;
  const hidden: HoledLayer[] = [];
  for (const surface of yield* disocclude(front, bounds, perDisparity, areas, softPx)) {
    yield;
    hidden.push(hiddenAsLayer(surface, front, perDisparity));
  }
  for (const { layer, holes } of hidden) keepSeenThrough(layer, holes, edge);
  const layers = [front, ...hidden.map(({ layer }) => layer)];
  closeSilhouettes(layers, edge);
  return {
    layers,
    holes: [holesOf(hole), ...hidden.map(({ holes }) => holes)],
    sameSurface: SAME_SURFACE_PX / bounds.typical,
    perspective: layerPerspective(front, lens),
    ...(softPx > 0 && { softPx }),
  };
}

/** Triangles for viewing, one mesh a layer. */
export function* mesh(layers: readonly Layer[], { lens, eyebox }: GrowOptions): Passes<LayerMesh[]> {
  const front = layers[0];
  if (!front) return [];
  const { typical } = parallaxBounds(front.width - 2 * front.margin, front.height - 2 * front.margin, lens, eyebox);
  return yield* meshLayers(layers, typical);
}
