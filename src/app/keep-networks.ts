import { hasGpu, ortFiles } from '../inference/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';
import { KEEP_FILES } from './worker-words.ts';

/**
 * Lays by the files that run networks, so that a model which was fetched works offline before it ever ran.
 * Nothing happens without a service worker; call it when a model has come to this machine.
 */
export async function keepNetworks(): Promise<void> {
  if (!navigator.serviceWorker?.controller) return;
  const names = [...ortFiles('wasm'), ...((await hasGpu()) ? ortFiles('webgpu') : [])];
  const urls = names.map((name) => new URL(`${ORT_FOLDER}${name}`, document.baseURI).href);
  navigator.serviceWorker.controller.postMessage({ type: KEEP_FILES, urls });
}
