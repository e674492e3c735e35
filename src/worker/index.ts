/** Calls between a page and its workers: answered once, with notes on the way, cancelled at once, and asked of a new worker where one hangs or dies. */
export { answerCalls, type Answer, type AnswerHooks, type AnswerScope, type WorkerScope } from './answer-calls.ts';
export { Calls, type CallHooks, type OpenCall } from './calls.ts';
export type { FromAnswerer, FromWorker, ToAnswerer, ToWorker } from './to-worker.ts';
export { WorkerLink, type CancelledCall, type WorkerLike, type WorkerLinkOptions, type WorkerStart } from './worker-link.ts';
