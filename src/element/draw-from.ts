import { isForeign, workerOf } from '../convert/index.ts';

/** Starts the worker that draws without a graphics card, from its program's address. */
export function drawFrom(address: string): Worker {
  // A worker of another site may not be started as it is, but a script may import it.
  return isForeign(new URL(address, document.baseURI))
    ? workerOf(`importScripts(${JSON.stringify(address)})`, 'unflat-draw')
    : new Worker(address, { name: 'unflat-draw' });
}
