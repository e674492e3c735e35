/** The one-file bundle for other people's pages: the element with the worker inside itself. */
import source from 'unflat:worker';
import { workerOf } from '../convert/index.ts';
import { drawFrom } from './draw-from.ts';
import { UnflatPhoto } from './index.ts';
import { here } from './here.ts';

// No module: browsers start none from a Blob in a sandboxed frame.
const createWorker = () => workerOf(source, 'unflat');

// The page may have loaded `unflat/view` before: then that file's class is the element, and it converts photos from now on.
const registered = globalThis.customElements?.get('unflat-photo') as typeof UnflatPhoto | undefined;
for (const element of new Set([UnflatPhoto, registered?.build === UnflatPhoto.build ? registered : UnflatPhoto])) {
  element.heic ??= new URL('./unflat-heic/', here).href;
  element.createDrawer ??= () => drawFrom(new URL('./unflat-draw.js', here).href);
  element.model ??= new URL('./unflat-depth/', here).href;
  // Last, as photos that wait for it are converted at once.
  element.createWorker ??= createWorker;
}

export * from './index.ts';
