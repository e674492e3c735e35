import type { RowWriter } from './write-ply.ts';

/** Rows as little-endian records: 15 bytes a vertex (16 with alpha), 13 bytes a triangle. */
export class BinaryRows implements RowWriter {
  readonly #alpha: boolean;

  constructor(alpha: boolean) {
    this.#alpha = alpha;
  }

  vertices(count: number, positions: Float32Array, colours: Uint8ClampedArray): ArrayBuffer {
    const record = this.#alpha ? 16 : 15;
    const buffer = new ArrayBuffer(count * record);
    const view = new DataView(buffer);
    let at = 0;
    for (let i = 0; i < count; i++) {
      view.setFloat32(at, positions[3 * i]!, true);
      view.setFloat32(at + 4, positions[3 * i + 1]!, true);
      view.setFloat32(at + 8, positions[3 * i + 2]!, true);
      view.setUint8(at + 12, colours[4 * i]!);
      view.setUint8(at + 13, colours[4 * i + 1]!);
      view.setUint8(at + 14, colours[4 * i + 2]!);
      if (this.#alpha) view.setUint8(at + 15, colours[4 * i + 3]!);
      at += record;
    }
    return buffer;
  }

  triangles(count: number, indices: Uint32Array): ArrayBuffer {
    const buffer = new ArrayBuffer(count * 13);
    const view = new DataView(buffer);
    let at = 0;
    for (let i = 0; i < 3 * count; i += 3) {
      view.setUint8(at, 3);
      view.setInt32(at + 1, indices[i]!, true);
      view.setInt32(at + 5, indices[i + 1]!, true);
      view.setInt32(at + 9, indices[i + 2]!, true);
      at += 13;
    }
    return buffer;
  }
}
