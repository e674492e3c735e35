export { Converter, type ConverterOptions } from './converter.ts';
export type { InferenceService, InferPhase } from './inference.ts';
export { resolveOptions } from './options.ts';
export { pluginModels } from './plugin-models.ts';
export { listPlugins } from './registry.ts';
export { browserHost, servePipeline } from './serve.ts';
export { DEFAULT_SETTINGS, resolveSettings } from './settings.ts';
export type * from './types.ts';
