import type * as Ort from 'onnxruntime-web/wasm';
import type { Provider, Tensor, TensorType } from '../core/index.ts';
import { widen } from './to-half.ts';
import type { Port, Runtime, Runtimes, Session } from './runtime.ts';
import { withThreads } from './with-threads.ts';

/** onnxruntime-web: where its files lie, and how its two builds are loaded. */
export interface OrtOptions {
  /** Folder of `ort-wasm-simd-threaded.{mjs,wasm}` and `ort-wasm-simd-threaded.asyncify.{mjs,wasm}`, with a slash at its end. */
  files: URL | string;
  /** Runs on a software GPU too, which is slower than WASM: for tests. Default false. */
  softwareGpu?: boolean;
  /** WASM threads where there is SharedArrayBuffer. Default: as `threadsFor` says. */
  threads?: number;
}

type OrtModule = typeof Ort;

/** The WASM build and, only where a real GPU answers, the larger one with WebGPU. Nothing is loaded before it is asked for. */
export function ortRuntimes(options: OrtOptions): Runtimes {
  return {
    wasm: ortWasm(options),
    webgpu: once(async () =>
      (await hasGpu(options.softwareGpu)) ? makeRuntime(await import('onnxruntime-web/webgpu'), 'webgpu', options) : undefined,
    ),
  };
}

/** The WASM build alone, for programs that do without the other. */
export function ortWasm(options: OrtOptions): () => Promise<Runtime> {
  return once(async () => makeRuntime(await import('onnxruntime-web/wasm'), 'wasm', options));
}

/** A failed start is tried anew. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start().catch((error: unknown) => ((started = undefined), Promise.reject(error))));
}

/** All of a small machine, half of a large one (its other half often are hyperthreads or slow cores), at most 8. */
export function threadsFor(cores: number): number {
  return Math.max(1, Math.min(cores, Math.max(4, Math.floor(cores / 2)), 8));
}

/** Names of the files that a provider needs. */
export function ortFiles(provider: Provider): [mjs: string, wasm: string] {
  const build = provider === 'webgpu' ? 'ort-wasm-simd-threaded.asyncify' : 'ort-wasm-simd-threaded';
  return [`${build}.mjs`, `${build}.wasm`];
}

function makeRuntime(ort: OrtModule, provider: Provider, { files, threads }: OrtOptions): Runtime {
  const [mjs, wasm] = ortFiles(provider).map((name) => new URL(name, files).href);
  // WebKitGTK says that it is isolated and yet has none, so what is asked for is the thing itself.
  const mayThread = typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
  const used = mayThread ? (threads ?? threadsFor(navigator.hardwareConcurrency || 1)) : 1;
  ort.env.logLevel = 'fatal'; // what goes wrong is thrown as well, and told in words
  ort.env.wasm.numThreads = used;
  // Both are named, or its threads would load the script that is running here instead of their own.
  ort.env.wasm.wasmPaths = { mjs: mjs!, wasm: wasm! };
  let isStarted = used === 1;
  const open: Runtime['open'] = async (model, onThreads) => {
    const session = await (isStarted ? openSession(ort, provider, model) : withThreads(() => openSession(ort, provider, model), onThreads));
    isStarted = true;
    return session;
  };
  return { threads: provider === 'wasm' ? used : 1, open };
}

async function openSession(
  ort: OrtModule,
  provider: Provider,
  [model, ...beside]: readonly { path: string; bytes: Uint8Array }[],
): Promise<Session> {
  const session = await ort.InferenceSession.create(model!.bytes, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    externalData: beside.map(({ path, bytes }) => ({ path, data: bytes })),
  });
  return {
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    async run(feeds, wanted) {
      const given = Object.entries(feeds).map(
        ([name, { type, data, dims }]) => [name, new ort.Tensor(type as 'float32', data as Float32Array, dims)] as const,
      );
      const results = await session.run(Object.fromEntries(given), [...wanted]);
      const read: Record<string, Tensor> = {};
      for (const [name, result] of Object.entries(results)) {
        read[name] = tensorOf(result.type, result.dims, await result.getData());
        result.dispose();
      }
      for (const [, tensor] of given) tensor.dispose();
      return read;
    },
    dispose: () => session.release(),
  };
}

const TYPES: readonly string[] = ['float32', 'float16', 'uint8', 'int32', 'int64'] satisfies TensorType[];

function portOf(value: Ort.InferenceSession.ValueMetadata): Port {
  if (!value.isTensor) return { name: value.name, type: null, shape: [] };
  return { name: value.name, type: TYPES.includes(value.type) ? (value.type as TensorType) : null, shape: value.shape };
}

/** An answer as a tensor of ours: half precision is widened, rarer types become the nearest of ours. */
function tensorOf(type: string, dims: readonly number[], data: Ort.Tensor.DataType): Tensor {
  if (Array.isArray(data)) throw new TypeError('the output is text');
  if (type === 'float16') return { type: 'float32', dims, data: widen(new Uint16Array(data.buffer, data.byteOffset, data.length)) };
  if (data instanceof Float32Array || data instanceof BigInt64Array || data instanceof Int32Array)
    return { type: type as TensorType, dims, data };
  if (data instanceof Uint8Array) return { type: 'uint8', dims, data };
  if (data instanceof BigUint64Array) return { type: 'int64', dims, data: BigInt64Array.from(data) };
  return data instanceof Float64Array
    ? { type: 'float32', dims, data: Float32Array.from(data) }
    : { type: 'int32', dims, data: Int32Array.from(data) };
}

/** Whether a GPU answers that is one; browsers without any emulate it in software, slower than WASM is. */
export async function hasGpu(softwareToo = false): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(options?: object): Promise<GpuAdapter | null> } };
  try {
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return false;
    const { info } = adapter;
    const isSoftware =
      adapter.isFallbackAdapter ||
      info?.isFallbackAdapter ||
      /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info?.architecture} ${info?.device} ${info?.description}`);
    return softwareToo || !isSoftware;
  } catch {
    return false; // a GPU that does not even answer
  }
}

/** The part of GPUAdapter that is looked at. */
interface GpuAdapter {
  isFallbackAdapter?: boolean;
  info?: { isFallbackAdapter?: boolean; architecture?: string; device?: string; description?: string };
}
