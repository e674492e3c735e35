import type { Provider, Tensor, TensorType } from '../core/index.ts';

/** An input or output of a model; an axis of any length has its name instead. */
export interface Port {
  name: string;
  /** null = a number type that we do not feed. */
  type: TensorType | null;
  shape: readonly (number | string)[];
}

/** A model, ready to run. */
export interface Session {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** @param wanted names of the outputs to give. */
  run(feeds: Readonly<Record<string, Tensor>>, wanted: readonly string[]): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** What makes sessions of models in one place: the GPU or the processor. */
export interface Runtime {
  /** WASM threads; 1 elsewhere. */
  readonly threads: number;
  /**
   * @param files the .onnx file first, then what lies beside it.
   * @param onThreads told true when threads begin to start and every second until they have, then false.
   */
  open(files: readonly { path: string; bytes: Uint8Array }[], onThreads?: (isStarting: boolean) => void): Promise<Session>;
}

/** Starts a runtime on first use; undefined where this machine has none of that kind. */
export type Runtimes = Readonly<Record<Provider, () => Promise<Runtime | undefined>>>;

/** WASM's threads could not be started, as where a page's rules keep their script out, or do not answer. With one thread it may go, but only in another worker. */
export class ThreadsError extends Error {
  override readonly name = 'ThreadsError';
}
