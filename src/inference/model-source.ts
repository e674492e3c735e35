import type { DownloadProgress, ModelInfo, ModelRow, Provider } from '../core/index.ts';

/** A model's files, read and found whole. */
export interface ModelBytes {
  row: ModelRow;
  /** As the row lists them, the .onnx file first. */
  files: { path: string; bytes: Uint8Array<ArrayBuffer> }[];
  /** Providers that have failed with this very model on this machine; try them last or not at all. */
  failedProviders: readonly Provider[];
}

/** What a person says about a model file of their own; what is not said is guessed. */
export interface OwnModelAnswers {
  /** Short name for people. Default: the file's name. */
  label?: string;
  /** Default 'disparity'. */
  meaning?: ModelRow['output']['meaning'];
  /** How the model wants its colours. Default '0..1'. */
  values?: '0..1' | '0..255' | '-1..1' | 'imagenet';
  channels?: 'rgb' | 'bgr';
  /** What white in the mask of a model that inpaints holes means. Default 'fill'. */
  mask?: 'fill' | 'keep';
  /** How such a model gives its colours. Default: as it takes them. */
  gives?: '0..1' | '0..255' | '-1..1';
}

/** What a person's own files seem to be. */
export interface ModelGuess {
  /** The row that `add` would make of them without answers. */
  row: ModelRow;
  /** What could not be told from the files, so that it is worth asking. */
  unsure: readonly ('meaning' | 'values' | 'channels' | 'mask' | 'gives')[];
}

/** What is to be remembered about a model. */
export interface ModelNote {
  /** Milliseconds since 1970. */
  usedAt?: number;
  /** Replaces what was known. */
  failedProviders?: readonly Provider[];
}

/** What listens to a download. */
export interface FetchHooks {
  /** Stops it; what has arrived is kept, and the next fetch goes on from there. */
  signal?: AbortSignal;
  onProgress?(progress: DownloadProgress): void;
}

/** Where models lie: this browser's store, or a folder of the command line. */
export interface ModelSource {
  /** The catalogue's models and the person's own, each with how it stands. */
  list(): Promise<ModelInfo[]>;
  /**
   * Reads and checks the files. What is found damaged is fetched again where it can be, and never given.
   * @throws UnflatError `no-model` when it is not (or not wholly) here; `out-of-memory`; `signal.reason` when stopped.
   */
  read(id: string, hooks?: FetchHooks): Promise<ModelBytes>;
  /**
   * Fetches what is missing; nothing where nothing is.
   * @throws UnflatError `download-failed`, `storage-full` or `bad-model`; `signal.reason` when stopped.
   */
  fetch(id: string, hooks?: FetchHooks): Promise<void>;
  /**
   * Takes a person's own files: a model and what lies beside it.
   * @throws UnflatError `bad-model` for what is no model that can be used.
   */
  add(files: readonly File[], answers?: OwnModelAnswers): Promise<ModelInfo>;
  /** What `add` would take them for. @throws UnflatError `bad-model`. */
  describe(files: readonly File[]): Promise<ModelGuess>;
  /** Other rows beside the catalogue's than at the start. Absent: there are none. */
  useRows?(rows: readonly unknown[]): void;
  /** Keeps files of a plugin's model, which its host has checked. Absent: they lie elsewhere. */
  keep?(row: ModelRow, files: readonly { path: string; blob: Blob }[]): Promise<void>;
  /** Nothing where there is none. */
  remove(id: string): Promise<void>;
  /** Never fails: what cannot be noted is not noted. */
  note(id: string, note: ModelNote): Promise<void>;
}
