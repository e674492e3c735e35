/** What the command line drives the app's page with: `globalThis.unflatAutomation`, there only at `#automation`. */
import { encode } from 'fast-png';
import { plugins } from '../../plugins/index.ts';
import { Inference } from '../inference/index.ts';
import {
  UnflatError,
  pluginStack,
  withPngMark,
  type Camera,
  type Progress,
  type Scene,
  type Stage,
  type UnflatErrorCode,
} from '../core/index.ts';
import {
  Converter,
  listPlugins,
  pluginModels,
  type ConvertReport,
  type ConvertSettings,
  type DepthReport,
  type FrameSource,
  type PluginInfo,
  type PluginTable,
} from '../pipeline/index.ts';
import type { OptionValues } from '../plugin-api/index.ts';
import { askServer } from './ask-server.ts';
import { pageHost, usePlugins, type PluginText, type RefusedPlugin, type UsedPlugin } from './use-plugins.ts';
import { SceneFrames, type RendererKind } from '../viewer/index.ts';

/** A file that the command line's server hands out. */
export interface RemoteFile {
  name: string;
  url: string;
}

/** One photo's work. */
export interface AutomationJob {
  photo: RemoteFile;
  map?: RemoteFile;
  settings: Partial<ConvertSettings>;
  /** Product ids to write, in order. */
  products: string[];
  /** The option `relief` of the outputs that have it. */
  relief: 'compact' | 'full';
  /** Further options of outputs, by plugin; the others keep their defaults. */
  outputOptions: Readonly<Record<string, OptionValues>>;
  /** Cameras to render, each with its file's name. */
  views: { file: string; camera: Camera }[];
  /** Size for which the exact lens was written; the photo must have its aspect. */
  aspect?: { width: number; height: number };
  /** Address below which files are PUT: `…/output/<suffix>` and `…/view/<file>`. */
  put: string;
}

export interface AutomationResult {
  /** Absent when the photo could not be converted. */
  report?: DepthReport & Partial<ConvertReport>;
  timesMs: Partial<Record<Stage, number>>;
  /** What drew frames and views: the graphics card, or our own program on the processor. Absent where nothing was drawn. */
  renderer?: RendererKind;
  warnings: string[];
  notes: string[];
  /** What went wrong, for people: a failed photo, or one entry a failed file. */
  errors: string[];
  /** Where in its file a plugin failed, for its author: a line for each place, innermost first. Absent where none did. */
  pluginStack?: string[];
  /** What kind of failure it was, where the photo could not be converted. */
  code?: UnflatErrorCode;
}

/** A plugin as the command line speaks of it. */
export interface AutomationPlugin {
  id: string;
  kind: PluginInfo['kind'];
  label: string;
  options: PluginInfo['options'];
  /** Ids of what an output writes. */
  products: string[];
}

/** What the machine offers, for the command line's checks. */
export interface AutomationPlugins {
  all: AutomationPlugin[];
  depth: string[];
  inpaint: string[];
  products: string[];
  /** How an own depth map in colours can be read. */
  colours: string[];
  /** The suffixes that a product's file may have, by product. */
  suffixes: Record<string, readonly string[]>;
}

export interface Automation {
  /** Below this path the command line's server hands out models, and asks hosts for plugins; comes before everything else. */
  useServer(path: string): void;
  /** Starts plugins of others in sandboxes: each of them, or why not. Comes before the first photo. */
  usePlugins(files: PluginText[]): Promise<(UsedPlugin | RefusedPlugin)[]>;
  plugins(): Promise<AutomationPlugins>;
  convert(job: AutomationJob): Promise<AutomationResult>;
}

declare global {
  var unflatAutomation: Automation | undefined;
  /** Set by the command line; gets each step, whose `overall` is that of the whole job. */
  var unflatProgress: ((progress: Progress) => void) | undefined;
}

/** What the page around it brings. */
export interface AutomationWorkers {
  /** Starts the pipeline's worker. */
  createWorker(): Worker;
  createInferenceWorker(): Worker;
  /** Starts a worker that draws frames. */
  createRasterWorker(): Worker;
  /** Address of the decoder for HEIC photos. */
  heicDecoder: string;
}

