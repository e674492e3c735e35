import type { Progress, Scene, SourceFile } from '../core/index.ts';
import type { OptionValues } from 'unflat/plugin';
import type { ResultStoreOptions } from '../store/index.ts';
import type { SettingsPlace } from './how-to-set.ts';
import type { ConvertResult, ConvertSettings, PhotoDepth, PluginLink } from './types.ts';

/** A file that the worker may already hold under its token; then only the token travels. */
export interface FileRef {
  token: number;
  file?: SourceFile | File;
}

export interface ConvertCall {
  name: 'convert';
  photo: FileRef;
  map?: FileRef;
  settings: ConvertSettings;
  /** The scene is wanted as soon as there is one. */
  early?: true;
  store?: ResultStoreOptions;
}

/** No more than the depth map is wanted. */
export interface DepthCall {
  name: 'depth';
  photo: FileRef;
  map?: FileRef;
  settings: ConvertSettings;
}

/** A 3D photo that was saved as a file. */
export interface OpenFileCall {
  name: 'open';
  photo: FileRef;
}

export interface PreviewCall {
  name: 'preview';
  photo: FileRef;
  map?: FileRef;
  settings: ConvertSettings;
  /** Longer side of the preview in pixels. */
  sizePx: number;
}

export interface SaveCall {
  name: 'save';
  /** The scene by the token that came with it, or the scene itself. */
  scene: number | Scene;
  product: string;
  options: OptionValues;
}

export type PipelineCall = ConvertCall | DepthCall | OpenFileCall | PreviewCall | SaveCall;

/** What is told while a call goes on. `early` is a `ConvertedScene` that comes before the result. */
export type PipelineNote = { progress: Progress } | { warning: string } | { note: string } | { early: ConvertedScene };

/** What a worker is told first. */
export interface PipelineStart {
  /** The worker's end of the page's models. Absent: there are none. */
  inference?: MessagePort;
  /** The way to plugins that the person installed. Absent: there are none. */
  plugins?: PluginLink;
  /** Absolute addresses of the page's own plugins, by id. Absent: there are none. */
  modules?: Readonly<Record<string, string>>;
  /** Address of the decoder for HEIC photos. */
  heicDecoder?: string;
  /** Where the person sets options. Default the app. */
  surface?: SettingsPlace;
  /** Whether plugins may have the bundled model run to check something by it. Default true. */
  opinions?: boolean;
}

/** What a worker met with the store: a warning for people, or that a result was kept. */
export type PipelineEvent = { storageWarning: string } | { kept: true };

/** What a converted scene comes back as: the worker keeps a copy under `token` for outputs. */
export interface ConvertedScene<R extends PhotoDepth = ConvertResult> {
  result: R;
  token: number;
}
