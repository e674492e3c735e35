import { UnflatError, toWire, type Scene, type SourceFile } from '../core/index.ts';
import { InferenceClient } from '../inference/index.ts';
import type { ResultStore, ResultStoreOptions } from '../store/index.ts';
import { decodeImage, decodePhoto } from './decode.ts';
import { earlierIn } from './heart.ts';
import type { PipelineHost } from './host.ts';
import type { ConvertedMessage, ConvertRequest, FileRef, FromWorker, PreviewRequest, Request, SaveRequest, ToWorker } from './messages.ts';
import { outputFor } from './registry.ts';
import { resultKey } from './result-key.ts';
import { Pipeline, stem, type RunInput } from './run.ts';
import { sceneBuffers } from './transfer.ts';
import type { ConvertHooks, ConvertReport, ConvertResult, PluginTable } from './types.ts';
import { writeOutput } from './write-output.ts';

/** The part of a worker's global scope that is used; tests pass a MessagePort. */
export interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** The browser's decoders and the way to networks. Keeps no results: `openStore` is for programs that do. */
export const browserHost: Omit<PipelineHost, 'plugins'> = { decodePhoto, decodeImage, connectInference: (port) => new InferenceClient(port) };

/**
 * Answers a `Converter` from inside a worker; call it once, with the plugins that the worker is to know.
 * @param scope where messages come and go, default the worker's global scope.
 * @param host decoders, networks and where results are kept. Default `browserHost`.
 */
export function servePipeline(
  plugins: PluginTable,
  scope: WorkerScope = globalThis as unknown as WorkerScope,
  host: Omit<PipelineHost, 'plugins'> = browserHost,
): void {
  const server = new Server({ ...host, plugins }, scope);
  scope.onmessage = (event) => void server.receive(event.data as ToWorker);
  scope.postMessage({ type: 'ready' } satisfies FromWorker);
}

interface Answer {
  value: unknown;
  transfer?: Transferable[];
  /** Work that can wait until the answer is on its way. */
  afterwards?: () => Promise<unknown>;
}

class Server {
  readonly #host: PipelineHost;
  readonly #scope: WorkerScope;
  readonly #pipeline: Pipeline;
  readonly #running = new Map<number, AbortController>();
  #files = new Map<number, Promise<SourceFile>>();
  /** The scene that went out last, for outputs. */
  #scene: { token: number; load: () => Promise<Scene | undefined> } | undefined;
  #nextToken = 1;
  #store: { key: string; store: ResultStore } | undefined;

  constructor(host: PipelineHost, scope: WorkerScope) {
    this.#host = host;
    this.#scope = scope;
    this.#pipeline = new Pipeline(host);
  }

  async receive(message: ToWorker): Promise<void> {
    if (message.type === 'inference') {
      this.#host.inference = this.#host.connectInference?.(message.port);
      return;
    }
    const { id } = message;
    if (message.type === 'abort') {
      this.#running.get(id)?.abort(new DOMException('The run was cancelled.', 'AbortError'));
      if (this.#running.has(id)) this.#post({ type: 'aborting', id });
      return;
    }
    const controller = new AbortController();
    this.#running.set(id, controller);
    const hooks: ConvertHooks = { signal: controller.signal, onProgress: (progress) => this.#post({ type: 'progress', id, progress }) };
    try {
      const answer = await this.#answer(message, hooks);
      this.#scope.postMessage({ type: 'result', id, value: answer.value } satisfies FromWorker, answer.transfer ?? []);
      await answer.afterwards?.();
    } catch (error) {
      this.#post({ type: 'error', id, error: toWire(outOfMemory(error) ?? error) });
    } finally {
      this.#running.delete(id);
    }
  }

  #answer(message: Request & { id: number }, hooks: ConvertHooks): Promise<Answer> {
    if (message.type === 'save') return this.#save(message, hooks, message.id);
    const input = this.#input(message);
    return message.type === 'convert' ? this.#convert(message, input, hooks) : this.#preview(message, input, hooks);
  }

  async #convert({ id, settings, early, store: options }: ConvertRequest & { id: number }, files: Promise<RunInput>, hooks: ConvertHooks): Promise<Answer> {
    const start = performance.now();
    const input = await files;
    const store = options && this.#open(options);
    const choice = await this.#pipeline.choose(settings, hooks.signal);
    const key = store && (await resultKey(await this.#pipeline.hash(input), settings, choice.depth, choice.fill));
    const kept = key && (await store.get(key));
    hooks.signal?.throwIfAborted();
    if (kept) {
      const name = stem(input.photo.name);
      const report: ConvertReport = { ...(kept.report as ConvertReport), timesMs: { decode: performance.now() - start }, stored: true };
      // Should an output want it, it is read once more.
      return this.#converted({ scene: { ...kept.scene, name }, report }, async () => {
        const again = await store.get(key);
        return again && { ...again.scene, name };
      });
    }
    // A copy goes out; what stays here for later runs and outputs is never written to, so it can be stored in peace.
    const copied = (result: ConvertResult): Answer => this.#converted(structuredClone(result), async () => result.scene);
    const onEarly = (result: ConvertResult): void => {
      const { value, transfer } = copied(result);
      this.#scope.postMessage({ type: 'early', id, value } satisfies FromWorker, transfer);
    };
    const { makings, ...result } = await this.#pipeline.convert(input, settings, { ...hooks, ...(early && { onEarly }) }, choice, store && earlierIn(store));
    const answer = copied(result);
    // What a network failed at is tried anew the next time.
    if (key && !result.report.fill.isPartial) answer.afterwards = () => store.put(key, result, makings);
    return answer;
  }