/** Puts the automation in place. */
export function startAutomation({ createWorker, createInferenceWorker, createRasterWorker, heicDecoder }: AutomationWorkers): void {
  let server: string | undefined;
  const host = pageHost((address, signal) => askServer(new URL(`${server}reach`, location.href), address, signal));
  // Ours come first, so that no other one can take their place.
  const table = (): PluginTable => ({ ...plugins, ...host.table, ...plugins });
  const shared = { createWorker, surface: 'command-line', plugins: table, installed: host, heicDecoder } as const;
  let converter = new Converter(shared);
  globalThis.unflatAutomation = {
    useServer(path) {
      server = path;
      const inference = new Inference({
        createWorker: createInferenceWorker,
        rows: () => pluginModels(plugins),
        folder: new URL(`${path}models/`, location.href).href,
      });
      converter.dispose();
      converter = new Converter({ ...shared, inference });
    },
    usePlugins: (files) => usePlugins(host, files),
    async plugins() {
      const all = await listPlugins(table());
      const ids = (kind: string) => all.filter((plugin) => plugin.kind === kind).map(({ id }) => id);
      const colours = all.find(({ readsDepthFiles }) => readsDepthFiles)?.options.find(({ id }) => id === 'colours');
      return {
        all: all.map(({ id, kind, label, options, products }) => ({ id, kind, label, options, products: products.map((each) => each.id) })),
        colours: colours?.type === 'choice' ? colours.choices.map(({ value }) => value) : [],
        depth: ids('depth'),
        inpaint: ids('inpaint'),
        products: all.flatMap((plugin) => plugin.products.map(({ id }) => id)),
        suffixes: Object.fromEntries(all.flatMap((plugin) => plugin.products.map(({ id, suffixes = [] }) => [id, suffixes]))),
      };
    },
    convert: (job) => convert(converter, job, createRasterWorker),
  };
}

async function convert(converter: Converter, job: AutomationJob, createRasterWorker: () => Worker): Promise<AutomationResult> {
  const result: AutomationResult = { timesMs: {}, warnings: [], notes: [], errors: [] };
  // The scene and each file are equal parts of the job, one after the other.
  const parts = 1 + job.products.length + (job.views.length && 1);
  let done = 0;
  const onProgress = (progress: Progress): void => globalThis.unflatProgress?.({ ...progress, overall: (done + progress.overall) / parts });
  let scene: Scene;
  let renderer: SceneFrames | undefined;
  try {
    const photo = await download(job.photo);
    const map = job.map && (await download(job.map));
    const input = { photo, ...(map && { map }) };
    const converted = await ((await needsScene(converter, job))
      ? converter.convert(input, job.settings, { onProgress })
      : converter.convertDepth(input, job.settings, { onProgress }));
    scene = converted.scene;
    done++;
    result.report = converted.report;
    Object.assign(result.timesMs, converted.report.timesMs);
    result.warnings.push(...converted.report.warnings);
    result.notes.push(...converted.report.notes);
    if (job.aspect) checkAspect(job, converted.report);
  } catch (error) {
    noteFailure(result, '', error);
    if (error instanceof UnflatError) {
      result.code = error.code;
      result.notes.push(...error.notes);
    }
    return result;
  }
  const clock = new Clock(result.timesMs);
  const drawing = (): SceneFrames => {
    renderer ??= new SceneFrames(scene, createRasterWorker);
    result.renderer = renderer.kind;
    return renderer;
  };
  const outputs = await converter.listPlugins('output');
  try {
    for (const product of job.products) {
      try {
        const frames: FrameSource = (cameras) => rendered(drawing(), cameras, clock);
        const output = outputs.find(({ products }) => products.some(({ id }) => id === product));
        const relief: OptionValues = output?.options.some(({ id }) => id === 'relief') ? { relief: job.relief } : {};
        const options = { ...relief, ...job.outputOptions[output?.id ?? ''] };
        const saving = clock.measure('encode', () =>
          converter.save(scene, product, options, frames, {
            onProgress,
            onWarning: (message) => result.warnings.push(message),
            onNote: (message) => result.notes.push(message),
          }),
        );
        const { suffix, blob } = await saving;
        await upload(`${job.put}/output/${encodeURIComponent(suffix)}`, blob);
      } catch (error) {
        noteFailure(result, `${product}: `, error);
      }
      done++;
    }
    for (const [index, { file, camera }] of job.views.entries()) {
      try {
        const { width, height, rgba } = await clock.measure('render', () => drawing().readPixels(camera));
        const png = await clock.measure('encode', async () => encode({ width, height, data: opaque(rgba), channels: 3, depth: 8 }));
        await upload(`${job.put}/view/${encodeURIComponent(file)}`, new Blob([withPngMark(png, 'view')]));
        const fraction = (index + 1) / job.views.length;
        onProgress({ stage: 'render', fraction, overall: fraction, note: file });
      } catch (error) {
        noteFailure(result, `${file}: `, error);
      }
    }
  } finally {
    renderer?.dispose();
  }
  return result;
}

