import {
  throwIfAborted,
  type DepthMap,
  type InferRequest,
  type InferResult,
  type ModelRow,
  type Photo,
  type Raster,
  type Rect,
} from '../core/index.ts';
import { depthOf } from 'unflat/plugin';
import type { PipelineHost } from './pipeline-host.ts';
import type { InferPhase } from './inference-service.ts';
import { LastValue } from './last-value.ts';
import { modelsOfKind } from './models-of-kind.ts';

interface Estimate {
  model: ModelRow;
  answer: InferResult;
}

/** What the bundled model says of photos, for those who check something by it. Each part of an image is estimated once. */
export class DepthEstimates {
  readonly #images = new WeakMap<Uint8ClampedArray, Map<string, LastValue<Estimate | undefined>>>();
  /** Where it could not be run once, nobody waits for it again. */
  #isBroken = false;

  /**
   * @param part of the image in whole pixels, default all.
   * @returns undefined where there is no bundled model, it cannot be run, or it sees no depth.
   * @throws `signal.reason` when cancelled; nothing else.
   */
  async of(
    host: PipelineHost,
    image: Raster,
    part: Rect | undefined,
    signal: AbortSignal,
    onPhase?: (phase: InferPhase) => void,
  ): Promise<DepthMap | undefined> {
    throwIfAborted(signal);
    const parts = this.#images.get(image.rgba) ?? new Map<string, LastValue<Estimate | undefined>>();
    this.#images.set(image.rgba, parts);
    const key = keyOf(part ?? wholeOf(image));
    const kept = parts.get(key) ?? new LastValue<Estimate | undefined>();
    parts.set(key, kept);
    try {
      const estimate = await kept.get(key, () => this.#make(host, part ? cut(image, part) : image, signal, onPhase), signal);
      throwIfAborted(signal);
      return estimate && depthOf(copyOf(estimate.answer), estimate.model, asPhoto(image));
    } catch {
      throwIfAborted(signal);
      return undefined;
    }
  }

  /** The answer to a request that was made here already. The receiver may write to it. */
  answerTo({ model, image, mask, mirrored, feeds, outputs }: InferRequest): InferResult | undefined {
    if (mask || mirrored || feeds || outputs) return undefined;
    const known = this.#images.get(image.rgba)?.get(keyOf(wholeOf(image)))?.value;
    return known?.model.id === model ? copyOf(known.answer) : undefined;
  }

  async #make(
    host: PipelineHost,
    image: Raster,
    signal: AbortSignal,
    onPhase?: (phase: InferPhase) => void,
  ): Promise<Estimate | undefined> {
    if (this.#isBroken || host.opinions === false || !host.inference) return undefined;
    const { models } = await modelsOfKind(host, 'depth');
    const model = models.find(({ row, state }) => row.embedded && state === 'ready')?.row;
    if (!model) return undefined;
    try {
      return { model, answer: await host.inference.infer({ model: model.id, image }, signal, onPhase) };
    } catch (error) {
      throwIfAborted(signal);
      this.#isBroken = true;
      throw error;
    }
  }
}

function wholeOf({ width, height }: Raster): Rect {
  return { x: 0, y: 0, width, height };
}

function keyOf({ x, y, width, height }: Rect): string {
  return `${x},${y} ${width}×${height}`;
}

function copyOf({ output, ...rest }: InferResult): InferResult {
  return { ...rest, output: { ...output, data: output.data.slice() } };
}

function asPhoto(image: Raster): Photo {
  return { ...image, name: '', hash: '', originalWidth: image.width, originalHeight: image.height };
}

function cut({ width, rgba }: Raster, part: Rect): Raster {
  const out = new Uint8ClampedArray(part.width * part.height * 4);
  for (let y = 0; y < part.height; y++) {
    const from = ((part.y + y) * width + part.x) * 4;
    out.set(rgba.subarray(from, from + part.width * 4), y * part.width * 4);
  }
  return { width: part.width, height: part.height, rgba: out };
}
