/** Models of the shape of known ones, with random weights, for the bench. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';
import { writeOnnx, type OnnxAttribute, type OnnxInitialiser, type OnnxNode } from '../fixtures/onnx.ts';

export interface Value {
  name: string;
  channels: number;
}

/** Puts a model together node by node. */
export class ModelBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initialisers: OnnxInitialiser[] = [];
  weights = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  constant(dims: number[], data: readonly number[] | Float32Array, type: OnnxInitialiser['type'] = 'float32'): string {
    const name = `c${this.initialisers.length}`;
    this.initialisers.push({ name, type, dims, data });
    return name;
  }

  node(op: string, inputs: readonly string[], channels: number, attributes: Record<string, OnnxAttribute> = {}): Value {
    const name = `v${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [name], attributes });
    return { name, channels };
  }

  add(a: Value, b: Value): Value {
    return this.node('Add', [a.name, b.name], a.channels);
  }

  /**
   * A convolution with random weights.
   * @param gain below 1 for branches that are added to their input.
   * @param pads top, left, bottom, right; default: as many all round as keep the size at stride 1.
   */
  convolve(
    input: Value,
    channels: number,
    kernel: number,
    { stride = 1, groups = 1, gain = 1, bias = true, pads }: ConvolveOptions = {},
  ): Value {
    const fan = (input.channels / groups) * kernel * kernel;
    const weight = this.constant(
      [channels, input.channels / groups, kernel, kernel],
      this.#random(channels * fan, gain * Math.sqrt(2 / fan)),
    );
    const inputs = [input.name, weight, ...(bias ? [this.constant([channels], this.#random(channels, 0.05))] : [])];
    const pad = (kernel - 1) >> 1;
    return this.node('Conv', inputs, channels, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: pads ?? [pad, pad, pad, pad],
      group: groups,
    });
  }

  /** Even numbers of the spread that keeps a signal's size through a layer (K. He et al. 2015). */
  #random(length: number, spread: number): Float32Array {
    const data = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
      data[i] = (this.#state / 2 ** 32 - 0.5) * Math.sqrt(12) * spread;
    }
    this.weights += length;
    return data;
  }
}

export interface ConvolveOptions {
  stride?: number;
  groups?: number;
  gain?: number;
  bias?: boolean;
  pads?: readonly number[];
}

/**
 * A model's file, made on first use and kept in the cache folder.
 * @param weights how many it must have, and how many more or less.
 * @throws Error where it has another number of weights.
 */
export function keptModel(
  name: string,
  build: () => ModelBuilder,
  ends: Pick<Parameters<typeof writeOnnx>[0], 'inputs' | 'outputs'>,
  weights: { about: number; within: number },
): { path: string; sizeBytes: number } {
  const folder = join(root, '.cache/bench');
  const path = join(folder, `${name}.onnx`);
  if (!existsSync(path)) {
    const { initialisers, nodes, weights: made } = build();
    if (Math.abs(made - weights.about) > weights.within) throw new Error(`${name} has ${made} weights in place of ${weights.about}.`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.part`, writeOnnx({ ...ends, initialisers, nodes }).bytes);
    renameSync(`${path}.part`, path);
  }
  return { path, sizeBytes: readFileSync(path).length };
}
