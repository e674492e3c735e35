import { GIFEncoder, quantize } from 'gifenc/dist/gifenc.esm.js';
import type { Raster } from 'unflat/plugin';
import { PaletteMapper, type Dither } from './palette-mapper.ts';

/** Colours of a GIF's palette. */
const COLOURS = 256;
/** Palettes are made of so many pixels, evenly taken. */
const SAMPLED_PIXELS = 1 << 18;

/** Writes a GIF that plays for ever, frame by frame. */
export class GifWriter {
  readonly #encoder = GIFEncoder();
  readonly #dither: Dither;
  readonly #shared: PaletteMapper | undefined;
  #palette: number[][];
  #frames = 0;

  /** @param samples pictures for one palette for all frames; none: each frame gets its own. */
  constructor(dither: Dither, samples: readonly Raster[]) {
    this.#dither = dither;
    this.#palette = samples.length > 0 ? paletteOf(samples) : [];
    this.#shared = samples.length > 0 ? new PaletteMapper(this.#palette) : undefined;
  }

  /** @param hundredths how long it is shown, in hundredths of a second. */
  add(raster: Raster, hundredths: number): void {
    const own = this.#shared ? undefined : paletteOf([raster]);
    const palette = this.#frames++ === 0 ? (own ?? this.#palette) : own;
    const mapper = this.#shared ?? new PaletteMapper(own!);
    const index = mapper.map(raster.rgba, raster.width, this.#dither);
    this.#encoder.writeFrame(index, raster.width, raster.height, { ...(palette && { palette }), delay: 10 * hundredths });
  }

  finish(): Blob {
    // A comment extension, before the end.
    const comment = new TextEncoder().encode('Made by Unflat');
    this.#encoder.stream.writeBytes(new Uint8Array([0x21, 0xfe, comment.length, ...comment, 0]));
    this.#encoder.finish();
    return new Blob([this.#encoder.bytes()], { type: 'image/gif' });
  }
}

function paletteOf(rasters: readonly Raster[]): number[][] {
  const total = rasters.reduce((sum, { width, height }) => sum + width * height, 0);
  const every = Math.max(1, Math.floor(total / SAMPLED_PIXELS));
  const pixels = new Uint8Array(4 * Math.ceil(total / every + rasters.length));
  let to = 0;
  for (const { rgba } of rasters) {
    for (let from = 0; from < rgba.length; from += 4 * every, to += 4) {
      for (let c = 0; c < 3; c++) pixels[to + c] = rgba[from + c]!;
      pixels[to + 3] = 255;
    }
  }
  return quantize(pixels.subarray(0, to), COLOURS, { format: 'rgb565' });
}
