/** Starts the pipeline's worker, which is built beside the app. */
export function createWorker(): Worker {
  return new Worker(new URL('./pipeline-worker.js', import.meta.url), { type: 'module' });
}

/** Starts the worker in which networks run, built beside the app as well. */
export function createInferenceWorker(): Worker {
  return new Worker(new URL('./inference-worker.js', import.meta.url), { type: 'module' });
}
