import { UnflatError, hexOf, throwIfAborted, type ModelFile } from '../core/index.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { brokenOff, changed, notAModel, refused, tooLong, unreachable, type Fetched } from './download-errors.ts';

/** Where a download's bytes go, and where those of an earlier try lie. */
export interface DownloadSink {
  /** What tells one version of the file from another, as the server gave it with the first bytes; undefined = unknown. */
  readonly validator: string | undefined;
  /** The whole bytes of earlier tries, in order; what is damaged, and all behind it, is dropped. */
  kept(): AsyncIterable<Uint8Array>;
  /** @throws UnflatError `storage-full` or `io`. */
  append(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Drops everything, and remembers the validator of what comes now. */
  restart(validator: string | undefined): Promise<void>;
}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Gets the bytes that are here, and the whole length where it is known. */
  onProgress?(receivedBytes: number, totalBytes: number | null): void;
  /** The model's name in messages. */
  label: string;
  /** The hash that this machine learned when it first fetched the file; holds where the row has none. */
  learned?: string;
  /** The file belongs to a plugin, so that nobody can add it by hand; messages say so. Default false. */
  isOfPlugin?: boolean;
  /** Bytes between writes. Default 4 MiB. */
  chunkBytes?: number;
  /** How often a broken connection is taken up again before giving up; tries without a new byte count. Default 3. */
  retries?: number;
  /** Pause before the first retry; doubles each time. Default 1000. */
  retryMs?: number;
  /** A connection that is silent for so long is broken. Default 30000. */
  stallMs?: number;
}

/** A file that is here whole. */
export interface Downloaded {
  sizeBytes: number;
  sha256: string;
}

/**
 * Fetches a file, or the rest of it: streamed, hashed while it arrives, taken up again after a break by a range request.
 * Only `Range` is sent, which needs no leave of a server that answers other sites; whether the file is still the same is
 * read from what comes back, and in the end from the hash.
 * @throws UnflatError `download-failed`, with what to do next; `signal.reason` when stopped. What has arrived is kept, unless it is wrong.
 */
export async function download(file: ModelFile, sink: DownloadSink, options: DownloadOptions): Promise<Downloaded> {
  const { retries = 3, retryMs = 1000 } = options;
  const run = new Run(file, sink, options);
  await run.takeUp();
  for (let failed = 0; ;) {
    const before = run.received;
    try {
      await run.fetchRest();
      return await run.finish();
    } catch (error) {
      throwIfAborted(options.signal);
      if (!(error instanceof Broken)) throw error;
      failed = run.received > before ? 0 : failed + 1;
      if (!run.wasAnswered || failed > retries) throw await run.explain(error.cause);
      await pause(retryMs * 2 ** failed, options.signal);
    }
  }
}

/** How often progress is told between writes, in ms. */
const TELL_MS = 200;

/** The connection, not what came through it, is at fault. */
class Broken extends Error {}

class Run {
  received = 0;
  wasAnswered = false;
  readonly #file: ModelFile;
  readonly #sink: DownloadSink;
  readonly #options: DownloadOptions;
  #hash: { update(bytes: Uint8Array): unknown; digest(): Uint8Array } | undefined;
  #total: number | null;
  #toldAt = 0;

  constructor(file: ModelFile, sink: DownloadSink, options: DownloadOptions) {
    this.#file = file;
    this.#sink = sink;
    this.#options = options;
    this.#total = file.sizeBytes;
  }

  get #about(): Fetched {
    const { label, isOfPlugin = false } = this.#options;
    return { label, isOfPlugin, url: this.#file.url ?? '', received: this.received, total: this.#total };
  }

