import { open } from 'node:fs/promises';

/** By the system's code, completing “NAME …”. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: a part of its path is a file',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by you; check its permissions',
  EPERM: 'may not be read by you; check its permissions',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'has a name that is too long',
  ENXIO: 'is no file',
};

/**
 * Reads a file whole, and never more of it than may be: a device or what the system makes up as it is read has no end.
 * @param mostBytes longest file.
 * @returns its bytes, or why there are none: words that complete “NAME …”.
 */
export async function readBounded(path: string, mostBytes: number): Promise<Uint8Array | string> {
  const file = await open(path, 'r').catch((error: unknown) => whyNot(error));
  if (typeof file === 'string') return file;
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) return WORDS['EISDIR']!;
    if (!stats.isFile()) return 'is no file';
    if (stats.size === 0) return 'is empty';
    if (stats.size > mostBytes) return tooLarge(mostBytes);
    const pieces: Uint8Array[] = [];
    for (let length = 0; ;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(2 ** 16), 0, 2 ** 16);
      if (bytesRead === 0) return Buffer.concat(pieces);
      if ((length += bytesRead) > mostBytes) return tooLarge(mostBytes);
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } catch (error) {
    return whyNot(error);
  } finally {
    await file.close();
  }
}

const tooLarge = (mostBytes: number): string => `is larger than the ${mostBytes / 2 ** 20} MB that it may have`;

function whyNot(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? `cannot be read (${code || message})`;
}
