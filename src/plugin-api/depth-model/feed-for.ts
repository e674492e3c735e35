import { measuredSide, type ModelRow, type Raster } from '../../core/index.ts';
import { shrinkToPlanes } from '../../grid/index.ts';

/** No model takes more pixels along the longer side, unless its row says so. */
const ENOUGH_PX = 1600;

/** The picture to hand to the host: large photos are shrunk, by area, as they travel between threads and models take a fraction of them. */
export function feedFor(photo: Raster, { input: { size } }: ModelRow): Raster {
  const { width, height, rgba } = photo;
  const longer = Math.max(width, height);
  // Long panoramas may ask for more; then the photo goes as it is.
  const wanted = size.rule === 'fixed' ? Math.max(size.width, size.height) : (size.px * longer) / measuredSide(size.rule, width, height);
  if (longer <= ENOUGH_PX || wanted > ENOUGH_PX) return { width, height, rgba };
  const w = Math.max(1, Math.round((width * ENOUGH_PX) / longer));
  const h = Math.max(1, Math.round((height * ENOUGH_PX) / longer));
  const [r, g, b] = shrinkToPlanes(rgba, width, height, 4, 3, w, h, 1) as [Float32Array, Float32Array, Float32Array];
  const small = new Uint8ClampedArray(w * h * 4).fill(255);
  for (let i = 0, o = 0; i < w * h; i++, o += 4) {
    small[o] = r[i]!;
    small[o + 1] = g[i]!;
    small[o + 2] = b[i]!;
  }
  return { width: w, height: h, rgba: small };
}
