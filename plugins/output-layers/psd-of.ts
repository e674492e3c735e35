import { writePsd, type Layer as PsdLayer } from 'ag-psd';
import { withPsdMark, type Layer, type Scene } from 'unflat/plugin';

/** The format's largest side, in pixels. */
const LARGEST_PX = 30_000;

/**
 * The layers of a scene as a Photoshop file: the photo uppermost, behind it what was filled in; below, hidden, the depth of each as levels
 * (white = near). All have the size of the widest layer, so that they lie on each other.
 */
export function psdOf({ layers }: Pick<Scene, 'layers'>): Uint8Array<ArrayBuffer> {
  const margin = Math.max(0, ...layers.map((layer) => layer.margin));
  const [width, height] = [sizeOf(layers, 'width', margin), sizeOf(layers, 'height', margin)];
  const at = (layer: Layer) => ({ left: margin - layer.margin, top: margin - layer.margin });
  // The lowest comes first.
  const backToFront = layers.map((layer, index) => ({ layer, index })).reverse();
  const pictures = backToFront.map(({ layer, index }): PsdLayer => ({
    name: index === 0 ? 'Photo' : `Behind ${index}`,
    ...at(layer),
    imageData: { width: layer.width, height: layer.height, data: Uint8ClampedArray.from(layer.rgba) },
  }));
  const depths = backToFront.map(({ layer, index }): PsdLayer => ({
    name: index === 0 ? 'Depth of the photo' : `Depth of behind ${index}`,
    ...at(layer),
    imageData: { width: layer.width, height: layer.height, data: levelsOf(layer) },
  }));
  const children: PsdLayer[] = [{ name: 'Depth', hidden: true, opened: false, children: depths }, ...pictures];
  return withPsdMark(
    new Uint8Array(writePsd({ width, height, children, imageData: { width, height, data: flattened(layers, width, height, margin) } })),
  );
}

function sizeOf(layers: readonly Layer[], side: 'width' | 'height', margin: number): number {
  return Math.min(LARGEST_PX, Math.max(1, ...layers.map((layer) => layer[side] + 2 * (margin - layer.margin))));
}

function levelsOf({ rgba, disparity }: Layer): Uint8ClampedArray {
  const data = new Uint8ClampedArray(rgba.length);
  for (let i = 0; i < disparity.length; i++) {
    data.fill(255 * (disparity[i]! || 0), 4 * i, 4 * i + 3);
    data[4 * i + 3] = rgba[4 * i + 3]! > 0 ? 255 : 0;
  }
  return data;
}

/** What programs show that do not know layers: from the photo's own place. */
function flattened(layers: readonly Layer[], width: number, height: number, margin: number): Uint8ClampedArray {
  const data = new Uint8ClampedArray(4 * width * height);
  for (const layer of [...layers].reverse()) {
    const shift = margin - layer.margin;
    for (let y = 0; y < layer.height; y++) {
      for (let x = 0; x < layer.width; x++) {
        const from = 4 * (y * layer.width + x);
        const to = 4 * ((y + shift) * width + x + shift);
        const over = layer.rgba[from + 3]! / 255;
        const under = (data[to + 3]! / 255) * (1 - over);
        const alpha = over + under;
        if (alpha === 0) continue;
        for (let c = 0; c < 3; c++) data[to + c] = (layer.rgba[from + c]! * over + data[to + c]! * under) / alpha;
        data[to + 3] = 255 * alpha;
      }
    }
  }
  return data;
}
