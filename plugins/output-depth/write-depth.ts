import { EventLoop, throwIfAborted, withNumbersMark } from 'unflat/plugin';
import type { DepthMap, OutputFile, OutputInput, PluginContext } from 'unflat/plugin';
import { metresOf } from '../shared/metre-options.ts';
import { knotsOf, type PaletteName } from '../shared/palette-names.ts';
import { writePng, type Samples } from '../shared/png/write-png.ts';
import { normalSamples } from './normal-samples.ts';
import { numbersHeader } from './numbers-header.ts';

/** Writes one file of the depth map; the values of all options are those of the plugin's description. */
export async function writeDepth(input: OutputInput, context: PluginContext): Promise<OutputFile> {
  const { product, scene, options } = input;
  throwIfAborted(context.signal);
  switch (product) {
    case 'depth-colours': {
      const samples = paletteSamples(scene.depth, String(options['palette'] ?? 'turbo') as PaletteName);
      return { suffix: '_depth-colours.png', blob: await pngFile(samples, 'view', context) };
    }
    case 'normals': {
      const samples = normalSamples(scene, Number(options['strength'] ?? 1));
      return { suffix: '_normals.png', blob: await pngFile(samples, 'view', context) };
    }
    case 'depth-mm': {
      const metres = metresOf(options);
      if (metres.far > MOST_MM / 1000) context.warn(FAR_WORDS);
      return { suffix: '_depth-mm.png', blob: await pngFile(millimetreSamples(scene.depth, metres), 'depth', context) };
    }
    case 'depth-npy':
    case 'depth-pfm':
    case 'depth-tiff':
      return arrayFile(input, context);
    default:
      return { suffix: '_depth.png', blob: await pngFile(greySamples(scene.depth, options), 'depth', context) };
  }
}

/** The largest distance that 16 bits hold, in millimetres. */
const MOST_MM = 65_535;
const FAR_WORDS =
  'A PNG in millimetres holds at most 65.5 m: what is farther is written as that. Choose a smaller distance to the far end, or NPY.';

/** Distances as depth cameras write them. */
function millimetreSamples({ width, height, disparity }: DepthMap, metres: { near: number; far: number }): Samples {
  return {
    width,
    height,
    channels: 1,
    bits: 16,
    readRow(y, row) {
      for (let x = 0; x < width; x++) {
        const value = Math.min(MOST_MM, Math.round(1000 * distanceOf(clamped(disparity[y * width + x]!), metres)));
        row[2 * x] = value >> 8;
        row[2 * x + 1] = value & 255;
      }
    },
  };
}

/** In metres. @param d disparity, 0..1. */
const distanceOf = (d: number, { near, far }: { near: number; far: number }): number => 1 / (d * (1 / near - 1 / far) + 1 / far);

async function pngFile(samples: Samples, content: 'depth' | 'view', { signal, progress }: PluginContext): Promise<Blob> {
  const loop = new EventLoop();
  return writePng(samples, content, {
    async onRows(done) {
      // Compression may answer without a turn of the event loop, which an abort needs to arrive.
      await loop.turn();
      throwIfAborted(signal);
      progress(done / samples.height);
    },
  }).finally(() => loop.dispose());
}

/** Written so that NaN, too, becomes the farthest. */
const clamped = (d: number): number => (d > 0 ? Math.min(d, 1) : 0);

function greySamples({ width, height, disparity }: DepthMap, options: OutputInput['options']): Samples {
  const bits = options['bits'] === '8' ? 8 : 16;
  const channels = options['colour'] === 'rgb' ? 3 : 1;
  const full = bits === 16 ? 65535 : 255;
  const invert = options['invert'] === true;
  return {
    width,
    height,
    channels,
    bits,
    readRow(y, row) {
      let at = 0;
      for (let x = 0; x < width; x++) {
        const level = Math.round(clamped(disparity[y * width + x]!) * full);
        const value = invert ? full - level : level;
        for (let c = 0; c < channels; c++) {
          if (bits === 16) row[at++] = value >> 8;
          row[at++] = value & 255;
        }
      }
    },
  };
}

/** Near = the palette's end. */
function paletteSamples({ width, height, disparity }: DepthMap, palette: PaletteName): Samples {
  const knots = knotsOf(palette);
  const colours = Array.from({ length: 256 }, (_, at) => {
    const next = Math.max(
      1,
      knots.findIndex((knot) => knot.at >= at),
    );
    const [from, to] = [knots[next - 1]!, knots[next]!];
    const part = (at - from.at) / (to.at - from.at);
    return from.colour.map((value, c) => Math.round(value + (to.colour[c]! - value) * part));
  });
  return {
    width,
    height,
    channels: 3,
    bits: 8,
    readRow(y, row) {
      for (let x = 0; x < width; x++) row.set(colours[Math.round(clamped(disparity[y * width + x]!) * 255)]!, 3 * x);
    },
  };
}

/** Files of 32-bit numbers. */
const ARRAYS = {
  'depth-npy': { format: 'npy', suffix: '_depth.npy', type: 'application/octet-stream' },
  'depth-pfm': { format: 'pfm', suffix: '_depth.pfm', type: 'application/octet-stream' },
  'depth-tiff': { format: 'tiff', suffix: '_depth.tif', type: 'image/tiff' },
} as const;

async function arrayFile({ product, scene, options }: OutputInput, { signal, progress }: PluginContext): Promise<OutputFile> {
  const { width, height, disparity } = scene.depth;
  const metres = metresOf(options);
  const isDistance = options['values'] === 'distance';
  const { format, suffix, type } = ARRAYS[product as keyof typeof ARRAYS];
  const header = numbersHeader(format, width, height);
  const file = new Uint8Array(header.length + 4 * width * height);
  file.set(header);
  const values = new DataView(file.buffer, header.length);
  const loop = new EventLoop();
  try {
    for (let y = 0; y < height; y++) {
      // PFM begins with the lowest row.
      const row = format === 'pfm' ? height - 1 - y : y;
      for (let x = 0; x < width; x++) {
        const d = clamped(disparity[y * width + x]!);
        values.setFloat32(4 * (row * width + x), isDistance ? distanceOf(d, metres) : d, true);
      }
      if (y % 256 !== 255) continue;
      await loop.turn();
      throwIfAborted(signal);
      progress(y / height);
    }
  } finally {
    loop.dispose();
  }
  throwIfAborted(signal);
  progress(1);
  return { suffix, blob: new Blob([withNumbersMark(file)], { type }) };
}
