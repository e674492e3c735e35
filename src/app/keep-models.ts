import { hasGpu, ortFiles } from '../inference/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';
import { KEEP_FILES } from './shared-cache.ts';

/**
 * Lays by the files that run models on the graphics card, so that a model which was fetched works offline before it ever ran;
 * those for the processor came with the app. Nothing happens without a service worker; call it when a model has come to this machine.
 */
export async function keepModels(): Promise<void> {
  if (!navigator.serviceWorker?.controller || !(await hasGpu())) return;
  const urls = ortFiles('webgpu').map((name) => new URL(`${ORT_FOLDER}${name}`, document.baseURI).href);
  navigator.serviceWorker.controller.postMessage({ type: KEEP_FILES, urls });
}
