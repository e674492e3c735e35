import { Fault } from './fault.ts';
import { inPieces } from '../scene-file/index.ts';
import { MOST_3D } from './most-3d.ts';

const MAGIC = 0x5053474e;
const HEADER = 16;
/** Splats hardly repeat one another, so a file is packed to a half or a third. What unpacks to more than this many times its size is no scan. */
const MOST_TIMES = 64;
/** Any file may unpack to this. */
const SMALL_BYTES = 2 ** 22;

/**
 * Unpacks an .spz file, versions 2 and 3: gzip around columns of bytes.
 * @throws Fault where it is cut off, of another version, or unpacks to more than it says.
 */
export async function inflateSpz(file: Blob): Promise<{ bytes: ArrayBuffer; count: number }> {
  const magic = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (String.fromCharCode(...magic) === 'NGSP') throw otherVersion('4 or newer');
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) throw new Fault('it is no .spz file');
  const chunks: Uint8Array[] = [];
  let length = 0;
  let header: { count: number; size: number } | undefined;
  const reader = inPieces(new Uint8Array(await file.arrayBuffer()))
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      if (!header && length >= HEADER) header = headerOf(new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()));
      if (header && header.size > Math.max(SMALL_BYTES, MOST_TIMES * file.size))
        throw new Fault(`it says that it has ${header.count} splats, which its ${file.size} bytes cannot hold`);
      if (header && length > header.size) break;
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('it is cut off or damaged');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (!header || length < header.size) throw new Fault('it is cut off');
  const bytes = await new Blob(chunks as BlobPart[]).arrayBuffer();
  return { bytes: bytes.slice(0, header.size), count: header.count };
}

const otherVersion = (version: string): Fault =>
  new Fault(
    `it is .spz version ${version}; versions 2 and 3 are read`,
    'In the program that it comes from, save it as PLY or as .spz version 3.',
  );

function headerOf(bytes: Uint8Array<ArrayBuffer>): { count: number; size: number } {
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const degree = bytes[12]!;
  if (view.getUint32(0, true) !== MAGIC) throw new Fault('it is no .spz file');
  if (version !== 2 && version !== 3) throw otherVersion(String(version));
  if (!count) throw new Fault('there is no splat in it');
  if (count > MOST_3D.vertices) throw new Fault(`it has ${count} splats, more than the ${MOST_3D.vertices} that are opened`);
  if (degree > 4 || bytes[15]) throw new Fault('its header is damaged');
  const splatBytes = 9 + 4 + 3 + (version === 3 ? 4 : 3) + 3 * ((degree + 1) ** 2 - 1);
  return { count, size: HEADER + count * splatBytes };
}
