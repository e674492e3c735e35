/** The one-file bundle for other people's pages: the element with the worker inside itself. */
import source from 'unflat:worker';
import { workerOf } from '../convert/index.ts';
import { UnflatPhoto } from './index.ts';

// No module: browsers start none from a Blob in a sandboxed frame.
UnflatPhoto.createWorker ??= () => workerOf(source, 'unflat');

/** Undefined in a plain script; webpack puts the file's place on the disk of whoever ran it, which is out of a page's reach. */
const own = import.meta.url as string | undefined;
const isReachable = own !== undefined && !(own.startsWith('file:') && globalThis.document !== undefined && location.protocol !== 'file:');
/** Where the file is that holds this. */
const here = isReachable ? own : (document.currentScript as HTMLScriptElement | null)?.src || document.baseURI;

UnflatPhoto.heic ??= new URL('./unflat-heic/', here).href;
UnflatPhoto.model ??= new URL('./unflat-depth/', here).href;

export * from './index.ts';
