/** The page's entry: the app, or, for the command line, the same machinery without a screen. */
import { createInferenceWorker, createRasterWorker, createWorker } from './create-worker.ts';
import { HEIC_DECODER } from './heic-decoder.ts';

if (location.hash.startsWith('#automation')) {
  const { startAutomation } = await import('../automation/index.ts');
  startAutomation({ createWorker, createInferenceWorker, createRasterWorker, heicDecoder: HEIC_DECODER });
} else {
  await import('./unflat-app.ts');
  document.body.append(document.createElement('unflat-app'));
}
