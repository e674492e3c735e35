/**
 * The contract for Unflat's plugins, ours and strangers': `import … from 'unflat/plugin'`.
 * All data is structured-cloneable, so a plugin can run in a worker or a sandboxed frame.
 */
import type {
  Camera,
  DepthMap,
  ImageWithHoles,
  InferRequest,
  InferResult,
  Lens,
  ModelRow,
  Photo,
  Raster,
  Rect,
  Scene,
  SourceFile,
} from '../core/index.ts';

import { API_VERSION } from './api-version.ts';

export type {
  Backdrop,
  Camera,
  DepthMap,
  ExifFacts,
  Eyebox,
  FileKind,
  ImageWithHoles,
  Perspective,
  InferRequest,
  InferResult,
  Layer,
  Lens,
  MaskChannel,
  MaskInput,
  MaskNumbers,
  ModelFile,
  ModelInput,
  ModelMask,
  ModelOutput,
  ModelRow,
  ModelSize,
  PartlyKnown,
  Photo,
  PixelChannel,
  Provider,
  Raster,
  Rect,
  Relief,
  Scene,
  SourceFile,
  Tensor,
  Passes,
} from '../core/index.ts';
export {
  EventLoop,
  JOINED_DOWN,
  JOINED_RIGHT,
  UnflatError,
  backdropOf,
  fileKind,
  finish,
  fovDeg,
  runPasses,
  inverseDepth,
  buildPngChunk,
  pngMark,
  withJpegMark,
  withNumbersMark,
  withPsdMark,
  pushPull,
  readExif,
  reliefOf,
  throwIfAborted,
  translation,
  spreadKnown,
} from '../core/index.ts';

export { heifItemBytes, readHeif, shownHeifItem, withHeifPrimary, type HeifColour, type HeifFile, type HeifItem } from '../core/index.ts';

export { encodeJpeg, writePoster, writeScene, type EncodedJpeg, type SceneFileOptions } from '../scene-file/index.ts';

export { API_VERSION } from './api-version.ts';
// oxlint-disable-next-line typescript/no-deprecated -- the old name is kept for a version.
export { defineDepthModel, defineDepthNetwork, type DepthModelPlugin } from './depth-model/index.ts';
export { depthOf } from './depth-model/depth-of.ts';
export { RELIEF_OPTION } from './relief-option.ts';
export { MOST_PATH_CHARACTERS, readCameraPath, type CameraPath, type PathEasing, type PathKey } from './camera-path.ts';
export { parseManifest } from './manifest/parse-manifest.ts';
export type { PluginManifest, PluginModelFile, PluginSight } from './manifest/plugin-manifest.ts';
export { manifestComment, readManifest } from './manifest/read-manifest.ts';
export { readNearness, type Nearness } from './depth-model/nearness.ts';

/** One setting of a plugin; the app builds its control from this description. */
export type OptionSpec = NumberOption | BooleanOption | ChoiceOption | TextOption | ColourOption | PathOption;

/** What options of all types say. */
interface OptionWords {
  /** A word in camelCase, 1 to 40 letters and digits, unique in the plugin; none that every object has, as `constructor`. */
  id: string;
  /** Short name for people. */
  label: string;
  /** One or two sentences for people. Default: none are needed. */
  help?: string;
  /** Heading for people under which options with the same one stand together. Default: it stands above all headings. */
  group?: string;
  /** When people see the control; its value counts all the same. Default: always. */
  showIf?: OptionCondition;
}

/** What another option of the same plugin has to be. */
export interface OptionCondition {
  /** Id of the other option, which has no condition itself. */
  option: string;
  /** The value that it has to have, or several of which it has to have one. */
  is: OptionValue | readonly OptionValue[];
}

/** A value of an option. */
export type OptionValue = number | boolean | string;

/** A number from a range: a slider. */
interface NumberOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'number';
  /** Value where nothing is chosen, `min..max`, in `unit`. */
  default: number;
  /** Smallest value, in `unit`. */
  min: number;
  /** Largest value, in `unit`. */
  max: number;
  /** Step between values, above 0, in `unit`. Default: any value of the range. */
  step?: number;
  /** Unit for people: `px`, `°`. Default: a bare number. */
  unit?: string;
  /**
   * A place in the photo, in per cent from the left ('x') or from the top ('y'): for outputs that have both in one group, the app lets people
   * touch the point instead. With a 'size' in the same group, in per cent of the largest frame, it is a frame that they can drag. Default: it is
   * no place.
   */
  place?: 'x' | 'y' | 'size';
}

