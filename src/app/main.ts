/** The page's entry: the app, or, for the command line, the same machinery without a screen. */
import { createInferenceWorker, createRasterWorker, createWorker } from './create-worker.ts';
import { nextTask } from '../core/index.ts';
import { HEIC_DECODER } from './heic-decoder.ts';

/** Once the app shows the same picture in its place. */
async function removeFirstPicture(): Promise<void> {
  const picture = document.querySelector<HTMLImageElement>('#first-picture');
  const app = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>('unflat-app');
  await app?.updateComplete;
  await picture?.decode().catch(() => undefined);
  requestAnimationFrame(() => picture?.remove());
}

if (location.hash.startsWith('#automation')) {
  const { startAutomation } = await import('../automation/index.ts');
  document.querySelector('#first-picture')?.remove();
  startAutomation({ createWorker, createInferenceWorker, createRasterWorker, heicDecoder: HEIC_DECODER });
} else {
  const { UnflatApp } = await import('./unflat-app.ts');
  // Reading the app was one task; building it is another.
  await nextTask();
  const app = new UnflatApp();
  document.body.append(app);
  // Only the page that `unflat plugins dev` serves says so.
  const folder = document.querySelector<HTMLMetaElement>('meta[name="unflat-plugin-dev"]')?.content;
  if (folder) void app.developPlugin(folder);
  void removeFirstPicture();
}
