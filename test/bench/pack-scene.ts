import type { Scene } from '../../src/core/index.ts';

const KINDS = { Uint8ClampedArray, Uint8Array, Uint32Array, Float32Array } as const;
type Kind = keyof typeof KINDS;

interface Packed {
  kind: Kind;
  from: number;
  length: number;
}

/** A scene as one run of bytes, for a page to fetch: the length of a JSON text, the text, and the arrays that it names. */
export function packScene(scene: Scene): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const text = JSON.stringify(scene, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const kind = value.constructor.name as Kind;
    const packed: Packed = { kind, from: size, length: value.byteLength / KINDS[kind].BYTES_PER_ELEMENT };
    parts.push(bytes);
    size += Math.ceil(bytes.length / 4) * 4;
    return packed;
  });
  const head = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const out = new Uint8Array(4 + head.length + size);
  new DataView(out.buffer).setUint32(0, head.length);
  out.set(head, 4);
  let at = 4 + head.length;
  for (const part of parts) {
    out.set(part, at);
    at += Math.ceil(part.length / 4) * 4;
  }
  return out;
}

/** What `packScene` packed. */
export function unpackScene(bytes: ArrayBuffer): Scene {
  const length = new DataView(bytes).getUint32(0);
  const text = new TextDecoder().decode(new Uint8Array(bytes, 4, length));
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('kind' in value && 'from' in value)) return value;
    const { kind, from, length: count } = value as Packed;
    return new KINDS[kind](bytes, 4 + length + from, count);
  }) as Scene;
}
