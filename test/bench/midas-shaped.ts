/**
 * A model with the very layers of MiDaS v2.1 small (EfficientNet-Lite3 encoder, the small decoder, 256×256, 16.6 million weights)
 * and random weights: what it takes to run is what the real one takes, what it answers means nothing.
 */
import type { ModelRow } from '../../src/core/index.ts';
import { IMAGENET_MEAN, IMAGENET_STD, rowOf } from '../fixtures/depth-models.ts';
import { ModelBuilder, keptModel, type ConvolveOptions, type Value } from './model-builder.ts';

const PX = 256;

/** Expansion, kernel, stride, channels, repeats of EfficientNet-Lite3's stages. */
const STAGES = [
  [1, 3, 1, 24, 1],
  [6, 3, 2, 32, 3],
  [6, 5, 2, 48, 3],
  [6, 3, 2, 96, 5],
  [6, 5, 1, 136, 5],
  [6, 5, 2, 232, 6],
  [6, 3, 1, 384, 1],
] as const;

/** After these stages the decoder takes its inputs: strides 4, 8, 16, 32. */
const TAPS = [1, 2, 4, 6];
const FEATURES = [64, 128, 256, 512] as const;

class Builder extends ModelBuilder {
  conv(input: Value, channels: number, kernel: number, { stride = 1, ...options }: Omit<ConvolveOptions, 'pads'> = {}): Value {
    // As TensorFlow pads: what is odd goes to the right and the bottom.
    const whole = kernel - stride;
    const before = Math.floor(whole / 2);
    return this.convolve(input, channels, kernel, { ...options, stride, pads: [before, before, whole - before, whole - before] });
  }

  relu6(input: Value): Value {
    return this.node('Clip', [input.name, 'zero', 'six'], input.channels);
  }

  relu(input: Value): Value {
    return this.node('Relu', [input.name], input.channels);
  }

  double(input: Value, mode: 'align_corners' | 'half_pixel'): Value {
    return this.node('Resize', [input.name, '', 'twice'], input.channels, { mode: 'linear', coordinate_transformation_mode: mode });
  }

  /** Inverted residual: widen, depthwise, narrow. */
  block(input: Value, expansion: number, kernel: number, stride: number, channels: number): Value {
    const wide = expansion === 1 ? input : this.relu6(this.conv(input, input.channels * expansion, 1));
    const deep = this.relu6(this.conv(wide, wide.channels, kernel, { stride, groups: wide.channels }));
    const isResidual = stride === 1 && input.channels === channels;
    const narrow = this.conv(deep, channels, 1, { gain: isResidual ? 0.4 : 0.7 });
    return isResidual ? this.add(input, narrow) : narrow;
  }

  residual(input: Value): Value {
    const first = this.conv(this.relu(input), input.channels, 3, { gain: 0.7 });
    return this.add(input, this.conv(this.relu(first), input.channels, 3, { gain: 0.4 }));
  }
}

function build(): Builder {
  const builder = new Builder(12345);
  builder.initialisers.push(
    { name: 'zero', dims: [], data: [0] },
    { name: 'six', dims: [], data: [6] },
    { name: 'twice', dims: [4], data: [1, 1, 2, 2] },
    { name: 'mean', dims: [1, 3, 1, 1], data: IMAGENET_MEAN },
    { name: 'std', dims: [1, 3, 1, 1], data: IMAGENET_STD },
    { name: 'axis', type: 'int64', dims: [1], data: [1] },
  );
  const centred = builder.node('Sub', ['input_image', 'mean'], 3);
  const normalised = builder.node('Div', [centred.name, 'std'], 3);
  let value = builder.relu6(builder.conv(normalised, 32, 3, { stride: 2 }));
  const taps: Value[] = [];
  for (const [stage, [expansion, kernel, stride, channels, repeats]] of STAGES.entries()) {
    for (let i = 0; i < repeats; i++) value = builder.block(value, expansion, kernel, i === 0 ? stride : 1, channels);
    if (TAPS.includes(stage)) taps.push(value);
  }
  const inputs = taps.map((tap, i) => builder.conv(tap, FEATURES[i]!, 3, { bias: false }));
  let path: Value | undefined;
  for (let i = 3; i >= 0; i--) {
    const joined: Value = path ? builder.add(path, builder.residual(inputs[i]!)) : inputs[i]!;
    const doubled = builder.double(builder.residual(joined), 'align_corners');
    path = builder.conv(doubled, FEATURES[Math.max(0, i - 1)]!, 1);
  }
  const half = builder.conv(path!, 32, 3);
  const full = builder.relu(builder.conv(builder.double(half, 'half_pixel'), 32, 3));
  // Small enough for the last step not to saturate.
  const single = builder.conv(full, 1, 1, { gain: 0.05 });
  const depth = builder.node('Sigmoid', [single.name], 1);
  builder.nodes.push({ op: 'Squeeze', inputs: [depth.name, 'axis'], outputs: ['output_depth'] });
  return builder;
}

/** The model's file, made on first use and kept in the cache folder, and its row. */
export function midasShaped(): { path: string; row: ModelRow } {
  const ends = { inputs: [{ name: 'input_image', dims: [1, 3, PX, PX] }], outputs: [{ name: 'output_depth', dims: [1, PX, PX] }] };
  const { path, sizeBytes } = keptModel('midas-shaped-1', build, ends, { about: 16.6e6, within: 0.1e6 });
  const input = {
    name: null,
    type: 'float32',
    shape: [1, 3, 'height', 'width'],
    channels: 'rgb',
    size: { rule: 'fixed', width: PX, height: PX },
    resampling: 'bicubic',
    range: [0, 1],
    mean: [0, 0, 0],
    std: [1, 1, 1],
  } as const;
  const testModel = {
    input,
    output: { name: null, meaning: 'disparity' } as const,
    files: [{ path: 'model.onnx', bytes: new Uint8Array(0) }],
  };
  return {
    path,
    row: rowOf('midas-shaped', testModel, { plugin: 'depth-midas', files: [{ path: 'model.onnx', sizeBytes, sha256: null }] }),
  };
}
