import { inverseDepth } from 'unflat/plugin';
import type { Scene } from 'unflat/plugin';
import type { Samples } from '../shared/png/write-png.ts';

/** Neighbours whose inverse distances differ by more than this part are two surfaces. */
const STEP_PART = 0.06;
/** Slopes are measured over a square of so many parts of the longer side: depth maps have steps of their levels. Found by looking at 8-bit maps. */
const WINDOW_PARTS = 60;

/**
 * Normals of the scene's surface as colours: red = to the right, green = up, blue = towards the camera, 128 = 0 (as OpenGL, Blender and
 * glTF take them). A plane is affine in inverse distance, so each normal is that of the affine function that fits its neighbours best.
 * @param strength how much slopes are exaggerated, above 0; 1 = as they are.
 */
export function normalSamples({ depth, lens }: Scene, strength: number): Samples {
  const { width, height, disparity } = depth;
  const longer = Math.max(width, height);
  const inverse = disparity.map((d) => inverseDepth(lens, d > 0 ? Math.min(d, 1) : 0));
  const reach = Math.max(1, Math.round(longer / WINDOW_PARTS / 2));
  return {
    width,
    height,
    channels: 3,
    bits: 8,
    readRow(y, row) {
      for (let x = 0; x < width; x++) {
        const here = inverse[y * width + x]!;
        const [acrossPx, downPx] = slopes(inverse, width, height, x, y, reach, STEP_PART * here);
        const across = acrossPx * lens.fx * longer;
        const up = -downPx * lens.fy * longer;
        const u = ((x + 0.5) / longer - lens.cx) / lens.fx;
        const v = -((y + 0.5) / longer - lens.cy) / lens.fy;
        const normal = [-strength * across, -strength * up, here - u * across - v * up];
        const length = Math.hypot(...normal) || 1;
        normal.forEach((value, c) => (row[3 * x + c] = Math.round(127.5 + 127.5 * (value / length))));
      }
    },
  };
}

/** The change of a function a pixel to the right and downward, by least squares over those neighbours that differ by at most `most`. */
function slopes(
  values: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  reach: number,
  most: number,
): readonly [number, number] {
  const here = values[y * width + x]!;
  let [n, sx, sy, sxx, sxy, syy, sv, sxv, syv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let v = Math.max(-reach, -y); v <= Math.min(reach, height - 1 - y); v++) {
    for (let u = Math.max(-reach, -x); u <= Math.min(reach, width - 1 - x); u++) {
      const value = values[(y + v) * width + x + u]! - here;
      if (Math.abs(value) > most) continue;
      n++;
      sx += u;
      sy += v;
      sxx += u * u;
      sxy += u * v;
      syy += v * v;
      sv += value;
      sxv += u * value;
      syv += v * value;
    }
  }
  const [xx, xy, yy] = [sxx - (sx * sx) / n, sxy - (sx * sy) / n, syy - (sy * sy) / n];
  const [xv, yv] = [sxv - (sx * sv) / n, syv - (sy * sv) / n];
  const determinant = xx * yy - xy * xy;
  // Along a line there is one slope alone.
  if (determinant < 1e-9) return [xx > 0 ? xv / xx : 0, yy > 0 ? yv / yy : 0];
  return [(xv * yy - yv * xy) / determinant, (yv * xx - xv * xy) / determinant];
}
