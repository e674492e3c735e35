/** Bytes kept in the page's own memory at most; browsers move Blobs to the disk when they grow. */
const KEPT_BYTES = 1 << 25;

/** A file that grows part by part without all of it lying in memory. */
export class GrowingBlob {
  #parts: BlobPart[] = [];
  #bytes = 0;

  add(part: ArrayBuffer | Uint8Array<ArrayBuffer> | string): void {
    this.#parts.push(part);
    this.#bytes += typeof part === 'string' ? part.length : part.byteLength;
    if (this.#bytes < KEPT_BYTES) return;
    this.#parts = [new Blob(this.#parts)];
    this.#bytes = 0;
  }

  finish(type: string): Blob {
    return new Blob(this.#parts, { type });
  }
}
