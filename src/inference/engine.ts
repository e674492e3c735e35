import {
  UnflatError,
  nextTask,
  throwIfAborted,
  type InferRequest,
  type InferResult,
  type ModelInput,
  type ModelRow,
  type Provider,
  type Tensor,
} from '../core/index.ts';
import { checkFeeds, imageInput, maskInput, wantedOutputs } from './check-feeds.ts';
import { explain, type Explained } from './explain.ts';
import { toHalf } from './to-half.ts';
import { MOST_BYTES, tooLargeWords } from './most-bytes.ts';
import { maskTensor } from './mask-tensor.ts';
import type { InferPhase } from './inference-call.ts';
import type { ModelBytes, ModelSource } from './model-source.ts';
import { ThreadsError, type Port, type Runtime, type Runtimes, type Session } from './runtime.ts';
import { SessionPool, type WarmSession } from './session-pool.ts';
import { toTensor, type FedImage } from './to-tensor.ts';
import { isConstant, whyWrong } from './why-wrong.ts';

export interface EngineOptions {
  source: ModelSource;
  runtimes: Runtimes;
  /** Bytes of models whose sessions are kept ready together. Default 400 MB. */
  budgetBytes?: number;
  /** A runtime broke down beyond repair. */
  onFatal?(): void;
  /** Threads begin to start, or still do (told every second), or that is over: while they do this thread may hang for good. */
  onThreads?(isStarting: boolean): void;
}

export interface InferHooks {
  signal?: AbortSignal;
  onPhase?(phase: InferPhase): void;
}

