import { finish, type Passes } from 'unflat/plugin';
import { hasAscii, latin1, viewOf } from './bytes.ts';
import { inflateInto } from './inflate.ts';
import { readNpyHeader } from './npy-header.ts';
import { mapShape, readNpy } from './read-npy.ts';
import { badDepth, MAX_SAMPLES, type RawDepth } from './raw-depth.ts';

interface Entry {
  name: string;
  isDeflated: boolean;
  packed: Uint8Array;
  size: number;
}

const SAVE_ALONE = 'Save the array alone, with np.save.';
const NAMED = /depth|disp|inv|dist/i;
/** Bytes of an entry that are enough for the header of an array. */
const HEAD = 10_200;
const MAX_ENTRIES = 64;

/** Whether the bytes are a ZIP archive whose first file is a NumPy array. */
export function isNpz(bytes: Uint8Array): boolean {
  if (!hasAscii(bytes, 0, 'PK\x03\x04') || bytes.length < 30) return false;
  return latin1(bytes, 30, 30 + viewOf(bytes).getUint16(26, true)).endsWith('.npy');
}

/**
 * Reads a NumPy archive (np.savez) that holds one map, or one that is named as depth.
 * @param note tells the person which array was taken, where there are more.
 * @throws UnflatError `bad-depth`; sizes are checked before memory is taken.
 */
export function* readNpz(bytes: Uint8Array, what: string, note: (message: string) => void): Passes<RawDepth> {
  const entries = entriesOf(bytes, what);
  const maps = entries.filter((entry) => isMap(entry, what));
  const named = maps.filter(({ name }) => NAMED.test(name));
  const entry = maps.length === 1 ? maps[0] : named[0];
  if (!entry || (maps.length > 1 && named.length > 1)) {
    const names = entries
      .slice(0, 6)
      .map(({ name }) => name.replace(/\.npy$/, ''))
      .join(', ');
    throw badDepth(
      what,
      `the NumPy archive holds ${maps.length === 0 ? 'no depth map' : `${maps.length} arrays that may be the depth map`} (${names}).`,
      SAVE_ALONE,
    );
  }
  if (maps.length > 1)
    note(
      `${what} holds ${maps.length} arrays that may be the depth map; “${entry.name.replace(/\.npy$/, '')}” was taken. For another one, save it alone, with np.save.`,
    );
  return yield* readNpy(yield* unpack(entry, entry.size), what);
}

function isMap(entry: Entry, what: string): boolean {
  if (!entry.name.endsWith('.npy') || entry.size > MAX_SAMPLES * 8 + HEAD) return false;
  try {
    const shape = mapShape(readNpyHeader(finish(unpack(entry, Math.min(entry.size, HEAD))), what).shape);
    return shape !== undefined && shape.width > 1 && shape.height > 1;
  } catch {
    return false;
  }
}

function* unpack({ isDeflated, packed }: Entry, size: number): Passes<Uint8Array> {
  if (!isDeflated) return packed.subarray(0, size);
  const out = new Uint8Array(Math.min(size, packed.length * 1100));
  return out.subarray(0, yield* inflateInto(packed, out, 'raw'));
}

/** What the archive's central directory lists. */
function entriesOf(bytes: Uint8Array, what: string): Entry[] {
  const view = viewOf(bytes);
  let end = bytes.length - 22;
  while (end >= 0 && end > bytes.length - 70_000 && !hasAscii(bytes, end, 'PK\x05\x06')) end--;
  if (!hasAscii(bytes, end, 'PK\x05\x06')) throw badDepth(what, 'the NumPy archive is cut off.', 'Copy or save it again.');
  const entries: Entry[] = [];
  for (
    let at = view.getUint32(end + 16, true);
    hasAscii(bytes, at, 'PK\x01\x02') && at + 46 <= bytes.length && entries.length < MAX_ENTRIES;
  ) {
    const nameLength = view.getUint16(at + 28, true);
    const start = view.getUint32(at + 42, true);
    const method = view.getUint16(at + 10, true);
    if (hasAscii(bytes, start, 'PK\x03\x04') && start + 30 <= bytes.length && (method === 0 || method === 8)) {
      const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
      const packed = bytes.subarray(from, from + view.getUint32(at + 20, true));
      entries.push({
        name: latin1(bytes, at + 46, at + 46 + nameLength),
        isDeflated: method === 8,
        packed,
        size: view.getUint32(at + 24, true),
      });
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}