  /** @param bytes how many are here, those that are not written yet among them. */
  #tell(bytes = this.received): void {
    this.#toldAt = performance.now();
    // The length of a compressed answer says nothing of the file's.
    const total = this.#total !== null && bytes > this.#total ? null : this.#total;
    this.#options.onProgress?.(bytes, total);
  }

  /** Hashes what is here already: the hash is of the whole file, so damage between two visits is found too. */
  async takeUp(): Promise<void> {
    await this.#freshHash();
    for await (const bytes of this.#sink.kept()) {
      throwIfAborted(this.#options.signal);
      this.#hash?.update(bytes);
      this.received += bytes.length;
    }
    this.#tell();
  }

  async #freshHash(): Promise<void> {
    const { sha256 } = await import('@noble/hashes/sha2.js');
    this.#hash = sha256.create();
  }

  async #restart(validator: string | undefined): Promise<void> {
    await this.#sink.restart(validator);
    await this.#freshHash();
    this.received = 0;
  }

  async fetchRest(): Promise<void> {
    if (this.#total !== null && this.received >= this.#total) {
      if (this.received === this.#total) return;
      await this.#restart(undefined);
    }
    const known = this.#file.sha256 ?? this.#options.learned ?? this.#sink.validator;
    // Without a hash or a validator nothing says that the rest would be the rest of the same file.
    if (this.received > 0 && known === undefined) await this.#restart(undefined);
    const response = await this.#ask();
    const { headers } = response;
    if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) throw await this.#discard(response, notAModel(this.#about));
    const validator = headers.get('etag') ?? headers.get('last-modified') ?? undefined;
    const length = Number(headers.get('content-length') ?? NaN);
    if (response.status === 206) {
      const other = this.#sink.validator !== undefined && validator !== undefined && validator !== this.#sink.validator;
      const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
      if (other || (start !== undefined && Number(start) !== this.received)) {
        // Nobody asked for a part of it.
        if (this.received === 0) throw await this.#discard(response, refused(this.#about, response.status));
        await this.#discard(response);
        await this.#restart(undefined);
        return this.fetchRest();
      }
    } else {
      await this.#restart(validator);
    }
    const total = this.received + length;
    // A compressed answer is shorter than the file, never longer.
    if (this.#file.sizeBytes !== null && total > this.#file.sizeBytes * 1.01 + 1000)
      throw await this.#discard(response, tooLong(this.#about, total));
    if (this.#file.sizeBytes === null) this.#total = Number.isFinite(total) && !headers.get('content-encoding') ? total : null;
    await this.#stream(response);
  }

  async #ask(): Promise<Response> {
    const { signal } = this.#options;
    const init: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', ...(signal && { signal }) };
    const url = this.#file.url ?? '';
    const range = { headers: { Range: `bytes=${this.received}-` } };
    const asked = this.received === 0 ? fetch(url, init) : fetch(url, { ...init, ...range }).catch(() => fetch(url, init));
    const response = await this.#withinStall(asked).catch((error: unknown) => {
      // An answer after all comes too late.
      void asked.then(
        (late) => this.#discard(late),
        () => {},
      );
      throw error;
    });
    this.wasAnswered = true;
    if (response.status === 416 && this.received > 0) {
      await this.#discard(response);
      await this.#restart(undefined);
      return this.#ask();
    }
    const retry = response.status >= 500 || response.status === 429 || response.status === 408;
    if (retry) {
      await this.#discard(response);
      throw new Broken('', { cause: refused(this.#about, response.status) });
    }
    if (response.status !== 200 && response.status !== 206) throw await this.#discard(response, refused(this.#about, response.status));
    return response;
  }

  /** Lets go of an answer. @returns `error`, to be thrown. */
  async #discard<E>(response: Response, error: E): Promise<E>;
  async #discard(response: Response): Promise<void>;
  async #discard<E>(response: Response, error?: E): Promise<E | undefined> {
    await response.body?.cancel().catch(() => {});
    return error;
  }

  async #stream(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    if (!reader) return;
    const buffer = new ChunkBuffer(this.#options.chunkBytes ?? 4 * 2 ** 20);
    const first = this.received === 0;
    let asked = this.received;
    try {
      for (;;) {
        const { done, value } = await this.#withinStall(reader.read());
        if (done) break;
        if (first && asked === 0 && looksLikeText(value)) throw notAModel(this.#about);
        asked += value.length;
        if (this.#file.sizeBytes !== null && asked > this.#file.sizeBytes) throw tooLong(this.#about, asked);
        for (const chunk of buffer.add(value)) await this.#keep(chunk);
        if (performance.now() - this.#toldAt > TELL_MS) this.#tell(asked);
      }
      await this.#keep(buffer.rest());
    } catch (error) {
      await reader.cancel().catch(() => {});
      const isWrong = error instanceof UnflatError && error.code === 'download-failed';
      if (isWrong) await this.#sink.restart(undefined);
      // What is here is here: the next try goes on behind it.
      else if (error instanceof Broken) await this.#keep(buffer.rest());
      throw error;
    }
    if (this.#total !== null && this.received < this.#total) throw new Broken('');
  }

  async #keep(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    if (chunk.length === 0) return;
    await this.#sink.append(chunk);
    this.#hash?.update(chunk);
    this.received += chunk.length;
    this.#tell();
  }

  /** @throws Broken where the connection fails or is silent for too long. */
  async #withinStall<T>(read: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Broken('')), this.#options.stallMs ?? 30_000);
    });
    try {
      return await Promise.race([read.catch((cause: unknown) => Promise.reject(new Broken('', { cause }))), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The moment of truth. */
  async finish(): Promise<Downloaded> {
    const sha256 = hexOf(this.#hash?.digest() ?? new Uint8Array());
    const wanted = this.#file.sha256 ?? this.#options.learned;
    if (wanted !== undefined && wanted !== sha256) {
      await this.#sink.restart(undefined);
      throw changed(this.#about, sha256, wanted, this.#file.sha256 === null);
    }
    return { sizeBytes: this.received, sha256 };
  }

  async explain(cause: unknown): Promise<Error> {
    if (cause instanceof Error && cause.name === 'UnflatError') return cause;
    return this.wasAnswered ? brokenOff(this.#about, cause) : unreachable(this.#about, cause);
  }
}

/** A page, an error in words or a pointer to the file instead of the file; a model starts with a low byte. */
function looksLikeText(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart();
  return /^(<!doctype|<html|<\?xml|\{"|version https:\/\/git-lfs)/i.test(start);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resume, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resume();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
