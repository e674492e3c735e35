/** The one-file bundle for other people's pages: the element with the worker inside itself. */
import source from 'unflat:worker';
import { workerOf } from '../convert/index.ts';
import { drawFrom } from './draw-from.ts';
import { UnflatPhoto } from './index.ts';
import { here } from './here.ts';

// No module: browsers start none from a Blob in a sandboxed frame.
UnflatPhoto.createWorker ??= () => workerOf(source, 'unflat');

UnflatPhoto.heic ??= new URL('./unflat-heic/', here).href;
UnflatPhoto.createDrawer ??= () => drawFrom(new URL('./unflat-draw.js', here).href);
UnflatPhoto.model ??= new URL('./unflat-depth/', here).href;

export * from './index.ts';
