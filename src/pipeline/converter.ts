import { type DepthMap, type Scene, type SourceFile } from '../core/index.ts';
import type { OptionValues, Output, OutputFile, OutputPlan, Plugin } from 'unflat/plugin';
import type { ResultStore } from '../store/index.ts';
import { WorkerLink, type CancelledCall, type WorkerLike } from '../worker/index.ts';
import type { SettingsPlace } from './how-to-set.ts';
import type { ConvertedScene, FileRef, PipelineCall, PipelineEvent, PipelineNote, PipelineStart } from './pipeline-call.ts';
import { resolveOptions } from './resolve-options.ts';
import { listPlugins, outputFor } from './load-plugin.ts';
import { isSceneFile } from './open-scene-file.ts';
import { resolveSettings } from './resolve-settings.ts';
import type {
  ConvertHooks,
  ConvertInput,
  ConvertResult,
  ConvertSettings,
  PhotoDepth,
  FrameSource,
  PluginInfo,
  PluginLink,
  PluginTable,
  SaveHooks,
  SceneHooks,
} from './types.ts';

/** A worker that does not even take note of an abort within this time is in a long loop: it is replaced. */
const DEAF_MS = 300;
/** It is waited for this long where starting anew would take longer than its loop may. */
const PATIENT_MS = 2000;
/** A plugin that takes note of an abort but goes on working is stopped by force after this time. */
const STUBBORN_MS = 3000;

interface CallHooks extends SaveHooks {
  /** What can be used before the result is there. */
  onEarly?(early: ConvertedScene): void;
}

export interface ConverterOptions {
  /** Starts the worker whose entry calls `servePipeline`; called again after a worker had to be stopped. */
  createWorker(): WorkerLike;
  /** Keeps results, so that the same photo with the same settings opens at once. Default: nothing is kept. */
  store?: Pick<ResultStore, 'options' | 'warnOnce'>;
  /** Called when a result has been put into the store, some time after it was handed out. */
  onKept?(): void;
  /** The models of this page, an `Inference`; each new worker gets a way to them, which ends with it. Default: none. */
  inference?: { connect(ended?: AbortSignal): MessagePort };
  /**
   * Address of the decoder for HEIC photos, `libheif-bundle.mjs`: loaded when a photo needs it and the browser has none. Default:
   * those photos are refused.
   */
  heicDecoder?: string;
  /** Where the person sets options, so that notes and errors say how that is done there. Default `app`. */
  surface?: SettingsPlace;
  /** Whether plugins may have the bundled model run to check something by it (`estimateDepth`). Default true. */
  opinions?: boolean;
  /** Outputs that run on this side, and what `listPlugins` lists; a function where that changes. Default: none. */
  plugins?: PluginTable | (() => PluginTable);
  /** Absolute addresses of plugins that the page's author trusts, by id: its worker loads them and asks them before its own. Default: none. */
  modules?: Readonly<Record<string, string>>;
  /** Plugins that the person installed; each new worker gets a way to them, which ends with it. Default: none. */
  installed?: { connect(ended?: AbortSignal): PluginLink };
}

/**
 * Turns photos into scenes and scenes into files, in a worker; this is the side of it that a page talks to.
 * The last photo wins: a new `convert` cancels the one before it.
 */
export class Converter {
  readonly #link: WorkerLink<PipelineCall, PipelineNote, PipelineStart, PipelineEvent>;
  readonly #store: ConverterOptions['store'];
  readonly #plugins: () => PluginTable;
  readonly #surface: SettingsPlace | undefined;
  readonly #tokens = new WeakMap<object, number>();
  /** Scenes that the worker of a generation holds a copy of. */
  readonly #scenes = new WeakMap<Scene, { generation: number; token: number }>();
  #sent = { generation: -1, tokens: new Set<number>() };
  #nextToken = 1;
  #converting: AbortController | undefined;
  #previewing: AbortController | undefined;
  #input: ConvertInput | undefined;
  /** The depth of the last photo, where that was a 3D photo already. */
  #openedDepth: DepthMap | undefined;
  /** The photo that the worker has decoded last, as far as it said. */
  #decoded: ConvertInput['photo'] | undefined;
  #disposed = false;

