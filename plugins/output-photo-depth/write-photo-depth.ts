import { EventLoop, UnflatError, encodeJpeg, throwIfAborted, withJpegMark } from 'unflat/plugin';
import type { OutputFile, OutputInput, PluginContext, Raster, Scene } from 'unflat/plugin';
import { metresOf } from '../shared/metre-options.ts';
import { writePng } from '../shared/png/write-png.ts';
import { zipOf } from '../shared/zip-of.ts';
import { withDynamicDepth } from './with-dynamic-depth.ts';
import { withGDepth } from './with-gdepth.ts';

/** Of the photo's coefficients: 44 dB and more, whatever it shows. */
const JPEG_STEP = 4;

/** Writes one file of photo and depth; the values of all options are those of the plugin's description. */
export async function writePhotoDepth({ product, scene, options }: OutputInput, { signal, progress }: PluginContext): Promise<OutputFile> {
  throwIfAborted(signal);
  const { near, far } = metresOf(options);
  const loop = new EventLoop();
  const pause = async (fraction: number): Promise<void> => {
    await loop.turn();
    throwIfAborted(signal);
    progress(0.7 * fraction, 'Coding the photo');
  };
  try {
    const { bytes } = await encodeJpeg(photoOf(scene), [JPEG_STEP, JPEG_STEP], pause);
    const isPair = product === 'facebook';
    const depth = await depthPng(scene, isPair, async () => {
      await loop.turn();
      throwIfAborted(signal);
    });
    progress(0.95);
    const file = (suffix: string, content: Uint8Array<ArrayBuffer>): OutputFile => ({
      suffix,
      blob: new Blob([withJpegMark(content)], { type: 'image/jpeg' }),
    });
    const result = isPair
      ? { suffix: '_facebook.zip', blob: zipOf({ [`${scene.name}.jpg`]: bytes, [`${scene.name}_depth.png`]: depth }) }
      : product === 'gdepth'
        ? file('_gdepth.jpg', withGDepth(bytes, depth, near, far))
        : file('_dynamic-depth.jpg', withDynamicDepth(bytes, depth, near, far));
    progress(1);
    return result;
  } finally {
    loop.dispose();
  }
}

/** The photo at its own resolution, else as it was converted: layer 0 without what was filled in around it. */
function photoOf({ detail, layers, width, height }: Scene): Raster {
  if (detail) return detail;
  const layer = layers[0];
  if (!layer) throw new UnflatError('unsupported', 'This 3D photo holds no photo to carry the depth.');
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = 4 * ((y + layer.margin) * layer.width + layer.margin);
    rgba.set(layer.rgba.subarray(from, from + 4 * width), 4 * y * width);
  }
  return { width, height, rgba };
}

/** @param isPair Facebook’s: RGB, white = near; else grey, black = near, as inside photos. */
async function depthPng({ depth }: Scene, isPair: boolean, onRows: () => Promise<void>): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, disparity } = depth;
  const channels = isPair ? 3 : 1;
  const samples = {
    width,
    height,
    channels,
    bits: 8,
    readRow(y: number, row: Uint8Array) {
      for (let x = 0; x < width; x++) {
        const d = disparity[y * width + x]!;
        const level = d > 0 ? Math.round(255 * Math.min(d, 1)) : 0;
        row.fill(isPair ? level : 255 - level, channels * x, channels * (x + 1));
      }
    },
  } as const;
  return new Uint8Array(await (await writePng(samples, 'depth', { onRows })).arrayBuffer());
}
