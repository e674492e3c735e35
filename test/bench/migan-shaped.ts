/**
 * A model with about the layers of MI-GAN's pipeline (A. Sargsyan et al. 2023: separable convolutions from 512² down to 4² and
 * back, 7 million weights, 512 × 512, bytes in and out) and random weights: what it takes to run is what the real one takes, what
 * it inpaints means nothing.
 */
import type { ModelRow } from '../../src/core/index.ts';
import { miganLike } from '../fixtures/inpaint-models.ts';
import { rowOf } from '../fixtures/depth-models.ts';
import { ModelBuilder, keptModel, type Value } from './model-builder.ts';

const PX = 512;
const channelsAt = (px: number): number => Math.min(512, 32768 / px);

class Builder extends ModelBuilder {
  /** Depthwise, leaky, pointwise, leaky. */
  separable(input: Value, channels: number): Value {
    const deep = this.#leaky(this.convolve(input, input.channels, 3, { groups: input.channels }));
    return this.#leaky(this.convolve(deep, channels, 1));
  }

  #leaky(input: Value): Value {
    return this.node('LeakyRelu', [input.name], input.channels, { alpha: { float: 0.2 } });
  }

  down(input: Value): Value {
    return this.convolve(input, input.channels, 3, { stride: 2, groups: input.channels });
  }

  up(input: Value): Value {
    const large = this.node('Resize', [input.name, '', 'twice'], input.channels, { mode: 'nearest' });
    return this.convolve(large, input.channels, 3, { groups: input.channels });
  }
}

/** From the masked picture with its mask, 4 channels from −1 to 1, to a picture. */
function generator(builder: Builder, input: Value): Value {
  const skips = new Map<number, Value>();
  let value = builder.convolve(input, channelsAt(PX), 1);
  for (let px = PX; px > 4; px /= 2) {
    value = builder.separable(value, channelsAt(px));
    skips.set(px, value);
    value = builder.separable(builder.down(value), channelsAt(px / 2));
  }
  for (let i = 0; i < 4; i++) value = builder.separable(value, channelsAt(4));
  let picture = builder.convolve(value, 3, 1, { gain: 0.02 });
  for (let px = 8; px <= PX; px *= 2) {
    value = builder.separable(builder.up(value), channelsAt(px));
    value = builder.separable(builder.add(value, skips.get(px)!), channelsAt(px));
    if (px <= 64) value = builder.separable(value, channelsAt(px));
    picture = builder.add(builder.up(picture), builder.convolve(value, 3, 1, { gain: 0.02 }));
  }
  // Random weights give any numbers; the real ones stay within −1..1 by themselves.
  return builder.node('Tanh', [picture.name], 3);
}

function build(): Builder {
  const builder = new Builder(4321);
  const gauss = [1, 4, 6, 4, 1].flatMap((a) => [1, 4, 6, 4, 1].map((b) => (a * b) / 256));
  builder.initialisers.push(
    { name: 'twice', dims: [4], data: [1, 1, 2, 2] },
    { name: 'one', dims: [], data: [1] },
    { name: 'half', dims: [], data: [0.5] },
    { name: 'white', dims: [], data: [255] },
    { name: 'middle', dims: [], data: [127.5] },
    { name: 'black', dims: [], data: [0] },
    { name: 'gauss', dims: [1, 1, 5, 5], data: gauss },
  );
  const colours = builder.node('Cast', ['image'], 3, { to: 1 });
  const bytes = builder.node('Cast', ['mask'], 1, { to: 1 });
  const kept = builder.node('Div', [bytes.name, 'white'], 1);
  const scaled = builder.node('Sub', [builder.node('Div', [colours.name, 'middle'], 3).name, 'one'], 3);
  const seen = builder.node('Mul', [scaled.name, kept.name], 3);
  const input = builder.node('Concat', [builder.node('Sub', [kept.name, 'half'], 1).name, seen.name], 4, { axis: 1 });
  const picture = generator(builder, input);
  const painted = builder.node('Mul', [builder.node('Add', [picture.name, 'one'], 3).name, 'middle'], 3);
  // As the real one puts it together: the known part a pixel wider, its rim blurred.
  const wide = builder.node('MaxPool', [kept.name], 1, { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] });
  const soft = builder.node('Conv', [wide.name, 'gauss'], 1, { kernel_shape: [5, 5], pads: [2, 2, 2, 2] });
  const own = builder.node('Mul', [painted.name, builder.node('Sub', ['one', soft.name], 1).name], 3);
  const whole = builder.add(builder.node('Mul', [colours.name, soft.name], 3), own);
  const safe = builder.node('Clip', [whole.name, 'black', 'white'], 3);
  builder.nodes.push({ op: 'Cast', inputs: [safe.name], outputs: ['result'], attributes: { to: 2 } });
  return builder;
}

/** The model's file, made on first use and kept in the cache folder, and its row. */
export function miganShaped(): { path: string; row: ModelRow } {
  const picture = { type: 'uint8', dims: ['batch_size', 3, 'height', 'width'] } as const;
  const ends = {
    inputs: [{ name: 'image', ...picture }, { name: 'mask', type: 'uint8', dims: ['batch_size', 1, 'height', 'width'] } as const],
    outputs: [{ name: 'result', ...picture }],
  };
  const { path, sizeBytes } = keptModel('migan-shaped-2', build, ends, { about: 7e6, within: 1e6 });
  const row = rowOf('migan-shaped', miganLike('picture', { px: PX }), {
    kind: 'inpaint',
    plugin: 'inpaint-onnx',
    files: [{ path: 'model.onnx', sizeBytes, sha256: null }],
  });
  return { path, row };
}
