import { MessageChannel } from 'node:worker_threads';
import type { DepthMap, InferRequest, InferResult, ModelInfo, ModelRow, Raster, SourceFile } from '../../src/core/index.ts';
import { servePipeline, type InferenceService, type InferPhase, type PluginTable } from '../../src/pipeline/index.ts';
import type { DecodedPhoto, DecodePhotoOptions } from '../../src/decode/decode-photo.ts';
import type { PipelineHost } from '../../src/pipeline/pipeline-host.ts';
import type { WorkerLike, WorkerScope } from '../../src/worker/index.ts';
import { ResultStore } from '../../src/store/index.ts';
import { defineDepthSource, defineInpainter, defineOutput, type Plugin } from 'unflat/plugin';
import { rgbInput } from '../fixtures/rgb-input.ts';

/** A picture of `width × height` with a box in its middle. */
export function boxPicture(width: number, height: number): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) rgba.set(inBox(i, width, height) ? [220, 60, 40, 255] : [40, 90 + (i % 9), 160, 255], i * 4);
  return { width, height, rgba };
}

export function boxDepth(width: number, height: number): DepthMap {
  return { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => (inBox(i, width, height) ? 0.9 : 0.2)) };
}

function inBox(i: number, width: number, height: number): boolean {
  const x = (i % width) / width;
  const y = Math.floor(i / width) / height;
  return x > 0.35 && x < 0.65 && y > 0.3 && y < 0.7;
}

/** A file whose bytes name it, so that files of other names have other hashes. */
export function fileOf(name: string): SourceFile {
  return { name, bytes: new TextEncoder().encode(name) };
}

/** What happened, in order, by stage. */
export interface Log {
  calls: string[];
}

export interface FakeOptions {
  width?: number;
  height?: number;
  /** Called inside `estimate`, for runs that have to wait or fail there. */
  onEstimate?: (signal: AbortSignal) => Promise<void> | void;
  depth?: (photo: Raster) => DepthMap;
  crop?: { x: number; y: number; width: number; height: number };
}

/** Decoders and plugins without a browser, which note when they are called. */
export function fakeHost(options: FakeOptions = {}): PipelineHost & Log {
  const calls: string[] = [];
  const { width = 48, height = 32 } = options;
  const decodePhoto = async (file: SourceFile, { hash, crop, signal }: DecodePhotoOptions): Promise<DecodedPhoto> => {
    calls.push(crop ? `recut ${crop.x},${crop.y} ${crop.width}×${crop.height}` : 'decode');
    signal.throwIfAborted();
    const picture = boxPicture(crop ? crop.width / 2 : width, crop ? crop.height / 2 : height);
    return {
      photo: { ...picture, name: file.name, hash, originalWidth: width * 2, originalHeight: height * 2 },
      warnings: ['decoded with care'],
      notes: [],
    };
  };
  const depthSource = defineDepthSource({
    id: 'depth-fake',
    label: 'Fake depth',
    options: [{ id: 'exact', label: 'Exact', type: 'boolean', default: false }],
    supports: () => true,
    async estimate({ photo, options: values }, { signal, warn, note }) {
      calls.push(values['exact'] === true ? 'depth exact' : 'depth');
      await options.onEstimate?.(signal);
      warn('guessed');
      note('a gain map lies inside');
      return { depth: options.depth?.(photo) ?? boxDepth(photo.width, photo.height), ...(options.crop && { crop: options.crop }) };
    },
  });
  const inpainter = defineInpainter({
    id: 'inpaint-fake',
    label: 'Fake inpainter',
    options: [{ id: 'grey', label: 'Grey', type: 'number', default: 7, min: 0, max: 255 }],
    supports: () => true,
    async inpaint({ rgba, options: values }) {
      calls.push('inpaint');
      return new Uint8ClampedArray(rgba.length).fill(Number(values['grey']));
    },
  });
  const output = defineOutput({
    id: 'output-fake',
    label: 'Fake output',
    options: [],
    products: [{ id: 'size', label: 'Size' }],
    supports: () => true,
    async write({ scene }) {
      calls.push('write');
      return { suffix: '.txt', blob: new Blob([`${scene.name} ${scene.width}×${scene.height}`]) };
    },
  });
  return { calls, plugins: tableOf(depthSource, inpainter, output), decodePhoto, decodeImage: async () => boxPicture(4, 4) };
}