/** Whether anything that is wanted needs more than the depth map; with nothing wanted at all, the report speaks of the whole scene. */
async function needsScene(converter: Converter, { products, views }: AutomationJob): Promise<boolean> {
  if (views.length > 0 || products.length === 0) return true;
  const outputs = await converter.listPlugins('output');
  return products.some((id) => outputs.find((output) => output.products.some((product) => product.id === id))?.needs !== 'depth');
}

/** The frames, with the time for which one had to wait for them. */
async function* rendered(renderer: SceneFrames, cameras: Iterable<Camera>, clock: Clock): AsyncGenerator<ImageBitmap> {
  const frames = renderer.frames(cameras);
  try {
    for (;;) {
      const next = await clock.measure('render', () => frames.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await frames.return(undefined);
  }
}

/** Adds up wall time by stage; what is measured inside another measure counts for the inner stage alone. */
class Clock {
  readonly #times: Partial<Record<Stage, number>>;
  #inner = 0;

  constructor(times: Partial<Record<Stage, number>>) {
    this.#times = times;
  }

  async measure<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const outerInner = this.#inner;
    this.#inner = 0;
    const start = performance.now();
    try {
      return await work();
    } finally {
      const wall = performance.now() - start;
      this.#times[stage] = (this.#times[stage] ?? 0) + wall - this.#inner;
      this.#inner = outerInner + wall;
    }
  }
}

async function download({ name, url }: RemoteFile): Promise<File> {
  const response = await fetch(url);
  if (!response.ok) throw new UnflatError('io', `${name} could not be read.`);
  return new File([await response.blob()], name);
}

async function upload(url: string, body: Blob): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body });
  if (!response.ok) throw new UnflatError('io', await response.text());
}

/** An exact lens belongs to one picture: another shape means another picture. */
function checkAspect({ photo, aspect }: AutomationJob, { originalWidth, originalHeight }: DepthReport): void {
  if (!aspect) return;
  const off = (originalWidth * aspect.height) / (originalHeight * aspect.width);
  if (Math.abs(off - 1) <= 0.01) return;
  const size = `${originalWidth} × ${originalHeight}`;
  throw new UnflatError(
    'bad-camera',
    `${photo.name} is ${size} pixels, but the camera file is for ${aspect.width} × ${aspect.height}; use the photo's own camera file.`,
  );
}

function opaque(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from] ?? 0;
    rgb[to++] = rgba[from + 1] ?? 0;
    rgb[to++] = rgba[from + 2] ?? 0;
  }
  return rgb;
}

/** @param about what failed, before its words. */
function noteFailure(result: AutomationResult, about: string, error: unknown): void {
  result.errors.push(`${about}${error instanceof Error ? error.message : String(error)}`);
  const stack = pluginStack(error);
  if (stack !== undefined) result.pluginStack ??= stack.split('\n').map((line) => line.trim().replace(/^at /, ''));
}
