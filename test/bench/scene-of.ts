import type { DepthMap, Eyebox, Lens, Raster, Scene } from '../../src/core/index.ts';
import { applyInpainted, buildHoles, fill, grow, mesh, sharpen, tear } from '../helpers/heart.ts';

/** A photo and its depth through the heart and the model-free inpainter. @param exact the map is as good as measured. */
export function sceneOf(photo: Raster, map: DepthMap, lens: Lens, eyebox: Eyebox, exact: boolean): Scene {
  const options = { lens, eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact });
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  return {
    name: 'bench',
    width: photo.width,
    height: photo.height,
    lens,
    eyebox,
    depth,
    layers: grown.layers,
    meshes: mesh(grown.layers, options),
  };
}
