import type { Raster } from './raster.ts';

/** A number type of a tensor, by its ONNX name. */
export type TensorType = 'float32' | 'float16' | 'uint8' | 'int32' | 'int64';

/** An array with a shape, as models take and give it; float16 travels as its raw 16 bits. */
export interface Tensor {
  /** Type of the numbers. */
  type: TensorType;
  /** Lengths of the axes, outermost first; `[]` = one number. */
  dims: readonly number[];
  /** As many numbers as the axes span. */
  data: Float32Array | Uint16Array | Uint8Array | Int32Array | BigInt64Array;
}

/** One file of a model. */
export interface ModelFile {
  /** Name beside the other files of the model, as the model's own references to it say: `model.onnx_data`. */
  path: string;
  /** Where it is fetched from; absent for a person's own files. */
  url?: string;
  /** Length in bytes; null = not known before the first download. */
  sizeBytes: number | null;
  /** Length roughly, where `sizeBytes` is null: for people and for the room that a download needs. */
  aboutBytes?: number;
  /** The address answers no web page (CORS): in a browser a person fetches the file by hand and adds it. Default false. */
  byHand?: boolean;
  /** 64 lower-case hexadecimal digits; null = not known: the first download's hash is remembered and holds from then on. */
  sha256: string | null;
}

/** How large the picture is that a model takes, from the photo's size. */
export type ModelSize =
  | {
      /** Always this size; the photo is squeezed into it. */
      rule: 'fixed';
      /** Width in pixels. */
      width: number;
      /** Height in pixels. */
      height: number;
    }
  | {
      /** The photo's aspect, with a shorter or longer side of `px`. */
      rule: 'short-side' | 'long-side';
      /** Length of that side in pixels. */
      px: number;
      /** Both sides are rounded to multiples of this, in pixels. */
      multipleOf: number;
    }
  | {
      /** The photo's aspect and about as many pixels as a square of `px` has, so that every photo takes about as long. */
      rule: 'area';
      /** Side of that square in pixels. */
      px: number;
      /** Both sides are rounded to multiples of this, in pixels. */
      multipleOf: number;
    };

/** How a mask of holes becomes an inpainting model's second input, or a fourth colour of its first. */
export type ModelMask = MaskNumbers & (MaskInput | MaskChannel);

/** A mask that is an input of its own. */
export interface MaskInput {
  /** The input's name; null = the model's first one that is not the picture's. */
  name: string | null;
  /** Type of the numbers in the tensor. */
  type: 'float32' | 'float16' | 'uint8';
  /** The tensor's axes: `[1, 1, 'height', 'width']`; height and width are the picture's. */
  shape: readonly (1 | 'height' | 'width')[];
}

/** A mask that lies before or behind the colours, in one tensor with them: `shape` of the picture's input holds 4 instead of 3 then. */
export interface MaskChannel {
  /** Whether the mask comes before or after the colours. */
  channel: 'first' | 'last';
}

/** What a mask's numbers mean. */
export interface MaskNumbers {
  /** The number of a pixel that is known. */
  keep: number;
  /** The number of a pixel that is to be inpainted. */
  fill: number;
  /**
   * What stands in the picture where it is to be inpainted: the first guess, for models that blend it in at the rim or do not look;
   * black or grey (the middle of `range`) for those that were trained so. Default 'guess'.
   */
  under?: 'guess' | 'black' | 'grey';
}

/** How a photo becomes the model's input tensor: resampled, scaled to `range`, minus `mean`, divided by `std`. */
export interface ModelInput {
  /** The input's name; null = the model's first one. */
  name: string | null;
  /** Type of the numbers in the tensor. */
  type: 'float32' | 'float16' | 'uint8';
  /** The tensor's axes: `3` is the colours (`4` with a mask among them), numbers else are literal: `[1, 3, 'height', 'width']`, `[1, 1, 3, 'height', 'width']`, `[1, 'height', 'width', 3]`. */
  shape: readonly (number | 'height' | 'width')[];
  /** Order of the colours. */
  channels: 'rgb' | 'bgr';
  /** Size at which the photo is fed. */
  size: ModelSize;
  /** `area` shrinks by exact means; what grows is bicubic then. */
  resampling: 'area' | 'bilinear' | 'bicubic';
  /** What black and white become before mean and std. */
  range: readonly [number, number];
  /** Subtracted from red, green and blue, in units of `range`. */
  mean: readonly [number, number, number];
  /** Divides red, green and blue after that, above 0. */
  std: readonly [number, number, number];
  /** What tells an inpainting model where to inpaint: rows of that kind have it, others do not. */
  mask?: ModelMask;
}

