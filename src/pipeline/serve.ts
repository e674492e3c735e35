import type { PluginTable } from './types.ts';

/** The part of a worker's global scope that is used; tests pass a MessagePort. */
export interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Answers a `Converter` from inside a worker; call it once, with the plugins that the worker is to know. */
export function servePipeline(_plugins: PluginTable, _scope: WorkerScope = globalThis as unknown as WorkerScope): void {}
