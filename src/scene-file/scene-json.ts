/** What the extension `UNFLAT_layered_photo` says, as JSON. The README.md says what it means. */
export const EXTENSION = 'UNFLAT_layered_photo';
/** Major and minor version that is written; files of the same major version are read. */
export const FORMAT_VERSION = { major: 1, minor: 0 } as const;

export interface SceneJson {
  version: string;
  width: number;
  height: number;
  /** As `Lens`; `far` is absent where it is infinite. */
  lens: { fx: number; fy: number; cx: number; cy: number; near: number; far?: number };
  eyebox: { x: number; y: number; z: number };
  movement?: number;
  layers: LayerJson[];
  made?: Record<string, unknown>;
}

/** [x, y, width, height] in pixels. */
export type RectJson = readonly [number, number, number, number];

export interface LayerJson {
  width: number;
  height: number;
  margin: number;
  /** The part of the layer that holds anything; absent where nothing does. */
  rect?: RectJson;
  /** Number of the glTF texture with the colours of `rect`. */
  texture?: number;
  /** The part of that image, in its pixels, that is the photo at its own resolution. */
  detail?: RectJson;
  /** Number of the buffer view with the deflated streams. */
  data?: number;
  /** disparity = offset + step × level. */
  disparity?: { offset: number; step: number };
  /** Neighbours whose levels differ by at most this are expected to be joined. */
  joinedLevels?: number;
  quads: number;
  /** QuadList from this one on touch a silhouette. */
  softStart: number;
  /** The six vertex numbers, 0..3, of a quad's two triangles. */
  order: number[];
}

/** What a file may hold at most: more than any photo needs, less than a page can hold. */
export const LIMITS = {
  /** Pixels along a side of the photo, a layer or an image. */
  sidePx: 16_384,
  /** Pixels of the photo: the largest working size, 4096 pixels, squared. */
  photoPixels: 2 ** 24,
  /** Pixels of one image: that of a layer, which reaches beyond the photo. */
  imagePixels: 2 ** 25,
  /**
   * Pixels of all layers together, 9 bytes each in memory. The converter makes four layers that reach beyond the photo: 6.5 to 7.0 times
   * the photo's pixels in all of our samples, so 117 million for a square photo at the largest working size, 4096 pixels.
   */
  layerPixels: 120e6,
  layers: 32,
  /** QuadList of all layers together. */
  quads: 2 ** 20,
  /** How many times over a layer's quads may cover the layer; those that the converter makes do so 1.2 times at most. */
  covers: 16,
} as const;