  constructor(options: ConverterOptions) {
    const { inference, installed, modules, heicDecoder, store, surface, opinions, plugins = {} } = options;
    this.#link = new WorkerLink({
      createWorker: () => options.createWorker(),
      start(ended) {
        const port = inference?.connect(ended);
        const link = installed?.connect(ended);
        return {
          start: {
            ...(port && { inference: port }),
            ...(link && { plugins: link }),
            ...(modules && { modules }),
            ...(heicDecoder !== undefined && { heicDecoder }),
            ...(surface && { surface }),
            ...(opinions !== undefined && { opinions }),
          },
          transfer: [port, link?.port].filter((each) => each !== undefined),
        };
      },
      onEvent: (event) => ('kept' in event ? options.onKept?.() : store?.warnOnce(event.storageWarning)),
      task: 'converts photos',
      advice: 'Try again; with a very large photo, choose a smaller working size.',
      attempts: 1,
      patienceMs: (cancelled) => this.#patienceMs(cancelled),
    });
    this.#store = store;
    this.#plugins = typeof plugins === 'function' ? plugins : () => plugins;
    this.#surface = surface;
  }

  /**
   * Converts a photo. A further call cancels this one, which then rejects with an `AbortError`.
   * What is still at hand of the last photo (the decoded picture, its raw depth) is used again. A run that fails or is
   * cancelled leaves all of it as it was.
   * @throws UnflatError naming the file, what is wrong with it and what to do.
   * @throws TypeError naming the setting that is out of range.
   * @throws `hooks.signal.reason` when cancelled.
   */
  async convert(input: ConvertInput, settings: Partial<ConvertSettings> = {}, hooks: SceneHooks = {}): Promise<ConvertResult> {
    const resolved = resolveSettings(settings);
    const compose = (): PipelineCall => ({
      name: 'convert',
      ...this.#refs(input),
      settings: resolved,
      ...(hooks.onEarly && { early: true as const }),
      ...(this.#store && { store: this.#store.options }),
    });
    const onEarly = (early: ConvertedScene): void => hooks.onEarly?.(this.#received(early));
    return this.#open(input, compose, { ...hooks, onEarly });
  }

  /**
   * No more than a photo's depth map, in a fraction of the time: its scene has no layers and no meshes, and is for outputs that
   * say `needs: 'depth'`. Nothing is looked up in the store or kept there. For the rest as `convert`.
   */
  async convertDepth(input: ConvertInput, settings: Partial<ConvertSettings> = {}, hooks: ConvertHooks = {}): Promise<PhotoDepth> {
    const resolved = resolveSettings(settings);
    return this.#open<PhotoDepth>(input, () => ({ name: 'depth', ...this.#refs(input), settings: resolved }), hooks);
  }

  /**
   * The sharpened depth of the last photo, small, for a live preview of `settings.smoothing` and the depth options.
   * A further call cancels this one, which then rejects with an `AbortError`.
   * @param sizePx longer side in pixels, 16..384, default 384.
   * @throws TypeError when no photo was converted before.
   */
  async previewDepth(settings: Partial<ConvertSettings> = {}, sizePx = 384, hooks: ConvertHooks = {}): Promise<DepthMap> {
    this.#assertAlive();
    const resolved = resolveSettings(settings);
    if (!(sizePx >= 16 && sizePx <= 384)) throw new TypeError(`sizePx must be a number from 16 to 384, got ${sizePx}`);
    const input = this.#input;
    if (!input) throw new TypeError('previewDepth needs a photo: call convert first');
    hooks.signal?.throwIfAborted();
    const signal = this.#takeOver('previewing', 'A newer preview was asked for.', hooks.signal);
    if (this.#openedDepth) return thinned(this.#openedDepth, sizePx);
    return this.#request<DepthMap>(() => ({ name: 'preview', ...this.#refs(input), settings: resolved, sizePx: Math.round(sizePx) }), {
      ...hooks,
      signal,
    });
  }

  /**
   * Writes one file of a scene.
   * @param product what to write: an id from a plugin's `products`, as `ply` or `zoom-in`.
   * @param frames renders the scene; only outputs that need frames call it.
   * @throws UnflatError when nothing writes the product or it cannot be written here; TypeError naming `options.<id>`.
   * @throws `hooks.signal.reason` when cancelled.
   */
  async save(scene: Scene, product: string, options: OptionValues, frames: FrameSource, hooks: SaveHooks = {}): Promise<OutputFile> {
    this.#assertAlive();
    hooks.signal?.throwIfAborted();
    const output = await outputFor(this.#plugins(), product);
    hooks.signal?.throwIfAborted();
    const values = resolveOptions(output.options, options);
    if (output.needsFrames) return this.#writeHere(output, scene, product, values, frames, hooks);
    const request = (): Promise<OutputFile | undefined> =>
      this.#request<OutputFile | undefined>(
        () => ({ name: 'save', scene: this.#tokenOf(scene) ?? scene, product, options: values }),
        hooks,
      );
    const file = await request();
    if (file) return file;
    // The worker has moved on to another scene meanwhile: it gets this one sent.
    this.#scenes.delete(scene);
    const second = await request();
    if (!second) throw new Error('The worker did not take the scene.');
    return second;
  }

  /**
   * What a file will be, as far as its output can tell before; `{}` where it cannot.
   * @throws UnflatError `unsupported` where no output has such a product, or an option is out of range.
   */
  async plan(scene: Scene, product: string, options: OptionValues): Promise<OutputPlan> {
    this.#assertAlive();
    const output = await outputFor(this.#plugins(), product);
    return (await output.plan?.({ product, scene, options: resolveOptions(output.options, options) })) ?? {};
  }

  /** Describes the plugins at hand, of one kind or all; loads them, so ask when a person wants to see them. */
  listPlugins(kind?: Plugin['kind']): Promise<PluginInfo[]> {
    return listPlugins(this.#plugins(), kind);
  }

  /** Stops everything; what was still running rejects with an `AbortError`. Can be called again. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#link.dispose(new DOMException('The converter was disposed of.', 'AbortError'));
    this.#input = undefined;
    this.#decoded = undefined;
  }

  #assertAlive(): void {
    if (this.#disposed) throw new TypeError('This converter was disposed of.');
  }

  /** Cancels the last call of that kind and gives the new one its signal. */
  #takeOver(kind: 'converting' | 'previewing', reason: string, outer: AbortSignal | undefined): AbortSignal {
    const last = kind === 'converting' ? this.#converting : this.#previewing;
    last?.abort(new DOMException(reason, 'AbortError'));
    const controller = new AbortController();
    if (kind === 'converting') this.#converting = controller;
    else this.#previewing = controller;
    return outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  }

  /** Asks the worker for a photo's scene; what was asked for another photo before is cancelled. */
  async #open<R extends PhotoDepth = ConvertResult>(input: ConvertInput, compose: () => PipelineCall, hooks: CallHooks): Promise<R> {
    this.#assertAlive();
    hooks.signal?.throwIfAborted();
    const signal = this.#takeOver('converting', 'Another photo was opened.', hooks.signal);
    this.#input = input;
    // A 3D photo that was saved is all that its makers made of it: there is nothing to convert.
    if (isSceneFile(input.photo)) {
      const { photo } = input;
      const open = (): PipelineCall => ({ name: 'open', ...this.#refs({ photo }) });
      const opened = this.#received(await this.#request<ConvertedScene<R>>(open, { ...hooks, signal }));
      this.#openedDepth = opened.scene.depth;
      return opened;
    }
    this.#openedDepth = undefined;
    const onProgress: ConvertHooks['onProgress'] = (progress) => {
      if (progress.stage !== 'decode') this.#decoded = input.photo;
      hooks.onProgress?.(progress);
    };
    return this.#received(await this.#request<ConvertedScene<R>>(compose, { ...hooks, signal, onProgress }));
  }

  #received<R extends PhotoDepth>({ result, token }: ConvertedScene<R>): R {
    this.#scenes.set(result.scene, { generation: this.#link.generation, token });
    return result;
  }

  #request<T>(compose: () => PipelineCall, { signal, ...hooks }: CallHooks): Promise<T> {
    const onNote = (note: PipelineNote): void => {
      if ('progress' in note) hooks.onProgress?.(note.progress);
      else if ('warning' in note) hooks.onWarning?.(note.warning);
      else if ('note' in note) hooks.onNote?.(note.note);
      else hooks.onEarly?.(note.early);
    };
    return this.#link.request<T>(compose, { signal, onNote });
  }

  #patienceMs({ isHeard }: CancelledCall<PipelineCall, PipelineNote>): number {
    if (isHeard) return STUBBORN_MS;
    // The decoded photo and its raw depth are worth more than a quick start.
    const isWorthWaiting = this.#input !== undefined && this.#input.photo === this.#decoded;
    return isWorthWaiting ? PATIENT_MS : DEAF_MS;
  }

  #refs(input: ConvertInput): { photo: FileRef; map?: FileRef } {
    const { generation } = this.#link;
    if (this.#sent.generation !== generation) this.#sent = { generation, tokens: new Set() };
    const before = this.#sent.tokens;
    const ref = (file: SourceFile | File): FileRef => {
      const token = this.#tokens.get(file) ?? this.#nextToken++;
      this.#tokens.set(file, token);
      return before.has(token) ? { token } : { token, file: portable(file) };
    };
    const refs = { photo: ref(input.photo), ...(input.map && { map: ref(input.map) }) };
    // The worker keeps the files of the latest request only.
    this.#sent = { generation, tokens: new Set([refs.photo.token, ...(refs.map ? [refs.map.token] : [])]) };
    return refs;
  }

  #tokenOf(scene: Scene): number | undefined {
    const known = this.#scenes.get(scene);
    return known?.generation === this.#link.generation ? known.token : undefined;
  }

  async #writeHere(
    output: Output,
    scene: Scene,
    product: string,
    options: OptionValues,
    frames: FrameSource,
    hooks: SaveHooks,
  ): Promise<OutputFile> {
    const { writeOutput } = await import('./write-output.ts');
    const { view } = hooks;
    return writeOutput(output, { product, scene, options, frames, ...(view && { view }) }, hooks, this.#surface);
  }
}

/** A depth map of at most so many pixels across its longer side: every so many samples. */
function thinned({ width, height, disparity }: DepthMap, sizePx: number): DepthMap {
  const step = Math.max(1, Math.max(width, height) / sizePx);
  const [w, h] = [Math.max(1, Math.floor(width / step)), Math.max(1, Math.floor(height / step))];
  const at = (i: number): number => disparity[Math.floor(Math.floor(i / w) * step) * width + Math.floor((i % w) * step)]!;
  return { width: w, height: h, disparity: Float32Array.from({ length: w * h }, (_, i) => at(i)) };
}

/** Cloning a view clones all of the buffer behind it, so a small view of a large buffer is cut out first. */
function portable(file: SourceFile | File): SourceFile | File {
  if (file instanceof Blob) return file;
  const { name, bytes } = file;
  return { name, bytes: bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice() };
}
