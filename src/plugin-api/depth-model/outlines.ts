import type { DepthMap, ModelRow, Raster } from '../../core/index.ts';
import { resizeByArea } from '../../grid/index.ts';
import { guideOf, type Guide } from './guide.ts';
import { guidedUpsample } from './guided-upsample.ts';

/** Maps that are enlarged less than this are as fine as what the host makes of outlines itself. */
const WORTHWHILE = 2;

/** Brings a model's map to the photo's size, along the photo's outlines where that is wanted and gains something. */
export class Outlines {
  readonly #photo: Raster;
  readonly #follow: boolean;
  #guide: Guide | undefined;

  constructor(photo: Raster, follow: boolean) {
    this.#photo = photo;
    this.#follow = follow;
  }

  /** Prepares for the model's answer while it is awaited, where its size can be foreseen: most answer at the size they are fed. */
  expect({ input: { size } }: ModelRow): void {
    const { width, height } = this.#photo;
    if (size.rule !== 'fixed' || size.width > width || size.height > height) return;
    if (this.#gains(size.width, size.height)) this.#guide = guideOf(this.#photo, size.width, size.height);
  }

  enlarge(map: DepthMap): DepthMap {
    const { width, height } = this.#photo;
    if (!this.#gains(map.width, map.height)) return resized(map, width, height);
    // Of very long photos a map may be finer one way and coarser the other.
    const fits = map.width <= width && map.height <= height;
    const small = fits ? map : resized(map, Math.min(map.width, width), Math.min(map.height, height));
    const isExpected = this.#guide?.width === small.width && this.#guide.height === small.height;
    const guide = isExpected ? this.#guide! : guideOf(this.#photo, small.width, small.height);
    return guidedUpsample(small.disparity, guide, this.#photo);
  }

  #gains(w: number, h: number): boolean {
    return this.#follow && this.#photo.width * this.#photo.height >= w * h * WORTHWHILE ** 2;
  }
}

function resized(map: DepthMap, width: number, height: number): DepthMap {
  return { width, height, disparity: resizeByArea(map.disparity, map, { width, height }) };
}
