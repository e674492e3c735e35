/** What tests of HEIC files share. */
import libheif from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import type { Raster, SourceFile } from '../../src/core/index.ts';
import { LibHeifDecoder } from '../../src/decode/heic/lib-heif-decoder.ts';

const decoder = new LibHeifDecoder(libheif);

/** Decodes a HEIC file as the pipeline does, its colours as they are. */
export function decodeHeic({ name, bytes }: SourceFile): Raster {
  const pixels = decoder.decode({ name, bytes }, 1e8);
  const { width, height } = pixels;
  const rgba = pixels.read({ x: 0, y: 0, width, height });
  pixels.close();
  return { width, height, rgba };
}

/** Likeness of two pictures in dB: 30 is a good JPEG's, 15 another picture's; 0 where their sizes differ. */
export function psnr(a: Raster, b: Raster): number {
  if (a.width !== b.width || a.height !== b.height) return 0;
  let sum = 0;
  for (let i = 0; i < a.rgba.length; i++) if (i % 4 < 3) sum += (a.rgba[i]! - b.rgba[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (a.width * a.height * 3)));
}

/** A quarter turn anticlockwise. */
export function turned({ width, height, rgba }: Raster): Raster {
  const result = new Uint8ClampedArray(rgba.length);
  for (let y = 0; y < width; y++)
    for (let x = 0; x < height; x++)
      for (let c = 0; c < 4; c++) result[4 * (y * height + x) + c] = rgba[4 * (x * width + (width - 1 - y)) + c]!;
  return { width: height, height: width, rgba: result };
}

/** Left and right exchanged. */
export function mirrored({ width, height, rgba }: Raster): Raster {
  return { width, height, rgba: rgba.map((_, i) => rgba[i - 8 * (Math.floor(i / 4) % width) + 4 * (width - 1)]!) };
}

/** Pearson's correlation. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
