import type { Passes } from 'unflat/plugin';
import { isColoured } from './luma.ts';
import { PaletteCurve } from './palette-curve.ts';
import { PALETTE_NAMES, type PaletteName } from '../shared/palette-names.ts';

/** Pixels looked at, evenly spread over the picture. */
const SAMPLE = 9973;
/** Colours farther from a palette's curve than this, of 255 levels, are not on it: room for JPEG and for scaled edges. */
const ON_PALETTE = 20;
/** Colours this far from the curve say nothing. */
const OFF_PALETTE = 40;
/** Share of the colours that must lie on the curve. Scaled and compressed maps reach 0.87 to 1, photos at most 0.75. */
const LEAST_ON = 0.8;
/** A palette must be used over this part of its length: the colours of a plain wall lie near some curve, too. */
const LEAST_EXTENT = 0.15;
/** Coloured pixels in a grey map, up to this share, are something drawn over it. */
const OVERLAY_SHARE = 0.1;
/** Resultant length of the hues' directions, 0..1, from which all are one hue. */
const ONE_HUE = 0.97;
/** How much colours of one brightness may differ in saturation, of 255 levels, where brightness decides the colour. */
const TINT_SPREAD = 4;

/** Share of a normal map's colours that are directions of length 1, up to this much, and that point at the viewer. */
const LEAST_NORMALS = 0.9;
const UNIT_LENGTH_SPREAD = 0.1;

/** Alpha below which a pixel is unknown; lossy pictures hold neither 0 nor 255 exactly. */
export const HALF_OPAQUE = 128;

/** Pixels of 3 or 4 bytes: red, green, blue and, of 4, straight alpha. */
export interface MapColours {
  data: Uint8Array | Uint8ClampedArray;
  channels: 3 | 4;
}

/** How a picture's colours stand for depth. `overlay`: grey but for a few coloured pixels. `tint`: shades of one hue. `normals`: directions of surfaces. */
export type ColourKind = { kind: 'grey' | 'overlay' | 'tint' | 'normals' | 'unknown' } | { kind: 'palette'; palette: PaletteName };

/** Some of the opaque pixels, in three bytes each. */
function sampleColours({ data, channels }: MapColours): Uint8Array {
  const pixels = data.length / channels;
  const step = Math.max(1, Math.floor(pixels / SAMPLE));
  const sample = new Uint8Array(3 * Math.ceil(pixels / step));
  let length = 0;
  for (let p = 0; p < data.length; p += channels * step) {
    if (channels === 4 && data[p + 3]! < HALF_OPAQUE) continue;
    sample.set(data.subarray(p, p + 3), length);
    length += 3;
  }
  return sample.subarray(0, length);
}

/** Tells what a picture's colours are. */
export function classifyColours(colours: MapColours): ColourKind {
  const sample = sampleColours(colours);
  const count = sample.length / 3;
  let coloured = 0;
  for (let i = 0; i < sample.length; i += 3) if (isColoured(sample[i]!, sample[i + 1]!, sample[i + 2]!, 255)) coloured++;
  if (coloured === 0) return { kind: 'grey' };
  if (areNormals(sample)) return { kind: 'normals' };
  const palette = nearestPalette(sample, coloured);
  if (palette) return { kind: 'palette', palette };
  if (coloured <= OVERLAY_SHARE * count) return { kind: 'overlay' };
  return { kind: isTint(sample) ? 'tint' : 'unknown' };
}

/** The palette that the colours fit best, if they fit it well. */
function nearestPalette(sample: Uint8Array, coloured: number): PaletteName | undefined {
  let best: PaletteName | undefined;
  let least = Infinity;
  for (const name of PALETTE_NAMES) {
    const curve = new PaletteCurve(name);
    const used = new Uint8Array(256);
    let [on, colouredOn, sum] = [0, 0, 0];
    for (let i = 0; i < sample.length; i += 3) {
      const [red, green, blue] = [sample[i]!, sample[i + 1]!, sample[i + 2]!];
      const at = curve.nearest(red, green, blue);
      sum += Math.min(OFF_PALETTE, curve.distance);
      if (curve.distance > ON_PALETTE) continue;
      on++;
      used[Math.round(at)] = 1;
      if (isColoured(red, green, blue, 255)) colouredOn++;
    }
    const extent = used.reduce((total, value) => total + value, 0) / 256;
    const fits = on >= (LEAST_ON * sample.length) / 3 && colouredOn >= LEAST_ON * coloured && extent >= LEAST_EXTENT;
    if (!fits || sum >= least) continue;
    best = name;
    least = sum;
  }
  return best;
}

/** Red, green and blue of a normal map are x, y and z of unit vectors, each from −1 to 1; its flat parts lie on the palette “cool”. */
function areNormals(sample: Uint8Array): boolean {
  let unit = 0;
  for (let i = 0; i < sample.length; i += 3) {
    const [x, y, z] = [sample[i]! / 127.5 - 1, sample[i + 1]! / 127.5 - 1, sample[i + 2]! / 127.5 - 1];
    if (z > 0 && Math.abs(Math.hypot(x, y, z) - 1) <= UNIT_LENGTH_SPREAD) unit++;
  }
  return unit >= (LEAST_NORMALS * sample.length) / 3;
}

/** Whether all colours are of one hue and their brightness decides their saturation, as in a toned picture. */
function isTint(sample: Uint8Array): boolean {
  const bins = Array.from({ length: 16 }, () => ({ count: 0, sum: 0, squares: 0 }));
  let [x, y, total] = [0, 0, 0];
  for (let i = 0; i < sample.length; i += 3) {
    const [red, green, blue] = [sample[i]!, sample[i + 1]!, sample[i + 2]!];
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const [cb, cr] = [0.564 * (blue - luma), 0.713 * (red - luma)];
    const chroma = Math.hypot(cb, cr);
    [x, y, total] = [x + cb, y + cr, total + chroma];
    const bin = bins[Math.floor(luma / 16)];
    if (!bin) continue;
    bin.count++;
    bin.sum += chroma;
    bin.squares += chroma * chroma;
  }
  if (Math.hypot(x, y) < ONE_HUE * total) return false;
  const within = bins.reduce((sum, bin) => sum + (bin.count > 0 ? bin.squares - (bin.sum * bin.sum) / bin.count : 0), 0);
  return Math.sqrt((3 * within) / sample.length) <= TINT_SPREAD;
}

/** Positions on a palette, 0 to 255, of all pixels; NaN where a colour is not on it, or less than half opaque. */
export function* palettePositions({ data, channels }: MapColours, palette: PaletteName): Passes<Float32Array> {
  const curve = new PaletteCurve(palette);
  const positions = new Float32Array(data.length / channels);
  for (let from = 0; from < positions.length; from += STRETCH) {
    positionsIn(data, channels, curve, positions, from, Math.min(from + STRETCH, positions.length));
    yield;
  }
  return positions;
}

/** Pixels that are held against a palette in one pass. */
const STRETCH = 1 << 19;

function positionsIn(
  data: MapColours['data'],
  channels: 3 | 4,
  curve: PaletteCurve,
  positions: Float32Array,
  from: number,
  to: number,
): void {
  for (let i = from, p = from * channels; i < to; i++, p += channels) {
    const at = curve.nearest(data[p]!, data[p + 1]!, data[p + 2]!);
    positions[i] = (channels === 4 && data[p + 3]! < HALF_OPAQUE) || curve.distance > OFF_PALETTE ? NaN : at;
  }
}
