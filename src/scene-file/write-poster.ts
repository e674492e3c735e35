import { fitInto, flatten, type Raster, type Scene } from '../core/index.ts';
import { encodeJpeg } from './jpeg/encode-jpeg.ts';
import { shrunk } from './shrunk.ts';

/** Step of the coefficients: it is seen for a moment. */
const STEP = 20;

/**
 * The flat photo as a small JPEG, to be shown until the 3D photo is there.
 * @param mostBytes it is made smaller until it takes no more, or is 64 pixels wide or high.
 * @param longerSidePx its longer side at most, 64..4096, default 640.
 */
export async function writePoster(scene: Scene, mostBytes: number, longerSidePx = 640): Promise<Uint8Array<ArrayBuffer>> {
  const photo = scene.detail ?? flatten(scene);
  for (let side = longerSidePx; ; side = Math.round(side * 0.75)) {
    const { bytes } = await encodeJpeg(within(photo, side), [STEP, STEP], async () => undefined);
    if (bytes.length <= mostBytes || side <= 64) return bytes;
  }
}

function within(photo: Raster, longerSidePx: number): Raster {
  const { width, height } = fitInto(photo.width, photo.height, longerSidePx);
  return shrunk(photo, { x: 0, y: 0, stepX: photo.width / width, stepY: photo.height / height }, width, height);
}
