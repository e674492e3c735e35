import type { Camera, Eyebox, Lens, Progress, Provider, Scene, SourceFile, Stage } from '../core/index.ts';
import type { DepthReading, Frame, OptionSpec, Output, Plugin } from 'unflat/plugin';

/** What a conversion is to do; every field has a default. Part of the key under which results are kept. */
export interface ConvertSettings {
  /**
   * Id of a depth source or of a model; 'file': the given map, else the depth inside the photo, never a model; 'auto': that, else the
   * best model that is ready on this machine. A source that runs models takes its best one. Default 'auto'.
   */
  depthSource: string;
  /** With 'auto' this model comes before better ones, if it is ready. Default none. */
  preferredModel?: string;
  /** Values of the depth source's options, by option id; with 'auto' those that the source found does not have are left out. */
  depthOptions: Record<string, number | boolean | string>;
  /**
   * Id of an inpainter or of a model; 'without-model': the first inpainter that needs none; 'auto': the best model for it that is
   * ready on this machine, else that one. An inpainter that runs models takes its best one. Default 'auto'.
   */
  inpainter: string;
  /**
   * Where the model that `inpainter` names is not ready: 'fail', or let the inpainter that needs none do the work, with a warning
   * ('warn') or without one ('replace'). Default 'fail'.
   */
  ifInpainterMissing?: 'fail' | 'warn' | 'replace';
  /** Values of the inpainter's options, by option id; with 'auto' those that it does not have are left out. */
  inpaintOptions: Record<string, number | boolean | string>;
  /** Working resolution: longer side in pixels, integer 256..4096, default 960; smaller photos stay as they are. */
  longerSidePx: number;
  /** Longer side of `scene.detail` in pixels, integer 0..4096, default 2048; 0 = no detail picture. */
  detailPx: number;
  /** How much a rough, stepped or blurred depth map is mended, 0..2: 0 = not at all, 1 = automatic (default), between them that part of it, 2 = strong. */
  smoothing: number;
  /** How deep the scene is: parallax as a multiple of the lens's own, 0.25..2, default 1. Ignored with an exact lens. */
  depthStrength: number;
  /** Which depths are spread, −1..1: 1 = those of near things, −1 = those of far ones, default 0 = as estimated. Ignored with an exact lens. */
  emphasis: number;
  /** An exact lens: the depth map is then taken at its word, neither stretched nor flipped; one that is clean and sharp stays as it is. */
  lens?: Lens;
  /** How far the camera will go; default: enough for looking around and the four videos. */
  eyebox?: Eyebox;
}

/** A photo and, where the person has one, its depth map. Files of the platform travel without being copied. */
export interface ConvertInput {
  photo: SourceFile | File;
  map?: SourceFile | File;
}

/** Where a photo's depth came from, and why. */
export interface DepthDecision {
  /** The person's map, depth inside the photo's file, a model, or a plugin with a way of its own. */
  from: 'map' | 'inside' | 'model' | 'plugin';
  /**
   * The person named it; they brought a map; the photo holds depth; it is the model they prefer, the best that is ready, or the
   * bundled one, as there was no other.
   */
  why: 'asked' | 'brought' | 'found' | 'preferred' | 'best' | 'bundled';
  /** Id of the model, else of the depth source: as `settings.depthSource` it gives the same again. */
  id: string;
}

/** What filled in the hidden parts, and why. */
export interface InpaintDecision {
  /**
   * The person named it; it is the best model that is ready; it needs none, where none is ready or wanted; or it stands in for a
   * model that is missing.
   */
  why: 'asked' | 'best' | 'without-model' | 'replaced';
  /** Id of the model, else of the inpainter: as `settings.inpainter` it gives the same again. */
  id: string;
}

/** A model that took part, and how it ran. */
export interface ModelRunReport {
  /** Id of the model. */
  id: string;
  /** Name of the model for people. */
  label: string;
  /** The model comes with the program. */
  isBundled?: true;
  /** Where it ran. */
  provider: Provider;
  /** WASM threads; 1 elsewhere. */
  threads: number;
  /** Milliseconds that reading the model and making its session took, 0 where it was warm. */
  sessionMs: number;
  /** Milliseconds of its runs. */
  runMs: number;
}

/** How the hidden parts were inpainted. */
export interface InpaintReport {
  /** Id of the inpainter that ran. */
  plugin: string;
  /** Name for people: that of the model, else of the inpainter. */
  label: string;
  /** Runs of the model; 0 without one. */
  runs: number;
  /** The model, where one ran. */
  model?: ModelRunReport;
  /** Milliseconds of the inpainting that went under the model's; 0 where it was still at hand. */
  baseMs?: number;
  /** Milliseconds of all the rest of the stage: planning, making inputs, putting answers in place. */
  hostMs: number;
  /** The model failed, which a warning tells: what went under it is what there is. */
  isPartial?: true;
}

