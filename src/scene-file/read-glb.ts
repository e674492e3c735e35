import { Damage } from './damage.ts';

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
/** No 3D photo says so much about itself; parsing more would hold up a page. */
const MOST_JSON_BYTES = 2 ** 24;

/** The two parts of a binary glTF file. */
export interface Glb {
  json: Record<string, unknown>;
  binary: Uint8Array<ArrayBuffer>;
}

/** Whether a file begins as binary glTF does. @param bytes its first four or more. */
export function isGlb(bytes: Uint8Array): boolean {
  return bytes[0] === 0x67 && bytes[1] === 0x6c && bytes[2] === 0x54 && bytes[3] === 0x46;
}

/** Takes a file apart. @throws Damage. */
export function readGlb(bytes: Uint8Array<ArrayBuffer>): Glb {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 0) throw new Damage('it is empty (0 bytes)');
  if (bytes.length < 20 || view.getUint32(0, true) !== MAGIC) throw new Damage('it is no GLB file');
  if (view.getUint32(4, true) !== 2) throw new Damage(`it is glTF version ${view.getUint32(4, true)}, not 2`);
  const length = view.getUint32(8, true);
  if (length > bytes.length) throw new Damage(`it ends after ${bytes.length} of ${length} bytes`);
  let json: Uint8Array | undefined;
  let binary = new Uint8Array(0);
  for (let at = 12; at + 8 <= length;) {
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const end = at + 8 + size;
    if (end > length) throw new Damage('a part of it is longer than the file');
    if (type === JSON_CHUNK) json ??= bytes.subarray(at + 8, end);
    else if (type === BIN_CHUNK && binary.length === 0) binary = bytes.subarray(at + 8, end);
    at = end;
  }
  if (!json || json.length > MOST_JSON_BYTES) throw new Damage('its description is missing or too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw new Damage('its description is no JSON');
  }
  if (!isObject(parsed)) throw new Damage('its description is no JSON object');
  return { json: parsed, binary };
}

/** Bytes of a buffer view that lies in the file itself. @throws Damage. */
export function viewBytes({ json, binary }: Glb, index: unknown, what: string): Uint8Array<ArrayBuffer> {
  const views = json['bufferViews'];
  const view: unknown = Array.isArray(views) && Number.isInteger(index) ? views[index as number] : undefined;
  if (!isObject(view) || view['buffer'] !== 0) throw new Damage(`${what} is not in the file`);
  const offset = view['byteOffset'] ?? 0;
  const length = view['byteLength'];
  const fits = isCount(offset) && isCount(length) && offset + length <= binary.length;
  if (!fits) throw new Damage(`${what} lies outside of the file`);
  return binary.subarray(offset, offset + length);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
