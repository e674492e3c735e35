import type { ModelInput, Raster, Tensor } from '../core/index.ts';
import { toHalf } from './to-half.ts';
import { inputSize } from './input-size.ts';
import { resample } from './resample.ts';

/** A model's input, made of a picture. */
export interface FedImage {
  tensor: Tensor;
  /** Size in pixels at which the picture is fed. */
  width: number;
  height: number;
}

export interface ToTensorOptions {
  /** Feeds the picture mirrored left to right. Default false. */
  mirrored?: boolean;
  /** The number type that the model itself asks for, where it is not the row's. */
  type?: ModelInput['type'];
  /** What goes in as a fourth colour, as it is: a number a pixel of the size at which the picture is fed; see `MaskChannel`. */
  mask?: (width: number, height: number) => ArrayLike<number>;
}

/**
 * Makes a model's input as its row says: resampled, `range[0] + value ÷ 255 · (range[1] − range[0])`, minus mean, divided by std.
 * Whole-number types are rounded and kept within 0..255.
 * @throws TypeError where `input.shape` has no place for three colours, height and width.
 */
export function toTensor(image: Raster, input: ModelInput, options: ToTensorOptions = {}): FedImage {
  const { width, height } = inputSize(input.size, image.width, image.height);
  const maskAt = input.mask && 'channel' in input.mask ? input.mask.channel : undefined;
  const { dims, strides } = layoutOf(input.shape, width, height, maskAt ? 4 : 3);
  const pixels = resample(image, width, height, input.resampling);
  const data = emptyData(options.type ?? input.type, width * height * (maskAt ? 4 : 3));
  const write = data instanceof Float32Array ? writeRow : data instanceof Uint16Array ? writeHalfRow : writeByteRow;
  const [low, high] = input.range;
  for (let channel = 0; channel < 3; channel++) {
    const factor = (high - low) / 255 / input.std[channel]!;
    const offset = (low - input.mean[channel]!) / input.std[channel]!;
    const place = ((input.channels === 'rgb' ? channel : 2 - channel) + (maskAt === 'first' ? 1 : 0)) * strides.channel;
    for (let y = 0; y < height; y++) {
      const step = options.mirrored ? -strides.width : strides.width;
      const to = place + y * strides.height + (options.mirrored ? (width - 1) * strides.width : 0);
      write(pixels, y * width * 3 + channel, width, factor, offset, data, to, step);
    }
  }
  const mask = maskAt && options.mask?.(width, height);
  if (mask) {
    const place = maskAt === 'first' ? 0 : 3 * strides.channel;
    for (let i = 0; i < mask.length; i++)
      data[place + (i % width) * strides.width + Math.floor(i / width) * strides.height] =
        data instanceof Uint16Array ? toHalf(mask[i]!) : mask[i]!;
  }
  return { tensor: { type: options.type ?? input.type, dims, data }, width, height };
}

function writeRow(
  pixels: Float32Array,
  from: number,
  width: number,
  factor: number,
  offset: number,
  data: Tensor['data'],
  to: number,
  step: number,
): void {
  for (let x = 0; x < width; x++) data[to + x * step] = pixels[from + 3 * x]! * factor + offset;
}

function writeHalfRow(
  pixels: Float32Array,
  from: number,
  width: number,
  factor: number,
  offset: number,
  data: Tensor['data'],
  to: number,
  step: number,
): void {
  for (let x = 0; x < width; x++) data[to + x * step] = toHalf(pixels[from + 3 * x]! * factor + offset);
}

function writeByteRow(
  pixels: Float32Array,
  from: number,
  width: number,
  factor: number,
  offset: number,
  data: Tensor['data'],
  to: number,
  step: number,
): void {
  for (let x = 0; x < width; x++) data[to + x * step] = Math.min(255, Math.max(0, Math.round(pixels[from + 3 * x]! * factor + offset)));
}

function emptyData(type: ModelInput['type'], length: number): Float32Array | Uint16Array | Uint8Array {
  if (type === 'float32') return new Float32Array(length);
  return type === 'float16' ? new Uint16Array(length) : new Uint8Array(length);
}

interface Layout {
  dims: number[];
  strides: { channel: number; height: number; width: number };
}

function layoutOf(shape: ModelInput['shape'], width: number, height: number, colours: 3 | 4): Layout {
  const dims = shape.map((axis) => (axis === 'height' ? height : axis === 'width' ? width : axis));
  const strideOf = (axis: number | 'height' | 'width'): number => {
    const at = shape.indexOf(axis);
    if (at < 0 || shape.indexOf(axis, at + 1) >= 0) throw new TypeError(`input.shape must hold ${axis} once, got [${shape.join(', ')}]`);
    return dims.slice(at + 1).reduce((product, length) => product * length, 1);
  };
  const strides = { channel: strideOf(colours), height: strideOf('height'), width: strideOf('width') };
  if (shape.some((axis) => axis !== colours && axis !== 1 && typeof axis === 'number'))
    throw new TypeError(`input.shape must hold 1 beside ${colours}, height and width, got [${shape.join(', ')}]`);
  return { dims, strides };
}
