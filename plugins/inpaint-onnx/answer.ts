import { UnflatError, type InferResult, type ModelRow } from 'unflat/plugin';

/**
 * Reads a network's picture and brings it to the size of the canvas.
 * @returns `width × height × 3` numbers, black 0, white 255.
 * @throws UnflatError `bad-model` for what is no picture, or has no numbers.
 */
export function readColours({ output }: InferResult, model: ModelRow, width: number, height: number): Float32Array {
  const shape = output.dims.slice(output.dims.findIndex((length) => length !== 1));
  const isFirst = shape.length === 3 && shape[0] === 3;
  const [h, w] = isFirst ? shape.slice(1) : shape;
  if (!h || !w || (!isFirst && !(shape.length === 3 && shape[2] === 3)) || output.data.length !== w * h * 3) {
    throw badModel(model, `gave ${output.dims.join(' × ')} numbers instead of a picture`);
  }
  const [black, white] = model.output.range ?? (output.type === 'float32' ? [0, 1] : [0, 255]);
  const read: Reading = { data: output.data as Float32Array, pixel: isFirst ? 1 : 3, channel: isFirst ? w * h : 1, width: w, height: h, factor: 255 / (white - black), black };
  const colours = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) readRow(read, colours, y, width, height, model.input.channels === 'bgr');
  if (!colours.every(Number.isFinite)) throw badModel(model, 'gave values that are no numbers');
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

/** Between pixel centres; as it is where sizes agree. */
function readRow({ data, pixel, channel, width: w, height: h, factor, black }: Reading, colours: Float32Array, y: number, width: number, height: number, isBgr: boolean): void {
  const sy = Math.min(h - 1, Math.max(0, ((y + 0.5) * h) / height - 0.5));
  const top = Math.floor(sy);
  const bottom = Math.min(h - 1, top + 1);
  const v = sy - top;
  for (let x = 0, o = y * width * 3; x < width; x++, o += 3) {
    const sx = Math.min(w - 1, Math.max(0, ((x + 0.5) * w) / width - 0.5));
    const left = Math.floor(sx);
    const right = Math.min(w - 1, left + 1);
    const u = sx - left;
    for (let k = 0; k < 3; k++) {
      const c = (isBgr ? 2 - k : k) * channel;
      const a = Number(data[(top * w + left) * pixel + c]) * (1 - u) + Number(data[(top * w + right) * pixel + c]) * u;
      const b = Number(data[(bottom * w + left) * pixel + c]) * (1 - u) + Number(data[(bottom * w + right) * pixel + c]) * u;
      colours[o + k] = Math.min(255, Math.max(0, (a * (1 - v) + b * v - black) * factor));
    }
  }
}

const badModel = (model: ModelRow, what: string): UnflatError => new UnflatError('bad-model', `“${model.label}” ${what}, so nothing can be painted with it. Choose another network, or add it again with the right answers.`);
