import { badDepth, checkSize, type Meaning, type RawDepth } from './raw-depth.ts';

/** A map of one byte a sample, as phones append it. */
export function byteMap(data: Uint8Array, width: number, height: number, meaning: Meaning, what: string): RawDepth {
  checkSize(what, width, height);
  if (width * height > data.length) {
    throw badDepth(
      what,
      `it claims ${width} × ${height} samples, but only ${data.length} are there.`,
      'Use the original file, or add a separate depth map.',
    );
  }
  return {
    width,
    height,
    values: Float32Array.from(data.subarray(0, width * height)),
    fullScale: 255,
    meaning,
    kind: 'picture',
    step: 1,
    what,
  };
}

/** A size of `count` samples with an aspect ratio near `aspect` (within 3 %), for maps whose size is nowhere told. */
export function sizeFromAspect(count: number, aspect: number): { width: number; height: number } | undefined {
  const middle = Math.sqrt(count * aspect);
  let best: { width: number; height: number } | undefined;
  let least = 0.03;
  for (let width = Math.max(1, Math.floor(middle * 0.97)); width <= middle * 1.03 && width <= 65_535; width++) {
    const difference = Math.abs((width * width) / count / aspect - 1);
    if (count % width === 0 && difference < least) {
      best = { width, height: count / width };
      least = difference;
    }
  }
  return best;
}
