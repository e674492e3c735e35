import { UnflatError, sha256, throwIfAborted, type ModelInfo } from '../core/index.ts';
import type { FetchHooks, ModelBytes, ModelGuess, ModelNote, ModelSource } from './model-source.ts';

/**
 * A folder of models that the command line hands out to its page: `list.json` holds `ModelInfo[]`, `file/<id>/<n>` the n-th file
 * of a model. The command line itself fetches, adds and removes.
 */
export class FolderModels implements ModelSource {
  readonly #address: string;
  readonly #notes = new Map<string, ModelNote>();

  /** @param address the folder's address, with a slash at its end. */
  constructor(address: string) {
    this.#address = address;
  }

  async list(): Promise<ModelInfo[]> {
    return (await this.#get('list.json')).json() as Promise<ModelInfo[]>;
  }

  async read(id: string, { signal }: FetchHooks = {}): Promise<ModelBytes> {
    const models = await this.list();
    const model = models.find(({ row }) => row.id === id);
    if (!model)
      throw new UnflatError('no-model', `There is no model “${id}”; there is ${models.map(({ row }) => row.id).join(', ') || 'none'}.`);
    const { row, state, isOwn } = model;
    if (state !== 'ready') throw new UnflatError('no-model', `${row.label} is not in the models folder; ${fetchWords(id)}.`);
    const files: ModelBytes['files'] = [];
    for (const [i, file] of row.files.entries()) {
      const bytes = new Uint8Array(await (await this.#get(`file/${id}/${i}`, signal)).arrayBuffer());
      const isRight =
        (file.sizeBytes === null || file.sizeBytes === bytes.length) && (file.sha256 === null || (await sha256(bytes)) === file.sha256);
      if (!isRight) {
        const again = isOwn ? 'add it again' : `unflat models remove ${id}, then ${fetchWords(id)}`;
        throw new UnflatError('no-model', `${row.label}: ${file.path} in the models folder is damaged and is not used; ${again}.`);
      }
      files.push({ path: file.path, bytes });
    }
    return { row, files, failedProviders: this.#notes.get(id)?.failedProviders ?? [] };
  }

  async #get(path: string, signal?: AbortSignal): Promise<Response> {
    try {
      const response = await fetch(this.#address + path, signal ? { signal } : {});
      if (response.ok) return response;
      throw new Error(await response.text());
    } catch (cause) {
      throwIfAborted(signal);
      throw new UnflatError(
        'io',
        `The models folder could not be read (${cause instanceof Error ? cause.message : String(cause)}). Check that it is still there, or name another one with --models.`,
        { cause },
      );
    }
  }

  fetch(id: string): Promise<void> {
    return Promise.reject(new UnflatError('unsupported', `The command line downloads models: ${fetchWords(id)}.`));
  }

  add(): Promise<ModelInfo> {
    return Promise.reject(new UnflatError('unsupported', 'The command line adds models: unflat models add <file>.'));
  }

  describe(): Promise<ModelGuess> {
    return Promise.reject(new UnflatError('unsupported', 'The command line adds models: unflat models add <file>.'));
  }

  remove(id: string): Promise<void> {
    return Promise.reject(new UnflatError('unsupported', `The command line removes models: unflat models remove ${id}.`));
  }

  /** Lasts as long as the page. */
  note(id: string, note: ModelNote): Promise<void> {
    this.#notes.set(id, { ...this.#notes.get(id), ...note });
    return Promise.resolve();
  }
}

const fetchWords = (id: string): string => `unflat models fetch ${id} downloads it`;