/** Runs models one at a time: reads them, keeps their sessions, picks where they run. */
export class Engine {
  readonly #source: ModelSource;
  readonly #runtimes: Runtimes;
  readonly #sessions: SessionPool;
  readonly #onFatal: () => void;
  readonly #onThreads: (isStarting: boolean) => void;
  /** Providers that failed at what they had run before, as after a lost device: what fails there now need not be the model's fault. */
  readonly #doubtful = new Set<Provider>();
  /** Models that give no numbers in places wherever they run: that is their way. */
  readonly #gappy = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor({ source, runtimes, budgetBytes = 400e6, onFatal = () => {}, onThreads = () => {} }: EngineOptions) {
    this.#source = source;
    this.#runtimes = runtimes;
    this.#sessions = new SessionPool(budgetBytes);
    this.#onFatal = onFatal;
    this.#onThreads = onThreads;
  }

  /** @throws UnflatError `no-model`, `bad-model`, `out-of-memory` or `unsupported`; ThreadsError; `signal.reason` when cancelled. */
  infer(request: InferRequest, hooks: InferHooks = {}): Promise<InferResult> {
    return this.#inTurn(async () => {
      // WASM has blocked this thread perhaps: what was said meanwhile, a cancel among it, is heard first.
      await nextTask();
      throwIfAborted(hooks.signal);
      const warm = this.#sessions.get(request.model);
      const result = await (warm ? this.#runWarm(warm, request, hooks) : this.#runCold(request, hooks));
      // The answer goes out first.
      setTimeout(() => void this.#source.note(request.model, { usedAt: Date.now() }));
      return result;
    });
  }

  /** Lets a model's session go, as its files are others now. */
  forget(id: string): Promise<void> {
    return this.#inTurn(() => this.#sessions.drop(id));
  }

  /** Waits for what came before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #runWarm(warm: WarmSession, request: InferRequest, hooks: InferHooks): Promise<InferResult> {
    try {
      return await this.#run(warm, request, hooks, 0);
    } catch (error) {
      throwIfAborted(hooks.signal);
      if (error instanceof UnflatError) throw error;
      // What ran before may fail now, on a lost device or with a larger photo: it starts over, on the next provider where there is one.
      await this.#sessions.drop(request.model);
      this.#doubtful.add(warm.provider);
      const explained = this.#explain(error, warm.row, warm.provider);
      if (!explained.isProviders) throw explained.error;
      return this.#runCold(request, hooks, { provider: warm.provider, explained });
    }
  }

  async #runCold(request: InferRequest, hooks: InferHooks, failedNow?: { provider: Provider; explained: Explained }): Promise<InferResult> {
    const start = performance.now();
    const model = await this.#read(request.model, hooks);
    const { row } = model;
    const failures = new Map<Provider, Explained>(failedNow ? [[failedNow.provider, failedNow.explained]] : []);
    for (const provider of this.#order(model, failures)) {
      let result: InferResult;
      try {
        const runtime = await this.#start(provider, hooks);
        if (!runtime) continue;
        const warm = await this.#open(request.model, model, provider, runtime, hooks);
        await nextTask();
        result = await this.#run(warm, request, hooks, performance.now() - start);
      } catch (error) {
        // Before the cancel: whoever comes next needs another worker all the same.
        if (error instanceof ThreadsError) throw error;
        throwIfAborted(hooks.signal);
        await this.#sessions.drop(request.model);
        if (error instanceof UnflatError) throw error;
        const explained = this.#explain(error, row, provider);
        failures.set(provider, explained);
        if (!explained.isProviders) break;
        continue;
      }
      return failures.size > 0 ? this.#afterFailures(result, model, failures) : result;
    }
    const last = [...failures.values()].at(-1);
    throw (
      last?.error ?? new UnflatError('unsupported', `“${row.label}” needs WebGPU, which this browser does not offer. Choose another model.`)
    );
  }

  /** What has failed before comes only where nothing else is left. */
  #order({ row, failedProviders }: ModelBytes, failures: ReadonlyMap<Provider, Explained>): Provider[] {
    const open = row.providers.filter((provider) => !failures.has(provider));
    const good = open.filter((provider) => !failedProviders.includes(provider));
    return good.length > 0 ? good : open;
  }

  async #read(id: string, { signal, onPhase }: InferHooks): Promise<ModelBytes> {
    onPhase?.('read');
    const info = (await this.#source.list()).find(({ row }) => row.id === id);
    if (info) {
      const sizeBytes = Math.max(info.storedBytes, sum(info.row.files.map((file) => file.sizeBytes ?? 0)));
      if (sizeBytes > MOST_BYTES)
        throw new UnflatError('out-of-memory', `“${info.row.label}” has ${tooLargeWords(sizeBytes)}. Choose a smaller model.`);
    }
    try {
      return await this.#source.read(id, { ...(signal && { signal }) });
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof UnflatError || !info) throw error;
      throw this.#explain(error, info.row, 'wasm').error;
    }
  }

  async #start(provider: Provider, { signal, onPhase }: InferHooks): Promise<Runtime | undefined> {
    throwIfAborted(signal);
    onPhase?.('session');
    return this.#runtimes[provider]();
  }

  async #open(id: string, { row, files }: ModelBytes, provider: Provider, runtime: Runtime, { signal }: InferHooks): Promise<WarmSession> {
    const sizeBytes = sum(files.map(({ bytes }) => bytes.length));
    await this.#sessions.makeRoom(sizeBytes);
    throwIfAborted(signal);
    const warm: WarmSession = { row, session: await runtime.open(files, this.#onThreads), provider, threads: runtime.threads, sizeBytes };
    this.#sessions.put(id, warm);
    return warm;
  }

  async #run(
    { row, session, provider, threads }: WarmSession,
    request: InferRequest,
    { signal, onPhase }: InferHooks,
    sessionMs: number,
  ): Promise<InferResult> {
    throwIfAborted(signal);
    const port = imageInput(row, session);
    const fed = toTensor(request.image, row.input, {
      type: floatOf(row.input.type, port.type),
      ...(request.mirrored && { mirrored: true }),
      mask: (width, height) => maskPlane(request, row, width, height),
    });
    const feeds = { ...constantsOf(row), ...this.#maskFeed(row, session, port, request, fed), ...request.feeds, [port.name]: fed.tensor };
    const wanted = wantedOutputs(row, session, request.outputs);
    checkFeeds(row, session, feeds);
    onPhase?.('run');
    const start = performance.now();
    const outputs = await session.run(feeds, wanted);
    const runMs = performance.now() - start;
    throwIfAborted(signal);
    const output = outputs[wanted[0]!]!;
    // Half precision overflows on some GPUs, and some drivers compute nothing at all; the processor may do better.
    const wrong = provider === 'webgpu' && row.providers.includes('wasm') && !this.#gappy.has(row.id) ? whyWrong(output) : undefined;
    if (wrong) throw new WrongAnswer(wrong);
    return {
      output,
      outputs: pick(outputs, request.outputs ?? []),
      width: fed.width,
      height: fed.height,
      provider,
      threads,
      sessionMs,
      runMs,
      warnings: [],
    };
  }

  #maskFeed(row: ModelRow, session: Session, image: Port, request: InferRequest, { width, height }: FedImage): Record<string, Tensor> {
    const { mask } = row.input;
    if (!mask || !request.mask || 'channel' in mask) return {};
    const port = maskInput(row, mask.name, session, image);
    const size = { from: request.image, width, height };
    return { [port.name]: maskTensor(request.mask, size, { ...mask, type: floatOf(mask.type, port.type) }, request.mirrored) };
  }

  /** Says what failed, and remembers it. */
  async #afterFailures(
    result: InferResult,
    { row, failedProviders }: ModelBytes,
    failures: ReadonlyMap<Provider, Explained>,
  ): Promise<InferResult> {
    // A model that answers so anywhere is at fault itself, or it was given a photo of one colour.
    if (whyWrong(result.output)) {
      if (!isConstant(result.output)) this.#gappy.add(row.id);
      // The GPU is no worse, so the next run is there again.
      await this.#sessions.drop(row.id);
      return result;
    }
    // What the GPU holds is of no use any more: the worker that comes next begins without it.
    if ([...failures.values()].some(({ error }) => error.cause instanceof WrongAnswer)) this.#onFatal();
    const lasting = [...failures].filter(([, { isLasting }]) => isLasting).map(([provider]) => provider);
    if (lasting.length > 0) await this.#source.note(row.id, { failedProviders: [...new Set([...failedProviders, ...lasting])] });
    const warnings = [...failures].map(([provider, { reason, isLasting }]) => {
      const [here, there] = provider === 'webgpu' ? ['GPU', 'processor'] : ['processor', 'GPU'];
      return `“${row.label}” could not be run on the ${here} (${reason}); it runs on the ${there} instead${isLasting ? ', from now on' : ''}.`;
    });
    return { ...result, warnings };
  }

  #explain(error: unknown, row: ModelRow, provider: Provider): Explained {
    const explained = explain(error, row, provider);
    if (this.#doubtful.has(provider)) explained.isLasting = false;
    // WASM's memory never shrinks: after it was used up, a new worker gives it back.
    if (explained.isFatal || explained.error.code === 'out-of-memory') this.#onFatal();
    return explained;
  }
}

