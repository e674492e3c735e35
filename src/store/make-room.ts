import { UnflatError, sizeWords } from '../core/index.ts';

/** Something that can give up what it keeps, the least needed first. */
export interface Releasable {
  /** @returns the bytes that were given up, at least as many as wanted unless there was no more. */
  release(bytes: number): Promise<number>;
}

/** What the browser needs besides the bytes themselves. */
const SPARE = 4e6;

/**
 * Sees that so many bytes can be written; kept results go first where they cannot.
 * @throws UnflatError `storage-full` that says what is needed and what there is.
 */
export async function makeRoom(label: string, bytes: number, results?: Releasable): Promise<void> {
  const free = await freeBytes();
  if (free >= bytes + SPARE) return;
  const released = (await results?.release(bytes + SPARE - free)) ?? 0;
  // The browser's own count may lag behind what was just given up.
  const now = Math.max(await freeBytes(), free + released);
  if (now < bytes + SPARE) throw storageFull(label, bytes, now);
}

/** Infinity where the browser does not say. */
async function freeBytes(): Promise<number> {
  const { quota, usage } =
    (await (globalThis.navigator as NavigatorStorage | undefined)?.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined ? Infinity : Math.max(0, quota - (usage ?? 0));
}

export function storageFull(label: string, bytes: number, free?: number, cause?: unknown): UnflatError {
  const has = free === undefined ? 'the disk or the browser’s share of it is full' : `this browser has room for ${sizeWords(free)}`;
  return new UnflatError(
    'storage-full',
    `${label} needs ${sizeWords(bytes)} on this device, and ${has}. Remove a model that you do not use, or free some disk space, and try again.`,
    { cause },
  );
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

/**
 * Asks the browser not to clear what is kept when the disk gets full. Only a page can ask, not a worker; a good moment is
 * when a person downloads a model, because some browsers ask them.
 * @returns whether it promised; false also where nobody can be asked.
 */
export async function askToKeep(): Promise<boolean> {
  const storage: (StorageManager & { persist?(): Promise<boolean> }) | undefined = (globalThis.navigator as NavigatorStorage | undefined)
    ?.storage;
  try {
    return (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  } catch {
    return false;
  }
}
