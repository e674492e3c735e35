import type { Camera, OutputInput, Raster } from 'unflat/plugin';
import { readFrames } from '../read-frames.ts';
import { seenFrom, type Aperture } from './aperture-of.ts';
import { lightAt } from './light-at.ts';

/** Levels of light between black and white, for turning light back into sRGB values: enough for 8 bits in the shadows. */
const LEVELS = 1 << 14;

/** Light of sRGB values, 0..1, and back. Source: IEC 61966-2-1. */
const TO_LIGHT = Float32Array.from({ length: 256 }, (_, value) => lightOf(value / 255));
const FROM_LIGHT = Uint8Array.from({ length: LEVELS + 1 }, (_, level) => Math.round(255 * valueOf(level / LEVELS)));

function lightOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function valueOf(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/**
 * The pictures of cameras of one size as numbers, in turn, through a lens; without one they are as rendered. What is out of focus is a
 * mean of light from many places, so hidden parts show behind blurred edges as in a photo, and nothing bleeds across a sharp edge.
 * @param drawn hears how far the rendering is, 0..1, where a picture takes several.
 * @throws the signal's reason; what the renderer throws.
 */
export async function* throughLens(
  frames: OutputInput['frames'],
  cameras: readonly Camera[],
  lens: Aperture | undefined,
  { signal, drawn }: { signal: AbortSignal; drawn?: (part: number) => void },
): AsyncGenerator<Raster, void, undefined> {
  if (!lens) return yield* readFrames(frames, cameras, signal);
  const { places, sharpAt } = lens;
  const views = cameras.flatMap((camera) => places.map((place) => seenFrom(camera, place, sharpAt)));
  const { width, height } = cameras[0]!;
  const share = sharesOf(width, height, lens);
  const sum = new Float32Array(3 * width * height);
  let done = 0;
  for await (const { rgba } of readFrames(frames, views, signal)) {
    for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
      sum[to] = sum[to]! + TO_LIGHT[rgba[from]!]!;
      sum[to + 1] = sum[to + 1]! + TO_LIGHT[rgba[from + 1]!]!;
      sum[to + 2] = sum[to + 2]! + TO_LIGHT[rgba[from + 2]!]!;
    }
    done++;
    drawn?.(done / views.length);
    if (done % places.length !== 0) continue;
    for (let pixel = 0; pixel < share.length; pixel++) {
      for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = FROM_LIGHT[Math.round(LEVELS * sum[3 * pixel + c]! * share[pixel]!)]!;
      rgba[4 * pixel + 3] = 255;
    }
    sum.fill(0);
    yield { width, height, rgba };
  }
}

/** By what each pixel's sum is multiplied: a part for each view, less towards the corners. */
function sharesOf(width: number, height: number, { places, vignette }: Aperture): Float32Array {
  const corner = (width ** 2 + height ** 2) / 4;
  return Float32Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [(pixel % width) + 0.5 - width / 2, Math.floor(pixel / width) + 0.5 - height / 2];
    return lightAt(vignette, (x ** 2 + y ** 2) / corner) / places.length;
  });
}
