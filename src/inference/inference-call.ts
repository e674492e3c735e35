import type { DownloadProgress, InferRequest, InferResult, ModelRow } from '../core/index.ts';
import type { OwnModelAnswers } from './model-source.ts';

/** What a run of a model is at: its file is read, its session is made, it runs. */
export type InferPhase = 'read' | 'session' | 'run';

/** What can be asked of the one who runs models. */
export type InferenceCall =
  | { name: 'models' }
  | { name: 'infer'; request: InferRequest }
  | { name: 'fetch'; id: string }
  | { name: 'add'; files: readonly File[]; answers: OwnModelAnswers }
  | { name: 'describe'; files: readonly File[] }
  | { name: 'remove'; id: string }
  | { name: 'rows'; rows: readonly ModelRow[] }
  | { name: 'keep'; row: ModelRow; files: readonly { path: string; blob: Blob }[] };

/** What is told while a call goes on. */
export type InferenceNote = { phase: InferPhase } | { download: DownloadProgress };

/** What a worker is told first. */
export interface InferenceStart {
  /** Rows beside the catalogue's: those of plugins. */
  rows: readonly ModelRow[];
  /** Address of a folder of models, with a slash at its end, instead of this browser's store. */
  folder?: string;
  /** WASM threads at most: more could not be started here. */
  threads?: number;
}

/** What a worker says of itself: the models are others now; threads are starting (every second), or no longer; it must be replaced, by one with so many threads at most. */
export type InferenceEvent = { name: 'changed' } | { name: 'threads'; isStarting: boolean } | { name: 'broken'; threads?: number };

/** The buffers of an answer, to be handed over instead of copied. */
export function resultBuffers({ output, outputs }: InferResult): ArrayBuffer[] {
  const buffers = [output, ...Object.values(outputs)].map(({ data }) => data.buffer);
  return [...new Set(buffers)].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
