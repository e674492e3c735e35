import type { Layer, Raster, Scene } from 'unflat/plugin';

/** Larger textures do not open everywhere. */
const LARGEST_PX = 4096;
const JPEG_QUALITY = 0.92;

/**
 * A layer's picture as a file: the photo's layer as JPEG, with the photo's own pixels where it has
 * more than the layer; hidden layers as PNG, with colour run on into what is empty; what is no layer of the scene, as the backdrop, as JPEG.
 */
export async function textureOf(scene: Scene, layer: Layer, index: number): Promise<Blob> {
  const { width, height, margin } = layer;
  const filled = new ImageData(spread(layer), width, height);
  const { detail } = scene;
  const scale = index === 0 && detail ? Math.min(detail.width / scene.width, LARGEST_PX / Math.max(width, height)) : 1;
  if (!detail || scale <= 1) {
    const canvas = canvasOf(filled);
    return canvas.convertToBlob(
      index === 0 || index >= scene.layers.length ? { type: 'image/jpeg', quality: JPEG_QUALITY } : { type: 'image/png' },
    );
  }
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const pen = penOf(canvas);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(canvasOf(filled), 0, 0, canvas.width, canvas.height);
  const [across, down] = [canvas.width / width, canvas.height / height];
  // Not at soft edges: the photo's pixels are mixtures there, the layer's are the near thing's alone.
  const fine = new OffscreenCanvas(Math.round(scene.width * across), Math.round(scene.height * down));
  const finePen = penOf(fine);
  finePen.drawImage(canvasOf(whole(layer)), -margin * across, -margin * down, canvas.width, canvas.height);
  finePen.globalCompositeOperation = 'source-in';
  finePen.imageSmoothingQuality = 'high';
  finePen.drawImage(canvasOf(imageData(detail)), 0, 0, fine.width, fine.height);
  pen.drawImage(fine, margin * across, margin * down);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
}

function canvasOf(image: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(image.width, image.height);
  penOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

function imageData({ rgba, width, height }: Raster): ImageData {
  return new ImageData(new Uint8ClampedArray(rgba), width, height);
}

function penOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no drawing surface');
  return pen;
}

/** Opaque where the layer covers all of a pixel, else empty. */
function whole({ width, height, rgba }: Layer): ImageData {
  const mask = new ImageData(width, height);
  for (let i = 3; i < rgba.length; i += 4) mask.data[i] = rgba[i] === 255 ? 255 : 0;
  return mask;
}

/** The layer's colours, opaque; empty pixels take those of the nearest row neighbour, so that nothing dark bleeds in. */
function spread({ width, height, rgba }: Layer): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(rgba);
  const copy = (from: number, to: number): void => {
    for (let c = 0; c < 3; c++) out[4 * to + c] = out[4 * from + c]!;
  };
  for (let y = 0; y < height; y++) {
    let last = -1;
    for (let i = y * width; i < (y + 1) * width; i++) {
      if (rgba[4 * i + 3]! > 0) {
        // The first half of a gap belongs to its left end, the second to its right end.
        const gap = last < 0 ? i - y * width : i - last - 1;
        for (let k = i - 1; k >= i - (last < 0 ? gap : gap >> 1); k--) copy(i, k);
        last = i;
      } else if (last >= 0) copy(last, i);
    }
    for (let i = y * width; i < (y + 1) * width; i++) out[4 * i + 3] = 255;
  }
  return out;
}
