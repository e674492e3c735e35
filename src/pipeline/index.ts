export { Converter, type ConverterOptions } from './converter.ts';
export type { InferenceService, InferPhase } from './inference-service.ts';
export { isSceneFile, openSceneFile } from './open-scene-file.ts';
export { resolveOptions } from './resolve-options.ts';
export { pluginModels } from './plugin-models.ts';
export { listPlugins } from './load-plugin.ts';
export { browserHost, servePipeline } from './serve-pipeline.ts';
export { DEFAULT_SETTINGS, resolveSettings } from './resolve-settings.ts';
export type * from './types.ts';