/**
 * The old name of `InpaintReport`.
 * @deprecated Use `InpaintReport`; this name will be removed in 0.2.
 */
export type FillReport = InpaintReport;

/** Plain sentences for people, each once. */
export interface Told {
  /** What went otherwise than one may expect. */
  warnings: string[];
  /** How the files were understood: guesses, what was found inside and why it was or was not used. */
  notes: string[];
}

/** What was done up to the depth map. */
export interface DepthReport extends Told {
  /** Milliseconds of wall time a stage took, in the order it ran; stages whose result was still at hand are absent. */
  timesMs: Partial<Record<Stage, number>>;
  /** Id of the depth source that ran. */
  depthSource: string;
  /** Where the depth came from, and why. */
  depthChoice: DepthDecision;
  /** The model, where one gave the depth; of the run that made the depth, where that was still at hand. */
  depthModel?: ModelRunReport;
  /** How the values of a depth map were read and how sure that is, where one gave the depth. */
  reading?: DepthReading;
  /** Width of the photo’s file in pixels, upright. */
  originalWidth: number;
  /** Height of the photo’s file in pixels, upright. */
  originalHeight: number;
  /** Width of the working image in pixels. */
  width: number;
  /** Height of the working image in pixels. */
  height: number;
}

/** What was done, for reports: `--json`, the app's details. */
export interface ConvertReport extends DepthReport {
  /** Id of the inpainter that ran. */
  inpainter: string;
  /** What was to fill in the hidden parts, and why. */
  inpaintChoice: InpaintDecision;
  /** How the hidden parts were inpainted. */
  inpaint: InpaintReport;
  /**
   * The old name of `inpaint`.
   * @deprecated Use `inpaint`; this name will be removed in 0.2.
   */
  fill?: InpaintReport;
  /** Number of layers, at least 1. */
  layers: number;
  /** Triangles of all viewing meshes. */
  triangles: number;
  /** True where the scene came out of the store. */
  stored: boolean;
}

/** A photo's depth map as a scene without layers and meshes, for outputs that need no more. */
export interface PhotoDepth {
  scene: Scene;
  report: DepthReport;
}

export interface ConvertResult {
  scene: Scene;
  report: ConvertReport;
}

export interface ConvertHooks {
  /** Cancels the run; the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/** What a conversion tells and listens to. */
export interface SceneHooks extends ConvertHooks {
  /**
   * The whole scene before its end, where the hidden parts take their time: as inpainted quickly, or without the model, said so in the
   * report. Comes once at most, and not where only the colours are new.
   */
  onEarly?(early: ConvertResult): void;
}

/** What a save tells and listens to. */
export interface SaveHooks extends ConvertHooks {
  /** What the person sees, for outputs that save the view; see `OutputInput.view`. */
  view?: Camera;
  /** Something the person should know that did not stop the work. */
  onWarning?(message: string): void;
  /** How something was understood; less urgent. */
  onNote?(message: string): void;
}

/** Renders the scene from each camera in turn, as outputs ask for it. */
export type FrameSource = (cameras: Iterable<Camera>) => AsyncIterable<Frame>;

/** Plugins by id, loaded when first needed; an id starts with its kind: `depth-`, `inpaint-`, `output-`. */
export type PluginTable = Readonly<Record<string, () => Promise<{ default: Plugin }>>>;

/** The way from a pipeline's worker to the plugins that a person installed; the program that brings both ends knows what travels on it. */
export interface PluginLink {
  port: MessagePort;
  list: readonly unknown[];
}

/** What an app needs to offer a plugin. */
export interface PluginInfo {
  id: string;
  kind: Plugin['kind'];
  label: string;
  /** What it is good for, in one sentence for people; '' = nothing was said. */
  about: string;
  options: readonly OptionSpec[];
  /** What an output can write; empty for other kinds. */
  products: Output['products'];
  /** Where an output's files are found; see `Output.group`. Absent for other kinds, and where it says nothing. */
  group?: NonNullable<Output['group']>;
  /** What an output reads of a scene; see `Output.needs`. */
  needs: NonNullable<Output['needs']>;
  /** A depth source or an inpainter that runs models: it is offered with its models, see `ModelInfo.row.plugin`. */
  needsModel: boolean;
  /** A depth source that reads a person's depth map and depth inside photos. */
  readsDepthFiles: boolean;
  /** True, or the reason, for people, why it cannot run here. */
  supported: true | string;
}
