import { UnflatError } from '../core/index.ts';
import { checksum, type DownloadSink } from '../download/index.ts';
import { chunkKey, chunkKeys, keptBytes, modelKey, type FileRecord, type ModelRecord } from './model-record.ts';
import type { Records } from './records.ts';

/** Chunks read at a time: enough to keep the database busy, few enough to fit beside the file. */
const AT_ONCE = 2;

/** A model's file in the store: written chunk by chunk, each in one transaction with the record, read back with each chunk checked. */
export class KeptFile implements DownloadSink {
  readonly #records: Records;
  readonly #model: ModelRecord;
  readonly #file: FileRecord;
  readonly #write: (entries: [string, unknown][]) => Promise<void>;

  /** @param write writes records, making room where that is possible; by default just writes. */
  constructor(records: Records, model: ModelRecord, file: FileRecord, write?: (entries: [string, unknown][]) => Promise<void>) {
    this.#records = records;
    this.#model = model;
    this.#file = file;
    this.#write = write ?? ((entries) => records.setMany(entries));
  }

  get #id(): string {
    return this.#model.row.id;
  }

  get validator(): string | undefined {
    return this.#file.validator;
  }

  /** @returns undefined for a chunk that is lost or not as it was written. */
  async #chunk(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const note = this.#file.chunks[index];
    const [blob] = (await this.#records.getMany([chunkKey(this.#id, this.#file.path, index)])) as [Blob | undefined];
    // A Blob whose file was lost behind the database's back rejects when read.
    const bytes = await blob?.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      () => undefined,
    );
    return bytes && note && bytes.length === note.sizeBytes && checksum(bytes) === note.checksum ? bytes : undefined;
  }

  async *kept(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < this.#file.chunks.length; i++) {
      const bytes = await this.#chunk(i);
      if (!bytes) return this.#cut(i);
      yield bytes;
    }
  }

  async append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { chunks, path } = this.#file;
    chunks.push({ sizeBytes: bytes.length, checksum: checksum(bytes) });
    try {
      await this.#write([
        [chunkKey(this.#id, path, chunks.length - 1), new Blob([bytes])],
        [modelKey(this.#id), this.#model],
      ]);
    } catch (error) {
      chunks.pop();
      throw error;
    }
  }

  async restart(validator: string | undefined): Promise<void> {
    await this.#cut(0);
    if (validator === undefined) delete this.#file.validator;
    else this.#file.validator = validator;
  }

  /** Drops the chunks from that one on. */
  async #cut(from: number): Promise<void> {
    const gone = chunkKeys(this.#id, this.#file).slice(from);
    this.#file.chunks.length = from;
    delete this.#file.sha256;
    if (gone.length === 0) return;
    // The record first: chunks that nobody names do less harm than names without chunks.
    await this.#records.setMany([[modelKey(this.#id), this.#model]]);
    await this.#records.delMany(gone);
  }

  /**
   * The whole file in one piece. @returns undefined where it was damaged; what is behind the damage is dropped then.
   * @throws UnflatError `out-of-memory`.
   */
  async read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = this.#room();
    const { chunks } = this.#file;
    let at = 0;
    for (let from = 0; from < chunks.length; from += AT_ONCE) {
      const indices = chunks.slice(from, from + AT_ONCE).map((_, i) => from + i);
      const read = await Promise.all(indices.map((i) => this.#chunk(i)));
      for (const [i, chunk] of read.entries()) {
        if (!chunk) {
          await this.#cut(from + i);
          return undefined;
        }
        bytes.set(chunk, at);
        at += chunk.length;
      }
    }
    return bytes;
  }

  #room(): Uint8Array<ArrayBuffer> {
    const size = keptBytes(this.#file);
    try {
      return new Uint8Array(size);
    } catch (cause) {
      const { label } = this.#model.row;
      throw new UnflatError(
        'out-of-memory',
        `${label} needs ${Math.ceil(size / 1e6)} MB of memory in one piece, more than this browser has. Close other tabs, or choose a smaller model.`,
        { cause },
      );
    }
  }
}