/** What a model gives. */
export interface ModelOutput {
  /** The output's name; null = the model's first one. */
  name: string | null;
  /**
   * What the numbers are. disparity: inverse depth up to scale and shift, larger = nearer; depth: distance up to scale; metric: distance in metres;
   * points: three coordinates a pixel (x right, y down, z forward, up to scale and a shift of z); colour: a picture.
   */
  meaning: 'disparity' | 'depth' | 'metric' | 'points' | 'colour';
  /** What black and white are in a picture, default 0 and 255 for bytes, 0 and 1 for others; ignored elsewhere. */
  range?: readonly [number, number];
}

/** Where a model runs. */
export type Provider = 'webgpu' | 'wasm';

/** A model as a row of data: all that is needed to fetch it, feed it and read its answer. */
export interface ModelRow {
  /** Lower-case letters, digits and hyphens; `--depth <id>`, `--inpaint <id>`. */
  id: string;
  /** Short name for people. */
  label: string;
  /** What the model does. */
  kind: 'depth' | 'inpaint';
  /** Id of the plugin that runs it. */
  plugin: string;
  /** The first is the .onnx file; the others lie beside it under their names. */
  files: readonly ModelFile[];
  /** SPDX identifier; null = not known. */
  licence: string | null;
  /** One sentence for people: what it is good for. */
  about: string;
  /** 1 (rough) to 5 (best), among models of its kind. */
  quality: 1 | 2 | 3 | 4 | 5;
  /** 1 (slow) to 5 (quick). */
  speed: 1 | 2 | 3 | 4 | 5;
  /** How the photo is fed. */
  input: ModelInput;
  /** Further inputs that are the same for every photo, by name. */
  constants?: Readonly<Record<string, { type: TensorType; dims: readonly number[]; data: readonly number[] }>>;
  /** How the answer is read. */
  output: ModelOutput;
  /** Providers to try, in this order. */
  providers: readonly Provider[];
  /** What this row was tested with: the real weights, or a model of its signature alone. */
  verified: 'weights' | 'signature';
  /** Bundled with Unflat: its files lie beside the program, are always ready, and are neither fetched nor removed. Default false; only in the catalogue. */
  embedded?: true;
}

/** Where a model stands on this machine. */
export type ModelState =
  /** Can run now, without a download. */
  | 'ready'
  /** Part of it is here; fetching goes on where it stopped. */
  | 'partial'
  /** Would have to be fetched first. */
  | 'absent';

/** A model and how it stands here. */
export interface ModelInfo {
  row: ModelRow;
  state: ModelState;
  /** The person's own file, or a row of the catalogue. */
  isOwn: boolean;
  /** Bytes on this machine. */
  storedBytes: number;
  /** Milliseconds since 1970 of its last use; absent if never. */
  usedAt?: number;
  /** It is here for this visit only, because this window keeps nothing. Default false. */
  isPassing?: boolean;
}

/** How a download stands. */
export interface DownloadProgress {
  receivedBytes: number;
  /** null where the server does not say. */
  totalBytes: number | null;
  bytesPerSecond: number;
  /** null where it cannot be told. */
  secondsLeft: number | null;
  /** Another window is fetching it; this one waits. */
  elsewhere: boolean;
}

/** A run of a model. */
export interface InferRequest {
  /** Id of a model. */
  model: string;
  /** The picture that the row's input is made of. */
  image: Raster;
  /** `width × height` of `image`, 1 = to be inpainted: what inpainting models get besides, as the row says. */
  mask?: Uint8Array;
  /** Feed the picture mirrored left to right; the answer stays mirrored. Default false. */
  mirrored?: boolean;
  /** Further inputs by name, or other values for the row's constants. */
  feeds?: Readonly<Record<string, Tensor>>;
  /** Names of outputs wanted besides the row's. Default none. */
  outputs?: readonly string[];
}

/** What came out, and how. */
export interface InferResult {
  /** The row's output, float16 widened to float32. */
  output: Tensor;
  /** The further outputs asked for, by name. */
  outputs: Readonly<Record<string, Tensor>>;
  /** Width in pixels at which the image was fed. */
  width: number;
  /** Height in pixels at which the image was fed. */
  height: number;
  /** Where it ran. */
  provider: Provider;
  /** WASM threads; 1 elsewhere. */
  threads: number;
  /** Milliseconds that reading the model and making its session took; 0 where it was warm. */
  sessionMs: number;
  /** Milliseconds of the run itself. */
  runMs: number;
  /** What the person should know: a provider that failed, and why. */
  warnings: readonly string[];
}
