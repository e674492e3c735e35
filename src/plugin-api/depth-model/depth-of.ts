import type { DepthMap, InferResult, ModelRow, Photo } from '../../core/index.ts';
import { fillGaps, unknownShare } from './fill-gaps.ts';
import { readNearness } from './nearness.ts';
import { stretch } from './stretch.ts';

/** More unknown than this is no answer. */
export const MOST_UNKNOWN = 0.5;

/**
 * A model's answer as disparities 0..1, 1 = nearest, at the size at which it was given. May write to the answer.
 * @returns undefined where most of it is unknown, or all values are the same.
 * @throws UnflatError `bad-model` for shapes that are no map of the whole photo.
 */
export function depthOf(answer: InferResult, model: ModelRow, photo: Photo): DepthMap | undefined {
  const nearness = readNearness(answer, model, photo);
  const { width, height, values } = nearness;
  const unknown = unknownShare(values);
  if (unknown > MOST_UNKNOWN) return undefined;
  if (unknown > 0) fillGaps(values, width);
  return stretch(nearness) && { width, height, disparity: values };
}
