import { UnflatError, throwIfAborted } from '../core/index.ts';
import { Fault, faultOf } from './fault.ts';
import { packGltf, type PackedGltf } from './gltf/pack-gltf.ts';
import { MOST_3D } from './most-3d.ts';
import { inflateSpz } from './inflate-spz.ts';
import type { Other3dFile } from './other-3d-file.ts';
import { plyOf } from './ply-of.ts';
import type { PlyShape } from './read-ply/read-ply.ts';
import type { Splats } from './read-ply/read-splats.ts';

/** A file that was read and checked, ready to be drawn. */
export type Prepared3d =
  | { kind: 'gltf'; gltf: PackedGltf }
  | { kind: 'shape'; shape: PlyShape }
  | { kind: 'splats'; splats: Splats }
  /** Left to Babylon to unpack; checked against its length. */
  | { kind: 'packed-splats'; from: 'ply' | 'spz'; bytes: ArrayBuffer; count: number };

export interface PrepareOptions {
  /** Starts a worker that `servePly` makes one that reads PLY files. */
  createPlyWorker(): Worker;
  signal: AbortSignal;
}

/** As `Splats.rows` has them. */
const SPLAT_BYTES = 32;
/** Largest file; what it becomes in memory is a few times that. */
const MOST_FILE_BYTES = 768 * 2 ** 20;

/**
 * Reads a 3D file and checks all that it says of itself. PLY is read in a worker; the others need little reading.
 * @throws UnflatError naming the file, what is wrong and what to do; `signal.reason` when cancelled.
 */
export async function read3dFile(
  { kind, file, companions }: Other3dFile,
  { createPlyWorker, signal }: PrepareOptions,
): Promise<Prepared3d> {
  try {
    if (!file.size) throw new UnflatError('empty-file', `${file.name} is empty (0 bytes). Save or download it again.`);
    if (file.size > MOST_FILE_BYTES)
      throw new UnflatError(
        'unsupported',
        `${file.name} is larger than the ${MOST_FILE_BYTES / 2 ** 20} MB that are opened. Make it smaller in a 3D program.`,
      );
    if (kind === 'gltf') return { kind, gltf: await packGltf(file, companions) };
    if (kind === 'splat') return { kind: 'splats', splats: splatsOf(await file.arrayBuffer()) };
    if (kind === 'spz') return { kind: 'packed-splats', from: kind, ...(await inflateSpz(file)) };
    const ply = await plyOf(file, createPlyWorker, signal);
    if (ply.kind === 'splats') return { kind: 'splats', splats: ply };
    if (ply.kind === 'compressed-splats') return { kind: 'packed-splats', from: 'ply', bytes: await file.arrayBuffer(), count: ply.count };
    return { kind: 'shape', shape: ply };
  } catch (error) {
    throwIfAborted(signal);
    throw faultOf(error, file.name);
  }
}

/** The rows of a .splat file, which has nothing else. */
function splatsOf(bytes: ArrayBuffer): Splats {
  const count = Math.floor(bytes.byteLength / SPLAT_BYTES);
  if (!count || bytes.byteLength % SPLAT_BYTES)
    throw new Fault(`its length is no multiple of ${SPLAT_BYTES} bytes, as that of a .splat file is: it is cut off`);
  if (count > MOST_3D.vertices) throw new Fault(`it has ${count} splats, more than the ${MOST_3D.vertices} that are opened`);
  return { kind: 'splats', count, rows: bytes, degree: 0 };
}