/** A yes or no: a check box. */
interface BooleanOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'boolean';
  /** Value where nothing is chosen. */
  default: boolean;
}

/** One of several: a list. */
interface ChoiceOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'choice';
  /** Value of the choice that is taken where nothing is chosen. */
  default: string;
  /** The choices, in the order in which people see them. */
  choices: readonly {
    /** What the plugin gets. */
    value: string;
    /** Name for people. */
    label: string;
  }[];
}

/** Words of the person's own: a line to write on. */
interface TextOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'text';
  /** Text where nothing is chosen. */
  default: string;
  /** Most characters (UTF-16 units), at least 1. Default 1000. */
  maxLength?: number;
}

/** A colour: a colour picker. */
interface ColourOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'colour';
  /** Colour where nothing is chosen: sRGB as `#rrggbb`. */
  default: string;
}

/** A camera path, as `readCameraPath` reads it: the app records it, the command line takes it from a file (`--path`). */
interface PathOption extends OptionWords {
  /** Tells the types of options apart. */
  type: 'path';
  /** Nothing was recorded. */
  default: '';
}

/** Values of a plugin's options by id; the host fills in defaults and rejects what is out of range. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What the machine at hand offers, for `supports`. */
export interface Environment {
  /** WebGPU answers with an adapter. */
  webgpu: boolean;
  /** WebCodecs can encode video. */
  videoEncoder: boolean;
  /** SharedArrayBuffer exists, so WASM may use threads. */
  threads: boolean;
}

/** What every plugin method gets from the host. */
export interface PluginContext {
  /** Aborted when the run is cancelled; rethrow `signal.reason`. */
  signal: AbortSignal;
  /** Says how much is done, 0..1, and what is happening. */
  progress(fraction: number, note?: string): void;
  /** Tells the person something that did not stop the work. */
  warn(message: string): void;
  /**
   * Says how a file was understood: a guess, what was found inside. Less urgent than `warn`, shown calmly and kept in the report's
   * `notes`. One plain sentence that names the file; for a guess, also how to overrule it.
   */
  note(message: string): void;
  /**
   * How a person sets an option of this plugin where it runs (app, command line, page), to end a sentence with: "If it looks inside
   * out, " + `howToSet('flip', true)` + ".".
   * @param option its id.
   * @param value what to set it to; default: the person chooses among its values.
   */
  howToSet(option: string, value?: OptionValues[string]): string;
  /**
   * Decodes a picture file with the platform's decoders: upright, 8-bit sRGB, at most 4096 pixels on the longer side, with straight alpha
   * (0 = transparent).
   * @throws UnflatError `not-an-image` or `unreadable-image`, naming `file.name`.
   */
  decodeImage(file: SourceFile): Promise<Raster>;
  /**
   * Runs a model: the host makes the input as the model's row says, keeps its session warm and picks where it runs.
   * @throws UnflatError `no-model` when it is not on this machine; `bad-model` when it cannot be run.
   */
  infer(request: InferRequest): Promise<InferResult>;
  /**
   * The bundled model's depth of a photo, to check something by it: a rough, independent opinion, small (about 332 × 332 pixels
   * in all). Takes a moment, so ask only where there is a doubt; each part of an image is estimated once.
   * @param image usually the photo.
   * @param part of it in whole pixels, default all.
   * @returns undefined where no bundled model is at hand or it sees no depth.
   * @throws `signal.reason` when cancelled; nothing else.
   */
  estimateDepth(image: Raster, part?: Rect): Promise<DepthMap | undefined>;
  /**
   * Asks a host that the plugin's manifest names (GET, https, without cookies); the host has to let other pages read its answers. There only
   * for plugins that were installed from files, and on the command line where the user allowed it by `--allow-hosts`; at most 120 times a minute.
   * @param address at most 4000 characters.
   * @throws UnflatError `bad-plugin` for an address of another host; `io` where there is no answer, or one of more than 32 MB.
   */
  reach?(address: string): Promise<ReachedAnswer>;
}

/** What a host answered. */
export interface ReachedAnswer {
  /** HTTP status, as 200. */
  status: number;
  /** The body. */
  bytes: Uint8Array;
}

interface PluginBase {
  /** Version of the plugin contract that this plugin was written for. */
  apiVersion: typeof API_VERSION;
  /** Lower-case letters, digits and hyphens; the plugin's folder name. */
  id: string;
  /** Short name for people. */
  label: string;
  /** One sentence for people: what it is good for. Default: it needs no more words than its name. */
  about?: string;
  /** Settings of the plugin, in the order in which people see them; `[]` = none. */
  options: readonly OptionSpec[];
  /** True, or the reason, for people, why the plugin cannot run here. */
  supports(env: Environment): true | string;
}

