import type { Raster, SourceFile } from '../core/index.ts';
import type { ResultStore, ResultStoreOptions } from '../store/index.ts';
import type { DecodedPhoto, DecodePhotoOptions } from '../decode/index.ts';
import type { SettingsPlace } from './how-to-set.ts';
import type { InferenceService } from './inference-service.ts';
import type { PluginLink, PluginTable } from './types.ts';

/** What a run needs of the machine; tests bring their own decoders. */
export interface PipelineHost {
  plugins: PluginTable;
  /**
   * Plugins of `plugins` that the person installed, by id, with what tells their versions apart, which goes into keys. They do work that they
   * are named for, and are never chosen automatically. Default: there are none.
   */
  installed?: ReadonlyMap<string, string>;
  /** Takes the way to the plugins that the person installed; `plugins` and `installed` then hold them. Absent: there are none. */
  connectPlugins?(
    link: PluginLink,
    own: PluginTable,
    onChange: (plugins: PluginTable, installed: ReadonlyMap<string, string>) => void,
  ): void;
  /** Makes a table of the page's own plugins, by their addresses; they come before `plugins`. Absent: a page has none. */
  loadModules?(modules: Readonly<Record<string, string>>): PluginTable;
  decodePhoto(file: SourceFile, options: DecodePhotoOptions): Promise<DecodedPhoto>;
  decodeImage(file: SourceFile, signal: AbortSignal): Promise<Raster>;
  /** Default: no models. */
  inference?: InferenceService;
  /** Takes the end of the page's models that came with this worker; it is `inference` then. Absent: there are none. */
  connectInference?(port: MessagePort): InferenceService;
  /** Says where the decoder for HEIC photos lies, which is loaded when a browser needs it. Absent: these photos come decoded. */
  setHeicDecoder?(url: string): void;
  /** Where the person sets options. Default the app. */
  surface?: SettingsPlace;
  /** Whether plugins may have the bundled model run to check something by it. Default true. */
  opinions?: boolean;
  /** Opens the store that a page names. Absent: nothing is kept. */
  openStore?(options: ResultStoreOptions, onWarning: (message: string) => void): ResultStore;
}
