import { UnflatError, sha256, throwIfAborted, type ModelFile, type ModelInfo, type ModelRow } from '../core/index.ts';
import type { FetchHooks, ModelBytes, ModelGuess, ModelNote, ModelSource } from './model-source.ts';

export interface EmbeddedModelsOptions {
  /** The catalogue; its rows that are `embedded` count. */
  rows: readonly ModelRow[];
  /** Address of the folder in which their files lie, with a slash at its end. */
  folder: URL | string;
  /** What people can do when a file cannot be read, as a sentence. Default: reload the page. */
  advice?: string;
}

/** Models that come with Unflat. Their files are read from beside the program: nothing is stored, fetched or removed. */
export class EmbeddedModels implements ModelSource {
  readonly #rows: readonly ModelRow[];
  readonly #folder: URL | string;
  readonly #advice: string;
  readonly #notes = new Map<string, ModelNote>();

  constructor({ rows, folder, advice = 'Reload the page while it is online.' }: EmbeddedModelsOptions) {
    this.#rows = rows.filter(({ embedded }) => embedded);
    this.#folder = folder;
    this.#advice = advice;
  }

  has(id: string): boolean {
    return this.#rows.some((row) => row.id === id);
  }

  /** How such a model stands: ready, and taking no room of its own. */
  info(row: ModelRow): ModelInfo {
    const { usedAt } = this.#notes.get(row.id) ?? {};
    return { row, state: 'ready', isOwn: false, storedBytes: 0, ...(usedAt !== undefined && { usedAt }) };
  }

  list(): Promise<ModelInfo[]> {
    return Promise.resolve(this.#rows.map((row) => this.info(row)));
  }

  async read(id: string, { signal }: FetchHooks = {}): Promise<ModelBytes> {
    const row = this.#row(id);
    const files = await Promise.all(row.files.map(async (file) => ({ path: file.path, bytes: await this.#file(row, file, signal) })));
    return { row, files, failedProviders: this.#notes.get(id)?.failedProviders ?? [] };
  }

  async #file(row: ModelRow, file: ModelFile, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(file.path, this.#folder).href;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      const response = await fetch(url, signal ? { signal } : {});
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throwIfAborted(signal);
      throw this.#unreadable(row, url, cause instanceof Error ? cause.message : String(cause), cause);
    }
    const isRight = bytes.length === file.sizeBytes && (await sha256(bytes)) === file.sha256;
    if (!isRight) throw this.#unreadable(row, url, `what lies there is another file, of ${bytes.length} bytes`);
    return bytes;
  }

  #unreadable({ label }: ModelRow, url: string, reason: string, cause?: unknown): UnflatError {
    return new UnflatError('no-model', `“${label}” could not be read from ${url} (${reason}). ${this.#advice}`, { cause });
  }

  #row(id: string): ModelRow {
    const row = this.#rows.find((each) => each.id === id);
    if (!row)
      throw new UnflatError(
        'no-model',
        `There is no built-in model “${id}”; there is ${this.#rows.map((each) => each.id).join(', ') || 'none'}.`,
      );
    return row;
  }

  /** It is here already. */
  async fetch(id: string): Promise<void> {
    this.#row(id);
  }

  add(): Promise<ModelInfo> {
    return Promise.reject(new UnflatError('unsupported', 'Models cannot be added here; add them in the Unflat app.'));
  }

  describe(): Promise<ModelGuess> {
    return Promise.reject(new UnflatError('unsupported', 'Models cannot be added here; add them in the Unflat app.'));
  }

  async remove(id: string): Promise<void> {
    throw new UnflatError('unsupported', `“${this.#row(id).label}” is a part of Unflat and cannot be removed.`);
  }

  /** Lasts as long as the page. */
  note(id: string, note: ModelNote): Promise<void> {
    this.#notes.set(id, { ...this.#notes.get(id), ...note });
    return Promise.resolve();
  }
}