/** What a depth source gets. */
export interface DepthInput {
  /** The decoded photo. */
  photo: Photo;
  /** The photo's own file, for depth that lies inside it. */
  file: SourceFile;
  /** The person's own depth map, where there is one. */
  map?: SourceFile;
  /** The model to run: one of those whose row names this plugin. Absent for sources without models. */
  model?: ModelRow;
  /** Values of all options of the plugin. */
  options: OptionValues;
}

/** How the values of a depth map were read, where that was not clear from its format. */
export interface DepthReading {
  /** Whether high or low values of the file are near. */
  nearIs: 'high' | 'low';
  /** What the values are: linear in inverse depth, or in distance. */
  kind: 'disparity' | 'distance';
  /** How sure it is which way is near, 0..1: 0 = a coin flip, 1 = told by the format or by the person. */
  certainty: number;
  /** What spoke for or against it, strongest first, as short phrases for people. */
  evidence: string[];
}

/** What a depth source gives. */
export interface DepthResult {
  /** The depth map. */
  depth: DepthMap;
  /** How a map's values were read. Absent for models' depth. */
  reading?: DepthReading;
  /** The part of `photo`, in its pixels, that is the picture, where the file holds picture and depth side by side. */
  crop?: Rect;
  /** What the source knows of the lens. */
  lens?: Partial<Lens>;
}

/** Estimates or reads a depth map. */
export interface DepthSource extends PluginBase {
  /** Tells the kinds of plugins apart. */
  kind: 'depth';
  /** Set where the plugin runs models: the host offers it with each model whose row names this plugin, and only so. Default false. */
  needsModel?: boolean;
  /**
   * Set where the source reads depth that is there already: `input.map`, or depth inside the photo's file. A map that a person brings goes to the first
   * source that says so. Default false.
   */
  readsDepthFiles?: boolean;
  /** Rows of its own, beside the catalogue's. Default none. */
  models?: readonly ModelRow[];
  /** Whether this source has something for that photo, cheaply. Absent = always. */
  detect?(input: DepthInput, context: PluginContext): Promise<boolean>;
  /**
   * Estimates or reads the depth of a photo.
   * @throws UnflatError `no-depth` or `bad-depth`, naming the file, the reason and what to do.
   */
  estimate(input: DepthInput, context: PluginContext): Promise<DepthResult>;
}

/** What an inpainter gets: an image with holes, and how to fill them. */
export interface InpaintInput extends ImageWithHoles {
  /** The model to run: one of those whose row names this plugin. Absent for inpainters without models. */
  model?: ModelRow;
  /** Values of all options of the plugin. */
  options: OptionValues;
}

/** Inpaints what is hidden. */
export interface Inpainter extends PluginBase {
  /** Tells the kinds of plugins apart. */
  kind: 'inpaint';
  /** Set where the plugin runs models: the host offers it with each model whose row names this plugin, and only so. Default false. */
  needsModel?: boolean;
  /** Rows of its own, beside the catalogue's. Default none. */
  models?: readonly ModelRow[];
  /**
   * Id of another inpainter, which goes first: its colours stand under `hole` instead of the first guess, and stay where this one
   * fails. Default none.
   */
  base?: string;
  /** How far from a hole `context` reaches along its surface, in pixels, at least 0, default 48. */
  contextPx?: number;
  /**
   * Inpaints one image.
   * @returns `width × height × 4` sRGB; only pixels under `hole` are used.
   */
  inpaint(input: InpaintInput, context: PluginContext): Promise<Uint8ClampedArray>;
  /**
   * A quick filling, for what takes long: shown until `inpaint` or `inpaintAll` is done. Takes and gives the same as `inpaint`. Default none.
   */
  quick?(input: InpaintInput, context: PluginContext): Promise<Uint8ClampedArray>;
  /**
   * Inpaints all layers of a scene at once, called instead of `inpaint`: for what plans its work as a whole.
   * @param inputs layers of one size, front first; their known pixels are the same, what is a hole and what may be looked at is not.
   * @returns a picture for each, as `inpaint` gives it.
   */
  inpaintAll?(inputs: readonly InpaintInput[], context: PluginContext): Promise<Uint8ClampedArray[]>;
}

/** A picture rendered by the host; straight RGBA by `createImageBitmap` rules. The receiver closes it. */
export type Frame = ImageBitmap;

