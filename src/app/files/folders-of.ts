import { isSystemFile } from '../../core/index.ts';

/** More files than this in a folder and it is not a model's. */
const MOST_FILES = 200;

/** What a drop holds, where there is a folder in it, else nothing. Only readable while the drop's event is handled. */
export function foldersOf(transfer: DataTransfer | null): FileSystemEntry[] {
  const entries = [...(transfer?.items ?? [])]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry !== null && entry !== undefined);
  return entries.some((entry) => entry.isDirectory) ? entries : [];
}

/** All files in folders and the folders in them, without those that a system keeps there for itself. */
export async function filesBelow(entries: readonly FileSystemEntry[]): Promise<File[]> {
  const found: File[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry && found.length < MOST_FILES; entry = waiting.shift()) {
    if (isSystemFile(entry.name)) continue;
    if (isFile(entry)) found.push(await fileOf(entry));
    else if (isFolder(entry)) waiting.push(...(await entriesOf(entry)));
  }
  return found;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder is read in pieces, until a piece is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!piece.length) return all;
    all.push(...piece);
  }
}
