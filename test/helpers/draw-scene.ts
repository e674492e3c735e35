import type { Camera, Raster } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene, type DrawnScene } from '../../src/raster/index.ts';

/** One picture of a scene, black where no layer has anything. @param samples along each axis of a pixel at silhouettes. */
export function drawScene(scene: DrawnScene, camera: Camera, samples: number): Raster {
  return new SoftwareRenderer(prepareScene(scene)).draw(camera, { samples, backdrop: false });
}
