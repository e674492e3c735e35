import { BUILD } from './build-lock.ts';

/** Starts the pipeline's worker, which is built beside the app. */
export function createWorker(): Worker {
  return new Worker(addressOf('pipeline-worker.js'), { type: 'module' });
}

/** Starts the worker in which models run, built beside the app as well. */
export function createInferenceWorker(): Worker {
  return new Worker(addressOf('inference-worker.js'), { type: 'module' });
}

/** Starts a worker that draws frames. */
export function createRasterWorker(): Worker {
  return new Worker(addressOf('raster-worker.js'), { type: 'module' });
}

/** Starts a worker that says what draws here. */
export function createGraphicsWorker(): Worker {
  return new Worker(addressOf('graphics-worker.js'), { type: 'module' });
}

/** Starts a worker that reads one PLY file. */
export function createPlyWorker(): Worker {
  return new Worker(addressOf('ply-worker.js'), { type: 'module' });
}

/** Starts the worker that downloads plugins. */
export function createPluginDownloadWorker(): Worker {
  return new Worker(addressOf('download-worker.js'), { type: 'module' });
}

/** With the build's name, so that a page gets the worker that it was built with, also after an update. */
function addressOf(name: string): URL {
  return new URL(`./${name}?build=${BUILD}`, import.meta.url);
}
