import { UnflatError, type Scene, type SourceFile } from '../core/index.ts';
import { decodeImage, decodePhoto, setHeicDecoder } from '../decode/index.ts';
import { InferenceClient } from '../inference/index.ts';
import type { ResultStore, ResultStoreOptions, StoredResult } from '../store/index.ts';
import { answerCalls, type Answer, type AnswerHooks, type FromWorker, type ToWorker, type WorkerScope } from '../worker/index.ts';
import { currentReport, earlierIn } from './earlier.ts';
import type { PipelineHost } from './pipeline-host.ts';
import type {
  ConvertCall,
  ConvertedScene,
  DepthCall,
  FileRef,
  OpenFileCall,
  PipelineCall,
  PipelineEvent,
  PipelineNote,
  PipelineStart,
  PreviewCall,
  SaveCall,
} from './pipeline-call.ts';
import { outputFor } from './load-plugin.ts';
import { openSceneFile } from './open-scene-file.ts';
import { resultKey } from './result-key.ts';
import { Pipeline, stem, withChoice, type Choice, type RunInput } from './pipeline.ts';
import { sceneBuffers } from './scene-buffers.ts';
import type { ConvertHooks, ConvertReport, ConvertResult, PhotoDepth, PluginTable } from './types.ts';
import { writeOutput } from './write-output.ts';

/** The browser's decoders and the way to models. Keeps no results: `openStore` is for programs that do. */
export const browserHost: Omit<PipelineHost, 'plugins'> = {
  decodePhoto,
  decodeImage,
  setHeicDecoder,
  connectInference: (port) => new InferenceClient(port),
};

/**
 * Answers a `Converter` from inside a worker; call it once, with the plugins that the worker is to know.
 * @param scope where messages come and go, default the worker's global scope.
 * @param host decoders, models and where results are kept. Default `browserHost`.
 */
export function servePipeline(
  plugins: PluginTable,
  scope: WorkerScope = globalThis as unknown as WorkerScope,
  host: Omit<PipelineHost, 'plugins'> = browserHost,
): void {
  const post = (message: FromWorker<PipelineNote, PipelineEvent>): void => scope.postMessage(message, []);
  const server = new Server({ ...host, plugins }, (event) => post({ type: 'event', event }));
  const calls = answerCalls<PipelineCall, PipelineNote>(scope, (call, hooks) => server.answer(call, hooks));
  scope.onmessage = ({ data }: MessageEvent<ToWorker<PipelineCall, PipelineStart>>) => {
    if (data.type === 'start') server.start(data.start);
    else void calls.receive(data);
  };
  post({ type: 'ready' });
}

type Hooks = AnswerHooks<PipelineNote>;

class Server {
  readonly #host: PipelineHost;
  readonly #onEvent: (event: PipelineEvent) => void;
  readonly #pipeline: Pipeline;
  #files = new Map<number, Promise<SourceFile>>();
  /** The scene that went out last, for outputs. */
  #scene: { token: number; load: () => Promise<Scene | undefined> } | undefined;
  #nextToken = 1;
  #store: { key: string; store: ResultStore } | undefined;

  constructor(host: PipelineHost, onEvent: (event: PipelineEvent) => void) {
    this.#host = host;
    this.#onEvent = onEvent;
    this.#pipeline = new Pipeline(host);
  }

