import { Zip, ZipPassThrough } from 'fflate';

/** Bytes that are read, summed and written between two turns of the page. */
const SLICE_BYTES = 4 * 2 ** 20;

/** Files as one ZIP, as they are: pictures and videos are compressed already. Two of one name get numbers. */
export async function zipFiles(files: readonly File[]): Promise<Blob> {
  const parts: Blob[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, bytes) => {
    failure ??= error;
    if (bytes.length) parts.push(new Blob([bytes]));
  });
  const names = new Set<string>();
  for (const file of files) {
    const entry = new ZipPassThrough(freeName(file.name, names));
    entry.mtime = file.lastModified;
    zip.add(entry);
    for (let at = 0; at < file.size || at === 0; at += SLICE_BYTES) {
      const slice = await file.slice(at, at + SLICE_BYTES).arrayBuffer();
      entry.push(new Uint8Array(slice), at + SLICE_BYTES >= file.size);
    }
  }
  zip.end();
  // Set in a callback, which the compiler does not follow.
  if (failure as Error | null) throw failure as unknown as Error;
  return new Blob(parts, { type: 'application/zip' });
}

function freeName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${stem} (${n})${ending}`;
  taken.add(free);
  return free;
}
