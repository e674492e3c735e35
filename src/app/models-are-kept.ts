import { ortFiles } from '../inference/index.ts';
import { ORT_FOLDER } from './ort-folder.ts';

/** Whether the model runtime on the processor lies on this machine, so that they work offline; the service worker keeps it with the app. */
export async function modelsAreKept(): Promise<boolean> {
  try {
    const kept = await Promise.all(ortFiles('wasm').map((name) => caches.match(new URL(`${ORT_FOLDER}${name}`, document.baseURI))));
    return kept.every((response) => response !== undefined);
  } catch {
    return false; // no storage in this window
  }
}
