import type { Eyebox, Lens, Progress, Scene, SourceFile, Stage } from '../core/index.ts';

/** What a conversion is to do; every field has a default. Part of the key under which results are kept. */
export interface ConvertSettings {
  /** Id of the depth source, or 'auto': the depth inside the photo or the given map. Default 'auto'. */
  depthSource: string;
  /** Values of the depth source's options, by option id. */
  depthOptions: Record<string, number | boolean | string>;
  /** Id of the inpainter. Default 'inpaint-classic'. */
  inpainter: string;
  /** Values of the inpainter's options, by option id. */
  inpaintOptions: Record<string, number | boolean | string>;
  /** Working resolution: longer side in pixels, integer 256..4096, default 960; smaller photos stay as they are. */
  longerSidePx: number;
  /** Smoothing of a rough depth map, 0..2: 0 = none, 1 = automatic (default), 2 = strong. */
  smoothing: number;
  /** An exact lens: the depth map is then taken at its word, neither stretched, flipped nor smoothed. */
  lens?: Lens;
  /** How far the camera will go; default: enough for looking around and the four videos. */
  eyebox?: Eyebox;
}

/** A photo and, where the person has one, its depth map. */
export interface ConvertInput {
  photo: SourceFile;
  map?: SourceFile;
}

/** What was done, for reports: `--json`, the app's details. */
export interface ConvertReport {
  /** Milliseconds of wall time a stage took, in the order it ran. */
  timesMs: Partial<Record<Stage, number>>;
  /** Id of the depth source and the inpainter that ran. */
  depthSource: string;
  inpainter: string;
  /** Size of the photo's file and of the working picture in pixels. */
  originalWidth: number;
  originalHeight: number;
  width: number;
  height: number;
  layers: number;
  /** Triangles of all viewing meshes. */
  triangles: number;
  warnings: string[];
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
