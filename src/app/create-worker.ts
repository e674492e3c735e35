/** Starts the pipeline's worker, which is built beside the app. */
export function createWorker(): Worker {
  return new Worker(new URL('./pipeline-worker.js', import.meta.url), { type: 'module' });
}
