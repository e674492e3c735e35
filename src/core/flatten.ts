import { fitInto } from './fit-into.ts';
import type { Raster } from './raster.ts';
import type { Scene } from './scene.ts';

/** A small image is the mean of so many pixels of its cell across, and as many down: it is made on the page, in a few milliseconds. */
const SAMPLES = 2;

/**
 * The photo as it was, at working size. Where near and far mix in a pixel, layer 0 has the colour of the near thing alone and how much
 * of the pixel it covers; what shows through lies in the layers behind.
 */
export function flatten({ width, height, layers }: Pick<Scene, 'width' | 'height' | 'layers'>): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      flatPixel(layers, x, y, rgba, to);
      rgba[to + 3] = 255;
    }
  }
  return { width, height, rgba };
}

/** The photo as it was, small, and made quickly: `longerSidePx` pixels across its longer side, at most the scene's own. */
export function flattenSmall(scene: Pick<Scene, 'width' | 'height' | 'layers'>, longerSidePx: number): Raster {
  const { width, height } = fitInto(scene.width, scene.height, longerSidePx);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const colour = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (let n = 0; n < SAMPLES * SAMPLES; n++) {
        const across = (x + ((n % SAMPLES) + 0.5) / SAMPLES) / width;
        const down = (y + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) / height;
        flatPixel(scene.layers, Math.floor(across * scene.width), Math.floor(down * scene.height), colour, 0);
        red += colour[0]!;
        green += colour[1]!;
        blue += colour[2]!;
      }
      const to = 4 * (y * width + x);
      rgba[to] = red / SAMPLES ** 2;
      rgba[to + 1] = green / SAMPLES ** 2;
      rgba[to + 2] = blue / SAMPLES ** 2;
    }
  }
  return { width, height, rgba };
}

/** Writes what is seen at a pixel of the photo, three numbers 0..255, to `colours` from `to` on. */
function flatPixel(layers: Scene['layers'], x: number, y: number, colours: Uint8ClampedArray | Float64Array, to: number): void {
  let [red, green, blue, open] = [0, 0, 0, 1];
  for (let k = 0; k < layers.length && open > 0; k++) {
    const layer = layers[k]!;
    const from = 4 * ((y + layer.margin) * layer.width + x + layer.margin);
    const alpha = layer.rgba[from + 3]! / 255;
    if (alpha === 0) continue;
    red += open * alpha * layer.rgba[from]!;
    green += open * alpha * layer.rgba[from + 1]!;
    blue += open * alpha * layer.rgba[from + 2]!;
    open *= 1 - alpha;
  }
  // Nothing lies behind: what is there counts whole.
  const whole = open < 1 ? 1 / (1 - open) : 0;
  colours[to] = red * whole;
  colours[to + 1] = green * whole;
  colours[to + 2] = blue * whole;
}