/** A depth source that runs models, which notes what it ran. */
export function fakeModelSource(calls: string[], id = 'depth-net'): Plugin {
  return defineDepthSource({
    id,
    label: 'Fake models',
    needsModel: true,
    options: [{ id: 'mirror', label: 'Mirror', type: 'boolean', default: false }],
    supports: () => true,
    async estimate({ photo, model, options: values }, { infer, progress }) {
      calls.push(`depth ${model?.id}${values['mirror'] === true ? ' mirrored' : ''}`);
      progress(0.1, 'Estimating depth…');
      if (!model) throw new TypeError('a model is due');
      await infer({ model: model.id, image: photo });
      if (values['mirror'] === true) await infer({ model: model.id, image: photo, mirrored: true });
      return { depth: boxDepth(photo.width, photo.height) };
    },
  });
}

/** A row of a depth model as the catalogue has them. */
export function rowOf(id: string, changes: Partial<ModelRow> = {}): ModelRow {
  return {
    id,
    label: `Model ${id}`,
    kind: 'depth',
    plugin: 'depth-net',
    licence: 'MIT',
    about: 'For tests.',
    quality: 3,
    speed: 3,
    verified: 'signature',
    providers: ['wasm'],
    files: [{ path: 'model.onnx', url: 'https://example.org/model.onnx', sizeBytes: 800_000, sha256: 'a'.repeat(64) }],
    input: rgbInput(16, 16),
    output: { name: null, meaning: 'disparity' },
    ...changes,
  };
}

export function infoOf(row: ModelRow, state: ModelInfo['state'] = 'ready', isOwn = false): ModelInfo {
  return { row, state, isOwn, storedBytes: state === 'ready' ? 800_000 : 0 };
}

export interface FakeInference extends InferenceService {
  requests: InferRequest[];
}

/** Models that are never run: they answer a ramp. `onInfer` may wait, fail or change the answer. */
export function fakeInference(
  models: ModelInfo[] | (() => ModelInfo[]),
  onInfer?: (request: InferRequest, signal: AbortSignal) => Promise<Partial<InferResult> | void> | Partial<InferResult> | void,
): FakeInference {
  const requests: InferRequest[] = [];
  return {
    requests,
    models: async () => (typeof models === 'function' ? models() : models),
    async infer(request: InferRequest, signal: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult> {
      requests.push(request);
      signal.throwIfAborted();
      for (const phase of ['read', 'session', 'run'] as const) onPhase?.(phase);
      const changes = await onInfer?.(request, signal);
      return {
        output: { type: 'float32', dims: [1, 2, 2], data: Float32Array.of(0, 1, 2, 3) },
        outputs: {},
        width: 16,
        height: 16,
        provider: 'wasm',
        threads: 2,
        sessionMs: requests.length === 1 ? 40 : 0,
        runMs: 10,
        warnings: ['ran slowly'],
        ...changes,
      };
    },
  };
}

export function tableOf(...plugins: Plugin[]): PluginTable {
  return Object.fromEntries(plugins.map((plugin) => [plugin.id, async () => ({ default: plugin })]));
}

export const FAKE = { depthSource: 'depth-fake', inpainter: 'inpaint-fake' };

/** A worker in this very thread: messages are cloned and handed over as with a real one. */
export function fakeWorker(host: PipelineHost): WorkerLike & { terminated: boolean; scope: WorkerScope } {
  const { port1, port2 } = new MessageChannel();
  const near = port1 as unknown as MessagePort;
  const scope = port2 as unknown as WorkerScope;
  // The browser's own ports start with their first handler; Node's too.
  const worker = {
    terminated: false,
    scope,
    onmessage: null,
    onerror: null,
    postMessage: (message: unknown, transfer: Transferable[] = []) => near.postMessage(message, transfer),
    terminate() {
      worker.terminated = true;
      near.close();
    },
  } as WorkerLike & { terminated: boolean; scope: WorkerScope };
  near.onmessage = (event) => worker.onmessage?.(event);
  servePipeline(host.plugins, scope, { openStore: (options, onWarning) => new ResultStore(options, onWarning), ...host });
  return worker;
}
