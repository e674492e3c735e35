/** A photo's way to a scene on any page, for the element and for `unflat/convert`: fetched, in its turn, in a worker of its own. */
export { workerOf } from './worker-of.ts';
export { convertPhoto, type PhotoRequest } from './convert-photo.ts';
export { loadModules } from './load-modules.ts';
export { loadPlugins } from './load-plugins.ts';
export { isForeign } from './fetch-file.ts';