  start({ inference, plugins, modules, heicDecoder, surface, opinions }: PipelineStart): void {
    if (opinions !== undefined) this.#host.opinions = opinions;
    if (surface) this.#host.surface = surface;
    if (inference) {
      const service = this.#host.connectInference?.(inference);
      if (service) this.#host.inference = service;
    }
    // Ours keep their ids, but are asked later.
    if (modules) this.#host.plugins = { ...this.#host.loadModules?.(modules), ...this.#host.plugins };
    if (plugins) {
      this.#host.connectPlugins?.(plugins, this.#host.plugins, (table, installed) => {
        this.#host.plugins = table;
        this.#host.installed = installed;
      });
    }
    if (heicDecoder !== undefined) this.#host.setHeicDecoder?.(heicDecoder);
  }

  async answer(call: PipelineCall, hooks: Hooks): Promise<Answer> {
    try {
      return await this.#answer(call, hooks);
    } catch (error) {
      throw outOfMemory(error) ?? error;
    }
  }

  #answer(call: PipelineCall, hooks: Hooks): Promise<Answer> {
    if (call.name === 'save') return this.#save(call, hooks);
    if (call.name === 'open') return this.#openSaved(call, hooks);
    const input = this.#input(call);
    if (call.name === 'convert') return this.#convert(call, input, hooks);
    return call.name === 'depth' ? this.#depth(call, input, hooks) : this.#preview(call, input, hooks);
  }

  async #convert({ settings, early, store: options }: ConvertCall, files: Promise<RunInput>, hooks: Hooks): Promise<Answer> {
    const start = performance.now();
    const input = await files;
    const store = options && this.#open(options);
    const hashed = await this.#pipeline.hash(input);
    const looked = new Map<string, StoredResult | undefined>();
    const keptBy = async ({ depth, inpaint }: Choice): Promise<{ key: string; kept: StoredResult | undefined }> => {
      const key = await resultKey(hashed, settings, depth, inpaint);
      if (!looked.has(key)) looked.set(key, await store?.get(key));
      return { key, kept: looked.get(key) };
    };
    let choice = await this.#pipeline.choose(input, settings, convertHooks(hooks), async (each) => (await keptBy(each)).kept !== undefined);
    let { key, kept } = await keptBy(choice);
    if (!kept && choice.inpaint.instead) {
      choice = { ...choice, inpaint: choice.inpaint.instead };
      ({ key, kept } = await keptBy(choice));
    }
    hooks.signal.throwIfAborted();
    if (kept && store) {
      const name = stem(input.photo.name);
      const told = withChoice(currentReport(kept.report), choice);
      const report: ConvertReport = { ...told, timesMs: { decode: performance.now() - start }, stored: true };
      // Should an output want it, it is read once more.
      return this.#converted({ scene: { ...kept.scene, name }, report }, async () => {
        const again = await store.get(key);
        return again && { ...again.scene, name };
      });
    }
    const onEarly = (result: ConvertResult): void => {
      const { value, transfer } = this.#copied(result);
      hooks.notify({ early: value }, transfer);
    };
    const { makings, plain, ...result } = await this.#pipeline.convert(
      input,
      settings,
      { ...convertHooks(hooks), ...(early && { onEarly }) },
      choice,
      store && earlierIn(store),
    );
    const answer: Answer = this.#copied(result);
    // What a model failed at is tried anew the next time.
    if (store && !result.report.inpaint.isPartial)
      answer.afterwards = async () => void ((await store.put(key, { ...result, report: plain }, makings)) && this.#onEvent({ kept: true }));
    return answer;
  }

  /** Nothing of it stays here: should an output want the scene, the file is read once more. */
  async #openSaved(call: OpenFileCall, { signal }: Hooks): Promise<Answer> {
    const { photo } = await this.#input(call);
    return this.#converted(await openSceneFile(photo, signal), async () => (await openSceneFile(photo)).scene);
  }

  async #depth({ settings }: DepthCall, files: Promise<RunInput>, hooks: Hooks): Promise<Answer> {
    return this.#copied(await this.#pipeline.depthOf(await files, settings, convertHooks(hooks)));
  }

  /** A copy goes out; what stays here for later runs and outputs is never written to, so it can be stored in peace. */
  #copied<R extends PhotoDepth>(result: R): Answer & { value: ConvertedScene<R> } {
    return this.#converted(structuredClone(result), async () => result.scene);
  }

  /** Hands the scene's buffers over. @param load brings the scene back for outputs. */
  #converted<R extends PhotoDepth>(result: R, load: () => Promise<Scene | undefined>): Answer & { value: ConvertedScene<R> } {
    const token = this.#nextToken++;
    this.#scene = { token, load };
    return { value: { result, token }, transfer: sceneBuffers(result.scene) };
  }

  async #preview({ settings, sizePx }: PreviewCall, files: Promise<RunInput>, hooks: Hooks): Promise<Answer> {
    const depth = await this.#pipeline.previewDepth(
      await files,
      settings,
      sizePx,
      convertHooks(hooks),
      this.#store && earlierIn(this.#store.store),
    );
    return { value: depth, transfer: [depth.disparity.buffer as ArrayBuffer] };
  }

  async #save({ scene, product, options }: SaveCall, hooks: Hooks): Promise<Answer> {
    const known = typeof scene === 'number' ? await (this.#scene?.token === scene ? this.#scene.load() : undefined) : scene;
    if (!known) return { value: undefined };
    const output = await outputFor(this.#host.plugins, product);
    const frames = (): never => {
      throw new TypeError(`The output “${output.id}” renders frames, so it must say needsFrames: true.`);
    };
    const saveHooks = {
      ...convertHooks(hooks),
      onWarning: (warning: string) => hooks.notify({ warning }),
      onNote: (note: string) => hooks.notify({ note }),
    };
    const value = await writeOutput(output, { product, scene: known, options, frames }, saveHooks, this.#host.surface);
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
    const store = this.#host.openStore?.(options, (storageWarning) => this.#onEvent({ storageWarning }));
    this.#store = store && { key, store };
    return store;
  }
}

const convertHooks = ({ signal, notify }: Hooks): ConvertHooks => ({ signal, onProgress: (progress) => notify({ progress }) });

async function readFile(file: SourceFile | File | undefined): Promise<SourceFile> {
  if (!file) throw new Error('A file was named that was never sent.');
  if (!(file instanceof Blob)) return file;
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (cause) {
    throw new UnflatError('io', `${file.name} could not be read: it was moved, changed or is not allowed to be read. Choose it again.`, {
      cause,
    });
  }
}

function outOfMemory(error: unknown): UnflatError | undefined {
  const allocation = error instanceof RangeError && /alloc|array length|buffer/i.test(error.message);
  return allocation
    ? new UnflatError('out-of-memory', 'There is not enough memory for this photo. Close other tabs, or choose a smaller working size.', {
        cause: error,
      })
    : undefined;
}
