import { spreadKnown, type Layer, type Raster, type Rect, type Scene } from '../core/index.ts';
import { enlarged, shrunk } from './shrunk.ts';

/** Larger textures do not open everywhere. */
const LARGEST_PX = 4096;

/** A layer's picture as it is saved, opaque. */
export interface LayerTexture {
  raster: Raster;
  /** The layer's part that it shows, in layer pixels. */
  rect: Rect;
  /** Where in the picture, in its pixels, the photo lies at its own resolution. */
  detail?: Rect;
}

/** The smallest rectangle that holds all pixels with any coverage; undefined where there are none. */
export function filledRect({ width, height, rgba }: Layer): Rect | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 3; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      if (rgba[i] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { x: left, y: top, width: right + 1 - left, height: bottom + 1 - top };
}

/** The colours of a layer's rectangle; where there are none, they go on smoothly. */
export function layerTexture(layer: Layer, rect: Rect): LayerTexture {
  const { width, height } = rect;
  const rgb = new Float32Array(3 * width * height);
  const weight = new Float32Array(width * height);
  for (let y = 0, k = 0; y < height; y++) {
    let i = 4 * ((rect.y + y) * layer.width + rect.x);
    for (let x = 0; x < width; x++, k++, i += 4) {
      if (layer.rgba[i + 3] === 0) continue;
      weight[k] = 1;
      for (let c = 0; c < 3; c++) rgb[3 * k + c] = layer.rgba[i + c]!;
    }
  }
  // A picture's codec then meets no edges where nothing is seen.
  spreadKnown({ width, height, channels: [0, 1, 2].map((from) => ({ values: rgb, from, step: 3 })), weight });
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let k = 0; k < width * height; k++) for (let c = 0; c < 3; c++) rgba[4 * k + c] = rgb[3 * k + c]!;
  return { raster: { width, height, rgba }, rect };
}

/**
 * The picture of the photo's layer, with the photo's own pixels where it has more of them than the layer. Not at soft edges: the
 * photo's pixels are mixtures there, the layer's are those of the near thing alone.
 */
export function photoTexture(scene: Scene, layer: Layer, rect: Rect): LayerTexture {
  const plain = layerTexture(layer, rect);
  const { detail } = scene;
  const scale = detail ? Math.min(detail.width / scene.width, (LARGEST_PX - 2) / Math.max(rect.width, rect.height)) : 1;
  if (!detail || scale <= 1.01 || !holdsPhoto(scene, layer, rect)) return plain;
  const fineWidth = Math.round(scene.width * scale);
  const fineHeight = Math.round(scene.height * scale);
  const stepX = scene.width / fineWidth;
  const stepY = scene.height / fineHeight;
  const place: Rect = {
    x: Math.round((layer.margin - rect.x) / stepX),
    y: Math.round((layer.margin - rect.y) / stepY),
    width: fineWidth,
    height: fineHeight,
  };
  // The photo begins at a whole pixel of the picture.
  const x = layer.margin - rect.x - place.x * stepX;
  const y = layer.margin - rect.y - place.y * stepY;
  const width = Math.max(place.x + fineWidth, Math.round((rect.width - x) / stepX));
  const height = Math.max(place.y + fineHeight, Math.round((rect.height - y) / stepY));
  const raster = enlarged(plain.raster, { x, y, stepX, stepY }, width, height);
  const isSame = detail.width === fineWidth && detail.height === fineHeight;
  const fine = isSame
    ? detail
    : shrunk(detail, { x: 0, y: 0, stepX: detail.width / fineWidth, stepY: detail.height / fineHeight }, fineWidth, fineHeight);
  for (let v = 0; v < place.height; v++) {
    const row = layer.margin + Math.min(scene.height - 1, Math.floor((v + 0.5) * stepY));
    for (let u = 0; u < place.width; u++) {
      const column = layer.margin + Math.min(scene.width - 1, Math.floor((u + 0.5) * stepX));
      if (layer.rgba[4 * (row * layer.width + column) + 3] !== 255) continue;
      const from = 4 * (v * fine.width + u);
      const to = 4 * ((place.y + v) * width + place.x + u);
      for (let c = 0; c < 3; c++) raster.rgba[to + c] = fine.rgba[from + c]!;
    }
  }
  return { raster, rect, detail: place };
}

function holdsPhoto({ width, height }: Scene, { margin }: Layer, rect: Rect): boolean {
  return rect.x <= margin && rect.y <= margin && rect.x + rect.width >= margin + width && rect.y + rect.height >= margin + height;
}

/** Puts a picture's colours back into its layer; alpha stays. @param photo size of the photo in layer pixels. */
export function takeColours(layer: Layer, { raster, rect, detail }: LayerTexture, photo: { width: number; height: number }): void {
  const frame = detail && {
    x: detail.x + ((rect.x - layer.margin) * detail.width) / photo.width,
    y: detail.y + ((rect.y - layer.margin) * detail.height) / photo.height,
    stepX: detail.width / photo.width,
    stepY: detail.height / photo.height,
  };
  const { rgba } = frame ? shrunk(raster, frame, rect.width, rect.height) : raster;
  for (let y = 0, k = 0; y < rect.height; y++) {
    let i = 4 * ((rect.y + y) * layer.width + rect.x);
    for (let x = 0; x < rect.width; x++, k += 4, i += 4) {
      if (layer.rgba[i + 3] === 0) continue;
      layer.rgba[i] = rgba[k]!;
      layer.rgba[i + 1] = rgba[k + 1]!;
      layer.rgba[i + 2] = rgba[k + 2]!;
    }
  }
}

/** A part of a picture. */
export function cropped({ width, rgba }: Raster, rect: Rect): Raster {
  const out = new Uint8ClampedArray(4 * rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const start = 4 * ((rect.y + y) * width + rect.x);
    out.set(rgba.subarray(start, start + 4 * rect.width), 4 * y * rect.width);
  }
  return { width: rect.width, height: rect.height, rgba: out };
}