  /** Hands the scene's buffers over. @param load brings the scene back for outputs. */
  #converted(result: ConvertResult, load: () => Promise<Scene | undefined>): Answer {
    const token = this.#nextToken++;
    this.#scene = { token, load };
    return { value: { result, token } satisfies ConvertedMessage, transfer: sceneBuffers(result.scene) };
  }

  async #preview({ settings, sizePx }: PreviewRequest, files: Promise<RunInput>, hooks: ConvertHooks): Promise<Answer> {
    const depth = await this.#pipeline.previewDepth(await files, settings, sizePx, hooks, this.#store && earlierIn(this.#store.store));
    return { value: depth, transfer: [depth.disparity.buffer as ArrayBuffer] };
  }

  async #save({ scene, product, options }: SaveRequest, hooks: ConvertHooks, id: number): Promise<Answer> {
    const known = typeof scene === 'number' ? await (this.#scene?.token === scene ? this.#scene.load() : undefined) : scene;
    if (!known) return { value: undefined };
    const output = await outputFor(this.#host.plugins, product);
    const frames = (): never => {
      throw new TypeError(`The output “${output.id}” renders frames, so it must say needsFrames: true.`);
    };
    const value = await writeOutput(output, { product, scene: known, options, frames }, { ...hooks, onWarning: (message) => this.#post({ type: 'warning', id, message }) });
    return { value };
  }

  /** Files are kept for as long as requests name them. Called in the order of requests. */
  #input({ photo, map }: { photo: FileRef; map?: FileRef }): Promise<RunInput> {
    const before = this.#files;
    this.#files = new Map();
    const load = (ref: FileRef): Promise<SourceFile> => {
      const file = before.get(ref.token) ?? readFile(ref.file);
      file.catch(() => {}); // told to whoever waits for it
      this.#files.set(ref.token, file);
      return file;
    };
    const loading = [load(photo), ...(map ? [load(map)] : [])];
    return Promise.all(loading).then(([first, second]) => ({ photo: first!, ...(second && { map: second }) }));
  }

  /** Where results lie; undefined where this worker knows no store. */
  #open(options: ResultStoreOptions): ResultStore | undefined {
    const key = JSON.stringify(options);
    if (this.#store?.key === key) return this.#store.store;
    const store = this.#host.openStore?.(options, (message) => this.#post({ type: 'storage-warning', message }));
    this.#store = store && { key, store };
    return store;
  }

  #post(message: FromWorker): void {
    this.#scope.postMessage(message);
  }
}

async function readFile(file: SourceFile | File | undefined): Promise<SourceFile> {
  if (!file) throw new Error('A file was named that was never sent.');
  if (!(file instanceof Blob)) return file;
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (cause) {
    throw new UnflatError('io', `${file.name} could not be read: it was moved, changed or is not allowed to be read. Choose it again.`, { cause });
  }
}

function outOfMemory(error: unknown): UnflatError | undefined {
  const allocation = error instanceof RangeError && /alloc|array length|buffer/i.test(error.message);
  return allocation ? new UnflatError('out-of-memory', 'There is not enough memory for this photo. Close other tabs, or choose a smaller working size.', { cause: error }) : undefined;
}
