export { ResultStore, type ResultStoreOptions, type StoredResult, type ResultEntry } from './result-store.ts';
