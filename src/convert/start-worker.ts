import type { WorkerLike } from '../worker/index.ts';
import { workerOf } from './worker-of.ts';

/** Fetches the program of `unflat/convert`. @returns what starts workers that draw frames. */
export async function startDrawing(): Promise<() => Worker> {
  const { default: program } = await import('unflat:convert-worker');
  return () => workerOf(`var unflatDraws=true;${program}`, 'unflat-draw');
}

/** Fetches the program of `unflat/convert`. @returns what starts workers that convert and save. */
export async function startWorker(): Promise<() => WorkerLike> {
  const { default: program } = await import('unflat:convert-worker');
  return () => workerOf(`var unflatDraws=false;${program}`, 'unflat-convert');
}
