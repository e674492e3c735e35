import type { Raster } from './raster.ts';
import type { Scene } from './scene.ts';

/**
 * The photo as it was, at working size. Where near and far mix in a pixel, layer 0 has the colour of the near thing alone and how much
 * of the pixel it covers; what shows through lies in the layers behind.
 */
export function flatten({ width, height, layers }: Pick<Scene, 'width' | 'height' | 'layers'>): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = 4 * (y * width + x);
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
      rgba[to] = red * whole;
      rgba[to + 1] = green * whole;
      rgba[to + 2] = blue * whole;
      rgba[to + 3] = 255;
    }
  }
  return { width, height, rgba };
}
