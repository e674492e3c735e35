import type { WireError } from '../core/index.ts';

/** What goes to the side that answers: calls, and that a call is wanted no more. */
export type ToAnswerer<C> = { type: 'call'; id: number; call: C } | { type: 'abort'; id: number };

/** What goes to a worker, which is told its `start` before all else. */
export type ToWorker<C, S> = ToAnswerer<C> | { type: 'start'; start: S };

/** What comes back of a call. `heard` says that an abort arrived, so the other side is not stuck; notes tell of a call while it goes on. */
export type FromAnswerer<N> =
  | { type: 'heard'; id: number }
  | { type: 'note'; id: number; note: N }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError };

/** What a worker says besides: that its script runs, and what concerns no single call. */
export type FromWorker<N, E = never> = FromAnswerer<N> | { type: 'ready' } | { type: 'event'; event: E };
