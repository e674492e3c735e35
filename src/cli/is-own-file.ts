import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { hasJpegMark, hasNumbersMark, hasPsdMark, isMapName, pngMarkOf, type PngContent } from '../core/index.ts';

/** Marks of the other kinds stand within this many bytes of a file's beginning or end. */
const LOOKED_AT = 1 << 16;

/** What an earlier run wrote into this PNG; undefined where somebody else wrote or changed it, or it cannot be read. */
export function ownPng(path: string): PngContent | undefined {
  if (extname(path).toLowerCase() !== '.png') return undefined;
  try {
    return pngMarkOf(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Whether an earlier run wrote this file, and there is depth in it. */
export function isOwnDepth(path: string): boolean {
  return ownPng(path) === 'depth' || (isMapName(path) && isOwnFile(path));
}

/** Whether this file is just as an earlier run of ours wrote it, told by the mark inside. What cannot be read is not ours. */
export function isOwnFile(path: string): boolean {
  const text = (): string => bothEnds(path);
  switch (extname(path).toLowerCase()) {
    case '.png':
      return ownPng(path) !== undefined;
    case '.jpg':
    case '.jps':
    case '.mpo':
      // Most photos are told by their beginning, without reading all of them.
      return /Unflat [0-9a-f]{8}/.test(text()) && hasJpegMark(readAll(path));
    // Those that may have a mark are told by their beginning, without reading all of others'.
    case '.npy':
      return text().startsWith('\x93NUMPY\x01\0') && text().charCodeAt(9) > 2 && hasNumbersMark(readAll(path));
    case '.pfm':
      return /^Pf\n\d+ \d+\n-1\.0{7}\n/.test(text()) && hasNumbersMark(readAll(path));
    case '.psd':
      return text().includes('CreatorTool="Unflat ') && hasPsdMark(readAll(path));
    case '.ply':
      return /^ply\r?\n[^]*?\ncomment made by Unflat\r?\n/.test(text());
    case '.glb':
      return text().startsWith('glTF') && /"generator":"Unflat"/.test(text());
    case '.html':
      return /^<!doctype html>[^]*?<meta name="generator" content="Unflat">/.test(text());
    case '.mp4':
      return /\xa9too[^]{0,40}Unflat/.test(text());
    case '.gif':
      return /^GIF89a[^]*!\xfe.Made by Unflat\0;$/.test(text());
    case '.webp':
      return text().endsWith('UNFL\x0e\0\0\0Made by Unflat');
    case '.tif':
      return /^II\*\0[^]{1,300}Made by Unflat\0/.test(text());
    case '.zip':
      return text().endsWith('\x0e\0Made by Unflat');
    case '.spz':
      return text().startsWith('Made by Unflat\0', 10);
    case '.stl':
      return text().startsWith('Made by Unflat');
    case '.webm':
      return /ENCODER[^]{0,40}Unflat/.test(text());
    default:
      return false;
  }
}

/** A whole file; nothing where it cannot be read. */
function readAll(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    return new Uint8Array(0);
  }
}

/** The first and the last bytes of a file, each byte a character; '' where it cannot be read. */
function bothEnds(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const read = (length: number, position: number): string => {
      const bytes = Buffer.alloc(length);
      return bytes.toString('latin1', 0, readSync(file!, bytes, 0, length, position));
    };
    const head = read(Math.min(size, LOOKED_AT), 0);
    return size > LOOKED_AT ? head + read(Math.min(size - LOOKED_AT, LOOKED_AT), Math.max(LOOKED_AT, size - LOOKED_AT)) : head;
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