/** What an output gets. */
export interface OutputInput {
  /** Which of the plugin's `products` to write. */
  product: string;
  /** What to write; plain data. */
  scene: Scene;
  /** Values of all options of the plugin. */
  options: OptionValues;
  /**
   * What the person sees: the camera of the view, for the whole picture on the screen. Absent where there is no view, as on the command
   * line.
   */
  view?: Camera;
  /**
   * Renders the scene from each camera in turn; frames come as they are asked for.
   * All cameras of one call have one size.
   */
  frames(cameras: Iterable<Camera>): AsyncIterable<Frame>;
}

/** What an output is about to write, as far as it is known before the work begins. */
export interface OutputPlan {
  /** Size of the file in bytes, within a factor of two. Default: not known. */
  bytes?: number;
  /** What it will have drawn. Default: nothing. */
  drawing?: {
    /** Pictures that it will ask for with `frames`. */
    frames: number;
    /** Pixels of all of them together. */
    pixels: number;
    /** Nanoseconds that a pixel takes after it was drawn, on one core of a slow laptop. Default 15, as for a video. */
    encodeNs?: number;
  };
  /** A camera move, which the app plays as a preview. Default: there is none. */
  move?: {
    /** One for each moment, in order and evenly spread; all of one size. */
    cameras: readonly Camera[];
    /** Length in seconds. */
    seconds: number;
    /** Part of the light that is left, 0..1, at even distances from the middle (first) to the corners (last). Default: all of it. */
    light?: readonly number[];
    /** What of the file the preview does not show, one sentence for people. Default: nothing. */
    note?: string;
  };
  /** A picture that the app shows before the file is saved, where there is no move. Default: there is none. */
  sample?: {
    /** The plugin's product that the picture is. */
    product: string;
    /** Values of that product's options, in place of the person's. */
    options: OptionValues;
    /** What to look for, for people. */
    words: string;
  };
}

/** A file to save. */
export interface OutputFile {
  /** Goes after the photo's name: `.ply`, `_depth.png`, `_zoom-in.mp4`. */
  suffix: string;
  /** Content of the file. */
  blob: Blob;
}

/** One file that an output can write. */
export interface Product {
  /** As in `--outputs`. */
  id: string;
  /** Name for people. */
  label: string;
  /** Where people find it, if elsewhere than the plugin's other files. Default: the plugin's `group`. */
  group?: OutputGroup;
  /**
   * The suffixes that its file may have; the command line checks them before the work begins. Installed plugins have to say them, 1 to 10, and
   * none of a file that computers or browsers run, as `.exe` or `.html`. Default: not known.
   */
  suffixes?: readonly string[];
}

/** What a file is for: moving pictures, stills, files for 3D programs, web pages, depth maps. */
export type OutputGroup = 'video' | 'picture' | 'model' | 'page' | 'depth';

/** Writes files of one kind. */
export interface Output extends PluginBase {
  /** Tells the kinds of plugins apart. */
  kind: 'output';
  /** Where people find its files in the app. Default: after all others. */
  group?: OutputGroup;
  /** What it can write. */
  products: readonly Product[];
  /** How much of a scene it reads: with 'depth' it may get one without layers and meshes, in a fraction of the time. Default 'scene'. */
  needs?: 'depth' | 'scene';
  /** True where `write` calls `frames`: it then runs beside the renderer, else in a worker. Default false. */
  needsFrames?: boolean;
  /**
   * Says what `write` would do with the same input, within 0.1 s: the app shows how large the file will be and how long it takes, and plays
   * its move. Called again whenever an option changes. Default: nothing is said before. Not used for plugins that people installed.
   */
  plan?(input: Pick<OutputInput, 'product' | 'scene' | 'options'>): Promise<OutputPlan>;
  /** Writes one product of a scene. */
  write(input: OutputInput, context: PluginContext): Promise<OutputFile>;
}

/** Any of the three. */
export type Plugin = DepthSource | Inpainter | Output;

type Definition<P extends Plugin> = Omit<P, 'kind' | 'apiVersion'>;

/** Declares a depth source; export the result as the module's default. */
export function defineDepthSource(definition: Definition<DepthSource>): DepthSource {
  return { ...definition, kind: 'depth', apiVersion: API_VERSION };
}

/** Declares an inpainter; export the result as the module's default. */
export function defineInpainter(definition: Definition<Inpainter>): Inpainter {
  return { ...definition, kind: 'inpaint', apiVersion: API_VERSION };
}

/** Declares an output; export the result as the module's default. */
export function defineOutput(definition: Definition<Output>): Output {
  return { ...definition, kind: 'output', apiVersion: API_VERSION };
}
