import { UnflatError, type InferResult, type Lens, type ModelRow, type Photo, type Tensor } from '../../core/index.ts';
import { cameraOfPoints } from './camera-of-points.ts';

/** What a model says of a picture: how near each pixel is, on a scale of its own. */
export interface Nearness {
  /** Samples a row; together they cover the whole photo. */
  width: number;
  /** Rows, from the top. */
  height: number;
  /** `width × height`, larger = nearer; what is not finite is not known. */
  values: Float32Array;
  /** 0 stands for infinitely far, and twice the value for half the distance; else only the order and relative steps count. */
  isInverseDepth: boolean;
  /** What the answer says of the lens. */
  lens?: Partial<Lens>;
}

/**
 * Reads a model's answer as its row says.
 * @throws UnflatError `bad-model` for shapes that are no map of the whole photo.
 */
export function readNearness({ output, width: fedWidth, height: fedHeight }: InferResult, model: ModelRow, photo: Photo): Nearness {
  const { meaning } = model.output;
  if (meaning === 'colour') throw badModel(model, 'gives pictures, not depth', 'Correct its row, or choose another model');
  const { width, height, channels } = shapeOf(output, model);
  // A turned or cropped answer would be laid over the photo wrongly.
  if (Math.abs(width * fedHeight - height * fedWidth) > Math.max(fedWidth, fedHeight) * 1.5) {
    throw badModel(
      model,
      `returned ${width} × ${height} values for an image of ${fedWidth} × ${fedHeight}`,
      'Its input or output is not what its row says; choose another model',
    );
  }
  const data = numbersOf(output);
  if (meaning === 'points') {
    if (channels !== 3)
      throw badModel(model, `returned ${channels} numbers per pixel where points have three`, 'Correct its row, or choose another model');
    const { depth, focalLength } = cameraOfPoints(data, width, height, photo);
    return {
      width,
      height,
      values: invert(depth),
      isInverseDepth: true,
      ...(focalLength !== undefined && { lens: { fx: focalLength, fy: focalLength } }),
    };
  }
  if (channels !== 1)
    throw badModel(model, `returned ${channels} numbers per pixel where depth is one`, 'Correct its row, or choose another model');
  const isInverseDepth = meaning !== 'disparity';
  return { width, height, values: isInverseDepth ? invert(data) : data, isInverseDepth };
}

/** `[…, height, width]`, `[…, height, width, 1]` or `[…, height, width, 3]`, with ones in front. */
function shapeOf({ dims, data }: Tensor, model: ModelRow): { width: number; height: number; channels: number } {
  const rest = [...dims];
  while (rest.length > 2 && rest[0] === 1) rest.shift();
  const channels = rest.length === 3 && (rest[2] === 1 || rest[2] === 3) ? rest.pop() : 1;
  const [height = 0, width = 0] = rest;
  if (rest.length !== 2 || width < 1 || height < 1 || data.length !== width * height * channels!) {
    throw badModel(
      model,
      `returned an array of shape ${dims.join(' × ')}, which is not a depth map`,
      'Choose another of its outputs, or another model',
    );
  }
  return { width, height, channels: channels! };
}

/** The answer belongs to whoever asked, so it may be written to. */
function numbersOf({ data }: Tensor): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

/** Distances to nearness, in place; infinitely far is 0, no distance (zero, negative) is not known. */
function invert(distances: Float32Array): Float32Array {
  for (let i = 0; i < distances.length; i++) distances[i] = distances[i]! > 0 ? 1 / distances[i]! : NaN;
  return distances;
}

/** A model whose answer is not what its row says: what it did, and what to do. */
export function badModel(model: ModelRow, what: string, next: string): UnflatError {
  return new UnflatError('bad-model', `${model.label} ${what}. ${next}.`);
}
