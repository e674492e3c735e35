import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type DepthMap, type Layer, type Raster, type Passes } from '../../core/index.ts';
import { joinByDisparity } from '../surface/join-by-disparity.ts';
import { OPAQUE } from '../surface/opaque.ts';
import { parallaxMap, type ParallaxBounds } from '../surface/parallax-bounds.ts';
import { BorderColours } from './border-colours.ts';
import { marginFor } from './margin-for.ts';
import { photoBorder, reachingOut } from './photo-border.ts';

/** A slope is continued outward over this many pixels at full strength, then fades. */
const OUTWARD_SLOPE_PX = 40;

/**
 * Layer 0: the photo, its surfaces continued outward over its border as far as they can come into view.
 * @returns the layer, a map of its pixels that have no colour yet (1 = to be inpainted), and `bounds.perDisparity` of each.
 */
export function* extrapolate(
  photo: Raster,
  depth: DepthMap,
  joins: Uint8Array,
  bounds: ParallaxBounds,
): Passes<{ layer: Layer; hole: Uint8Array; perDisparity: Float32Array }> {
  const { width: w, height: h } = photo;
  const margin = marginFor(depth, bounds);
  const width = w + 2 * margin;
  const height = h + 2 * margin;
  const layer: Layer = {
    width,
    height,
    margin,
    rgba: new Uint8ClampedArray(width * height * 4),
    disparity: new Float32Array(width * height).fill(NOTHING),
    joins: new Uint8Array(width * height),
  };
  const hole = new Uint8Array(width * height);
  const colours = pixelsOf(layer.rgba);
  const photoColours = pixelsOf(photo.rgba);
  for (let y = 0; y < h; y++) {
    const to = (y + margin) * width + margin;
    copyOpaque(photoColours, y * w, (y + 1) * w, colours, to);
    layer.disparity.set(depth.disparity.subarray(y * w, (y + 1) * w), to);
    layer.joins.set(joins.subarray(y * w, (y + 1) * w), to);
  }
  yield;
  const border = photoBorder(photo, depth, joins, bounds);
  const perDisparityAt = (s: number) => bounds.perDisparity(border.x[s]!, border.y[s]!);
  const spread = new BorderColours(
    border.count,
    (s) => photoColours[border.y[s]! * w + border.x[s]!]!,
    (s) => border.d[s]! * perDisparityAt(s),
  );
  // What comes out from behind a thing is calm: no line of it leads here.
  const behindAt = (s: number) => (border.length[s + border.count]! < 0 ? -1 : s + border.count);
  const behind = new BorderColours(
    border.count,
    (s) => (behindAt(s) < 0 ? 0 : photoColours[border.y[behindAt(s)]! * w + border.x[behindAt(s)]!]!),
    (s) => (behindAt(s) < 0 ? -Infinity : border.d[behindAt(s)]! * perDisparityAt(s)),
  );
  const grown = new Int32Array(width * height - w * h);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const py = y - margin;
    const rowInside = py >= 0 && py < h;
    const sy = py < 0 ? 0 : py >= h ? h - 1 : py;
    for (let x = 0; x < width; x++) {
      if (rowInside && x === margin) x += w;
      if (x >= width) break;
      const px = x - margin;
      const sx = px < 0 ? 0 : px >= w ? w - 1 : px;
      const i = y * width + x;
      const s = reachingOut(border, border.index[sy * w + sx]!, px, py);
      if (s < 0) continue;
      const ox = px - border.x[s]!;
      const oy = py - border.y[s]!;
      const out = Math.sqrt(ox * ox + oy * oy);
      const rise = border.gx[s]! * ox + border.gy[s]! * oy;
      const d = border.d[s]! + (rise * OUTWARD_SLOPE_PX) / (OUTWARD_SLOPE_PX + out);
      layer.disparity[i] = d < 0 ? 0 : d;
      colours[i] = border.isBusy[s]
        ? photoColours[mirror(py, h) * w + mirror(px, w)]! | OPAQUE
        : s >= border.count
          ? behind.at(s - border.count, out, 1)
          : spread.at(s, out, (rise / out) * perDisparityAt(s));
      hole[i] = 1;
      grown[count++] = i;
    }
  }
  yield;
  const perDisparity = parallaxMap(layer, bounds);
  yield;
  joinOutside(layer, w, h, grown.subarray(0, count), perDisparity);
  return { layer, hole, perDisparity };
}

function copyOpaque(from: Uint32Array, start: number, end: number, to: Uint32Array, at: number): void {
  for (let i = start; i < end; i++) to[at++] = from[i]! | OPAQUE;
}

/** The same bytes, a number a pixel. */
function pixelsOf(rgba: Uint8ClampedArray): Uint32Array {
  return rgba.byteOffset % 4 === 0 ? new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4) : new Uint32Array(rgba.slice().buffer);
}

/** A picture's row or column outside it, mirrored into it: −1 is 0, and so on. */
function mirror(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at));
}

/** Outside, neighbours of like disparity are joined; so are they across the photo's border. */
function joinOutside(layer: Layer, w: number, h: number, grown: Int32Array, perDisparity: Float32Array): void {
  const { width, margin, disparity, joins } = layer;
  const outside = joinByDisparity(disparity, grown, perDisparity, width);
  for (let n = 0; n < grown.length; n++) joins[grown[n]!] = outside[grown[n]!]!;
  const rim: number[] = [];
  for (let x = margin; x < margin + w; x++) rim.push((margin + h - 1) * width + x);
  for (let y = margin; y < margin + h; y++) rim.push(y * width + margin + w - 1);
  const across = joinByDisparity(disparity, Int32Array.from(rim), perDisparity, width);
  for (const i of rim) {
    const x = i % width;
    if (x === margin + w - 1) joins[i]! |= across[i]! & JOINED_RIGHT;
    if (Math.floor(i / width) === margin + h - 1) joins[i]! |= across[i]! & JOINED_DOWN;
  }
}
