import { UnflatError, type InferResult, type ModelRow } from 'unflat/plugin';

/**
 * Reads a model's picture and brings it to the size of the canvas.
 * @returns `width × height × 3` numbers, black 0, white 255.
 * @throws UnflatError `bad-model` for what is no picture, or has no numbers.
 */
export function readColours({ output }: InferResult, model: ModelRow, width: number, height: number): Float32Array {
  const shape = output.dims.slice(output.dims.findIndex((length) => length !== 1));
  const isFirst = shape.length === 3 && shape[0] === 3;
  const [h, w] = isFirst ? shape.slice(1) : shape;
  if (!h || !w || (!isFirst && !(shape.length === 3 && shape[2] === 3)) || output.data.length !== w * h * 3) {
    throw badModel(model, `returned ${output.dims.join(' × ')} numbers instead of an image`);
  }
  const [black, white] = model.output.range ?? (output.type === 'float32' ? [0, 1] : [0, 255]);
  const read: Reading = {
    data: output.data instanceof BigInt64Array ? Float32Array.from(output.data, Number) : (output.data as Float32Array),
    pixel: isFirst ? 1 : 3,
    channel: isFirst ? w * h : 1,
    width: w,
    height: h,
    factor: 255 / (white - black),
    black,
  };
  const colours = new Float32Array(width * height * 3);
  const isBgr = model.input.channels === 'bgr';
  for (let y = 0; y < height; y++) {
    const sum = w === width && h === height ? copyRow(read, colours, y, isBgr) : readRow(read, colours, y, width, height, isBgr);
    if (Number.isNaN(sum)) throw badModel(model, 'returned values that are not numbers');
  }
  return colours;
}

interface Reading {
  data: Float32Array;
  /** Steps from pixel to pixel and from colour to colour. */
  pixel: number;
  channel: number;
  width: number;
  height: number;
  factor: number;
  black: number;
}

/** As it is, where sizes agree. @returns a sum: NaN where one of the numbers is. */
function copyRow({ data, pixel, channel, width, factor, black }: Reading, colours: Float32Array, y: number, isBgr: boolean): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    const from = (isBgr ? 2 - k : k) * channel + y * width * pixel;
    for (let x = 0, o = y * width * 3 + k; x < width; x++, o += 3) {
      const value = Math.min(255, Math.max(0, (data[from + x * pixel]! - black) * factor));
      sum += value;
      colours[o] = value;
    }
  }
  return sum;
}

/** Between pixel centres. @returns a sum: NaN where one of the numbers is. */
function readRow(
  { data, pixel, channel, width: w, height: h, factor, black }: Reading,
  colours: Float32Array,
  y: number,
  width: number,
  height: number,
  isBgr: boolean,
): number {
  const sy = Math.min(h - 1, Math.max(0, ((y + 0.5) * h) / height - 0.5));
  const top = Math.floor(sy);
  const bottom = Math.min(h - 1, top + 1);
  const v = sy - top;
  let sum = 0;
  for (let x = 0, o = y * width * 3; x < width; x++, o += 3) {
    const sx = Math.min(w - 1, Math.max(0, ((x + 0.5) * w) / width - 0.5));
    const left = Math.floor(sx);
    const right = Math.min(w - 1, left + 1);
    const u = sx - left;
    const p = (top * w + left) * pixel,
      q = (top * w + right) * pixel,
      r = (bottom * w + left) * pixel,
      s = (bottom * w + right) * pixel;
    for (let k = 0; k < 3; k++) {
      const c = (isBgr ? 2 - k : k) * channel;
      const a = data[p + c]! * (1 - u) + data[q + c]! * u;
      const b = data[r + c]! * (1 - u) + data[s + c]! * u;
      const value = Math.min(255, Math.max(0, (a * (1 - v) + b * v - black) * factor));
      sum += value;
      colours[o + k] = value;
    }
  }
  return sum;
}

const badModel = (model: ModelRow, what: string): UnflatError =>
  new UnflatError(
    'bad-model',
    `“${model.label}” ${what}, so it cannot fill in anything. Choose another model, or add it again with the right answers.`,
  );
