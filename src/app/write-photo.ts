import { entries, set, type UseStore } from 'idb-keyval';
import type { RecentPhoto } from './recent.ts';

/** A file as plain data. */
interface Packed {
  packed: ArrayBuffer;
  type: string;
  /** Absent for what was a Blob without a name. */
  name?: string;
  lastModified?: number;
}

/** Keeps a photo with its files; as plain bytes in private windows whose database takes everything but Blobs. @throws what the database throws. */
export async function writePhoto(photo: RecentPhoto, store: UseStore): Promise<void> {
  try {
    await set(photo.id, photo, store);
  } catch (error) {
    // Nothing is gained by trying again where the disk is full, or nothing at all is kept.
    if (error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'SecurityError')) throw error;
    await set(photo.id, await withFiles(photo, pack), store);
  }
}

/** All photos that are kept, by their keys, with their files as files. */
export async function readPhotos(store: UseStore): Promise<[string, RecentPhoto][]> {
  const all = await entries<string, RecentPhoto>(store);
  return Promise.all(all.map(async ([key, photo]): Promise<[string, RecentPhoto]> => [key, await withFiles(photo, unpack)]));
}

async function withFiles(photo: RecentPhoto, turn: (file: unknown) => unknown): Promise<RecentPhoto> {
  const { input, thumbnail } = photo;
  const [file, map, small] = await Promise.all([turn(input.photo), input.map && turn(input.map), turn(thumbnail)]);
  return {
    ...photo,
    input: { ...input, photo: file, ...(map !== undefined && { map }) } as RecentPhoto['input'],
    thumbnail: small as Blob,
  };
}

async function pack(file: unknown): Promise<unknown> {
  if (!(file instanceof Blob)) return file;
  const packed: Packed = { packed: await file.arrayBuffer(), type: file.type };
  return file instanceof File ? { ...packed, name: file.name, lastModified: file.lastModified } : packed;
}

function unpack(file: unknown): unknown {
  const { packed, type = '', name, lastModified = 0 } = file as Partial<Packed>;
  if (!(packed instanceof ArrayBuffer)) return file;
  return name === undefined ? new Blob([packed], { type }) : new File([packed], name, { type, lastModified });
}
