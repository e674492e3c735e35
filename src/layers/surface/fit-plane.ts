import { JOINED_DOWN, JOINED_RIGHT, type Layer } from '../../core/index.ts';

/** A surface's local plane: in an image plane, a plane's disparity is affine in pixel coordinates. */
export interface Plane {
  /** Disparity at the pixel it was fitted at. */
  d: number;
  /** Disparity a pixel to the right and down. */
  gx: number;
  gy: number;
}

/** Pixels looked at along each of the eight directions. */
const PLANE_RADIUS_PX = 10;
/** How steep, in disparity a pixel, before a continued slope is likelier an error than a plane. */
const MAX_SLOPE = 0.01;

const us = new Float64Array(8 * PLANE_RADIUS_PX + 1);
const vs = new Float64Array(8 * PLANE_RADIUS_PX + 1);
const ds = new Float64Array(8 * PLANE_RADIUS_PX + 1);

/**
 * Fits a plane to the surface around (x, y), by least squares in two rounds (weights fall with the
 * distance from the plane so far). Looks along eight rays, each only as far as the surface is joined.
 * @param tolerance disparity difference at which a pixel counts half.
 */
export function fitPlane(layer: Pick<Layer, 'width' | 'height' | 'disparity' | 'joins'>, x: number, y: number, tolerance: number): Plane {
  const centre = layer.disparity[y * layer.width + x]!;
  const n = collect(layer, x, y);
  let d = centre;
  let gx = 0;
  let gy = 0;
  for (let round = 0; round < 2; round++) {
    const scale = 1 / (tolerance * tolerance);
    let sw = 0,
      sx = 0,
      sy = 0,
      sxx = 0,
      sxy = 0,
      syy = 0,
      sd = 0,
      sxd = 0,
      syd = 0;
    for (let k = 0; k < n; k++) {
      const u = us[k]!;
      const v = vs[k]!;
      const value = ds[k]!;
      let w = 1;
      if (round > 0) {
        const off = value - (d + gx * u + gy * v);
        w = 1 / (1 + off * off * scale);
      }
      sw += w;
      sx += w * u;
      sy += w * v;
      sxx += w * u * u;
      sxy += w * u * v;
      syy += w * v * v;
      sd += w * value;
      sxd += w * u * value;
      syd += w * v * value;
    }
    const mx = sx / sw,
      my = sy / sw,
      md = sd / sw;
    // The ridge keeps the slope level along a direction in which there are few pixels.
    const ridge = 60;
    const cxx = sxx - sw * mx * mx + ridge;
    const cyy = syy - sw * my * my + ridge;
    const cxy = sxy - sw * mx * my;
    const cxd = sxd - sx * md;
    const cyd = syd - sy * md;
    const det = cxx * cyy - cxy * cxy;
    gx = (cxd * cyy - cyd * cxy) / det;
    gy = (cyd * cxx - cxd * cxy) / det;
    d = md - gx * mx - gy * my;
  }
  const slope = Math.hypot(gx, gy);
  if (slope > MAX_SLOPE) {
    gx *= MAX_SLOPE / slope;
    gy *= MAX_SLOPE / slope;
  }
  return { d: centre, gx, gy };
}

/** Walks the rays; returns how many samples there are in us, vs, ds. */
function collect(layer: Pick<Layer, 'width' | 'height' | 'disparity' | 'joins'>, x: number, y: number): number {
  const { width, height, disparity, joins } = layer;
  us[0] = 0;
  vs[0] = 0;
  ds[0] = disparity[y * width + x]!;
  let n = 1;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if (dx === 0 && dy === 0) continue;
      let i = y * width + x;
      for (let k = 1; k <= PLANE_RADIUS_PX; k++) {
        const px = x + dx * k;
        const py = y + dy * k;
        if (px < 0 || py < 0 || px >= width || py >= height) break;
        // Sideways first, then up or down: both links must hold.
        if (dx > 0 && !(joins[i]! & JOINED_RIGHT)) break;
        if (dx < 0 && !(joins[i - 1]! & JOINED_RIGHT)) break;
        i += dx;
        if (dy > 0 && !(joins[i]! & JOINED_DOWN)) break;
        if (dy < 0 && !(joins[i - width]! & JOINED_DOWN)) break;
        i += dy * width;
        us[n] = dx * k;
        vs[n] = dy * k;
        ds[n++] = disparity[i]!;
      }
    }
  }
  return n;
}
