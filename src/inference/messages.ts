import type { DownloadProgress, InferRequest, InferResult, ModelRow, WireError } from '../core/index.ts';
import type { OwnModelAnswers } from './model-source.ts';

/** What a run of a network is at: its file is read, its session is made, it runs. */
export type InferPhase = 'read' | 'session' | 'run';

/** What can be asked of the one who runs networks. */
export type Call =
  | { name: 'models' }
  | { name: 'infer'; request: InferRequest }
  | { name: 'fetch'; id: string }
  | { name: 'add'; files: readonly File[]; answers: OwnModelAnswers }
  | { name: 'describe'; files: readonly File[] }
  | { name: 'remove'; id: string };

/** What is told while a call goes on. */
export type Note = { phase: InferPhase } | { download: DownloadProgress };

/** What a worker is told first. */
export interface StartMessage {
  type: 'start';
  /** Rows beside the catalogue's: those of plugins. */
  rows: readonly ModelRow[];
  /** Address of a folder of models, with a slash at its end, instead of this browser's store. */
  folder?: string;
  /** WASM threads at most: more could not be started here. */
  threads?: number;
}

/** What goes to the one who runs networks. */
export type ToServer = { type: 'call'; id: number; call: Call } | { type: 'abort'; id: number };

/** What comes from there. `heard` says that an abort arrived, so it is not stuck. */
export type FromServer =
  | { type: 'heard'; id: number }
  | { type: 'note'; id: number; note: Note }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError };

/** What a worker says besides: that it is there, that the models are others now, that it must be replaced, by one with so many threads at most. */
export type FromWorker = FromServer | { type: 'ready' } | { type: 'changed' } | { type: 'broken'; threads?: number };

/** The buffers of an answer, to be handed over instead of copied. */
export function resultBuffers({ output, outputs }: InferResult): ArrayBuffer[] {
  const buffers = [output, ...Object.values(outputs)].map(({ data }) => data.buffer);
  return [...new Set(buffers)].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
