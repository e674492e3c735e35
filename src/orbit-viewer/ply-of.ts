import { UnflatError, fromWire } from '../core/index.ts';
import type { Ply } from './read-ply/read-ply.ts';
import type { FromPlyWorker } from './serve-ply.ts';

/** Reads a PLY file in a worker of its own, which ends with it. @throws UnflatError; `signal.reason` at once when cancelled. */
export function plyOf(file: File, createWorker: () => Worker, signal: AbortSignal): Promise<Ply> {
  return new Promise<Ply>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const worker = createWorker();
    const onAbort = (): void => end(() => reject(signal.reason));
    const end = (settle: () => void): void => {
      worker.terminate();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    signal.addEventListener('abort', onAbort);
    worker.onmessage = ({ data }: MessageEvent<FromPlyWorker>) =>
      end(() => ('ply' in data ? resolve(data.ply) : reject(fromWire(data.error))));
    worker.onerror = () =>
      end(() => reject(new UnflatError('io', `${file.name} could not be read: the program that reads it did not start. Reload the page.`)));
    worker.postMessage(file);
  });
}