/** The mask as a fourth colour. @throws UnflatError `bad-model` where nobody gave one. */
function maskPlane({ image, mask, mirrored }: InferRequest, row: ModelRow, width: number, height: number): ArrayLike<number> {
  if (!mask || !row.input.mask)
    throw new UnflatError('bad-model', `“${row.label}” fills in what a mask marks, and got no mask. Choose it as an inpainter.`);
  const { keep, fill } = row.input.mask;
  return maskTensor(mask, { from: image, width, height }, { name: null, type: 'float32', shape: ['height', 'width'], keep, fill }, mirrored)
    .data as Float32Array;
}

/** What a model says itself of half or full precision counts more than its row. */
function floatOf(type: ModelInput['type'], asked: Tensor['type'] | null): ModelInput['type'] {
  return type !== 'uint8' && (asked === 'float16' || asked === 'float32') ? asked : type;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function pick(outputs: Record<string, Tensor>, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name) => [name, outputs[name]!]));
}

/** A provider answered, but with nothing that can be an answer. */
class WrongAnswer extends Error {}

function constantsOf({ constants = {} }: ModelRow): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(constants).map(([name, { type, dims, data }]) => [name, { type, dims, data: numbers(type, data) }]),
  );
}

function numbers(type: Tensor['type'], data: readonly number[]): Tensor['data'] {
  switch (type) {
    case 'float32':
      return Float32Array.from(data);
    case 'float16':
      return Uint16Array.from(data, toHalf);
    case 'uint8':
      return Uint8Array.from(data);
    case 'int32':
      return Int32Array.from(data);
    case 'int64':
      return BigInt64Array.from(data, BigInt);
  }
}
