import { toWire, type WireError } from '../core/index.ts';
import { faultOf } from './fault.ts';
import { readPly, type Ply } from './read-ply/read-ply.ts';

/** What comes back for a file. */
export type FromPlyWorker = { ply: Ply } | { error: WireError };

/** The part of a worker's global scope that is used. */
export interface PlyScope {
  postMessage(message: FromPlyWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<File>) => void) | null;
}

/** Makes a worker one that reads PLY files. @param scope default the worker's own. */
export function servePly(scope: PlyScope = globalThis as unknown as PlyScope): void {
  scope.onmessage = ({ data: file }) => {
    void file
      .arrayBuffer()
      .then((buffer) => readPly(new Uint8Array(buffer)))
      .then((ply) => scope.postMessage({ ply }, buffersOf(ply)))
      .catch((error: unknown) => scope.postMessage({ error: toWire(faultOf(error, file.name)) }, []));
  };
}

function buffersOf(ply: Ply): ArrayBuffer[] {
  if (ply.kind === 'compressed-splats') return [];
  const views = ply.kind === 'splats' ? [ply.directional] : [ply.positions, ply.colours, ply.indices];
  return [...views.filter((view) => view !== undefined).map(({ buffer }) => buffer), ...(ply.kind === 'splats' ? [ply.rows] : [])];
}
