export { ResultStore, type ResultStoreOptions, type Makings, type StoredResult, type ResultEntry } from './result-store.ts';
export type { Grown } from './write-grown.ts';
export { ModelStore, type ModelHooks, type ModelStoreOptions, type StoredModel } from './model-store.ts';
export { askToKeep, type Releasable } from './make-room.ts';
