/** The one-file bundle for other people's pages: the element with the worker inside itself. */
import source from 'unflat:worker';
import { UnflatPhoto } from './index.ts';

UnflatPhoto.createWorker ??= () => {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return new Worker(url, { type: 'module', name: 'unflat' });
  } finally {
    // The worker has fetched it by then or is about to; a moment later nobody needs it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
};

UnflatPhoto.network ??= new URL('./unflat-depth/', import.meta.url).href;

export * from './index.ts';
