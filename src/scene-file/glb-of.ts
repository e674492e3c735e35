/** A binary glTF file, put together part by part. Format: glTF 2.0, Khronos Group. */

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

/** What accessors and buffer views say. */
interface View {
  buffer: 0;
  byteOffset: number;
  byteLength: number;
  target?: 34962 | 34963;
}

/** Collects the binary part; views begin at multiples of four. */
export class BinaryPart {
  readonly views: View[] = [];
  readonly parts: Uint8Array<ArrayBuffer>[] = [];
  length = 0;

  /** @returns the number of the new buffer view. */
  add(bytes: Uint8Array<ArrayBuffer>, target?: View['target']): number {
    this.views.push({ buffer: 0, byteOffset: this.length, byteLength: bytes.length, ...(target && { target }) });
    this.parts.push(bytes);
    this.length += bytes.length;
    const missing = -this.length & 3;
    if (missing > 0) this.parts.push(new Uint8Array(missing));
    this.length += missing;
    return this.views.length - 1;
  }
}

/** The file: `json` without buffers and views, which are those of `binary`. */
export function glbOf(json: object, binary: BinaryPart): Blob {
  const text = new TextEncoder().encode(
    JSON.stringify({ ...json, ...(binary.length > 0 && { buffers: [{ byteLength: binary.length }], bufferViews: binary.views }) }),
  );
  const padded = new Uint8Array((text.length + 3) & ~3).fill(32);
  padded.set(text);
  const hasBinary = binary.length > 0;
  const length = 12 + 8 + padded.length + (hasBinary ? 8 + binary.length : 0);
  const parts: BlobPart[] = [words(MAGIC, 2, length), words(padded.length, JSON_CHUNK), padded];
  if (hasBinary) parts.push(words(binary.length, BIN_CHUNK), ...binary.parts);
  return new Blob(parts, { type: 'model/gltf-binary' });
}

function words(...values: number[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return view.buffer;
}
