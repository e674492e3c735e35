import { UnflatError, type ModelInfo, type ModelRow, type ModelState, type Provider } from '../core/index.ts';
import { parseRow } from './parse-catalogue.ts';
import type { EmbeddedModels } from './embedded-models.ts';
import type { FetchHooks, ModelBytes, ModelGuess, ModelNote, ModelSource, OwnModelAnswers } from './model-source.ts';
import { readOwnFiles, type NamedBlob, type OwnFiles } from './own-files.ts';
import { refuseTakenModel } from './refuse-taken-model.ts';

/** A store of models, as `ModelStore` is one. */
export interface ModelKeeper {
  list(): Promise<
    {
      row: ModelRow;
      isOwn: boolean;
      state: Exclude<ModelState, 'absent'>;
      storedBytes: number;
      usedAt?: number;
      isPassing?: boolean;
      failedProviders: readonly Provider[];
    }[]
  >;
  fetch(row: ModelRow, hooks?: FetchHooks): Promise<void>;
  read(id: string): Promise<ModelBytes>;
  add(row: ModelRow, files: readonly { path: string; blob: Blob }[], isOwn: boolean): Promise<void>;
  remove(id: string): Promise<void>;
  note(id: string, note: ModelNote): Promise<void>;
}

export interface LocalModelsOptions {
  /** The catalogue. */
  rows: readonly ModelRow[];
  store: ModelKeeper;
  /** Rows of plugins; an id of the catalogue wins, and what is no row is left out. */
  extraRows?: readonly unknown[];
  /** The catalogue's models that lie beside the program. Default none. */
  embedded?: EmbeddedModels;
}

/** The catalogue's models and the person's own, kept in this browser. */
export class LocalModels implements ModelSource {
  readonly #catalogue: readonly ModelRow[];
  #rows: readonly ModelRow[] = [];
  readonly #store: ModelKeeper;
  readonly #embedded: EmbeddedModels | undefined;

  constructor({ rows, store, extraRows = [], embedded }: LocalModelsOptions) {
    this.#embedded = embedded;
    this.#catalogue = rows;
    this.#store = store;
    this.useRows(extraRows);
  }

  useRows(extraRows: readonly unknown[]): void {
    const extra = extraRows.flatMap((row) => valid(row) ?? []);
    const all = new Map([...extra, ...this.#catalogue].map((row) => [row.id, row]));
    // The catalogue's order is the order in which people see it.
    this.#rows = [...this.#catalogue, ...extra.filter((row) => all.get(row.id) === row)];
  }

  async keep(row: ModelRow, files: readonly { path: string; blob: Blob }[]): Promise<void> {
    const all = await this.#store.list();
    refuseTakenModel(
      row,
      all.find((model) => model.row.id === row.id),
      'on this device',
    );
    return this.#store.add(row, files, false);
  }

  async list(): Promise<ModelInfo[]> {
    const stored = await this.#store.list();
    const known = this.#rows.map((row): ModelInfo => {
      if (this.#embedded?.has(row.id)) return this.#embedded.info(row);
      const here = stored.find((model) => model.row.id === row.id && !model.isOwn);
      if (!here) return { row, state: 'absent', isOwn: false, storedBytes: 0 };
      const files = row.files.map((file) => {
        const learned = here.row.files.find(({ path }) => path === file.path);
        return file.sha256 === null && learned ? { ...file, sizeBytes: learned.sizeBytes, sha256: learned.sha256 } : file;
      });
      const isSame = row.files.every(({ path, sha256 }) =>
        here.row.files.some((file) => file.path === path && (sha256 === null || file.sha256 === sha256)),
      );
      const state = isSame ? here.state : 'partial';
      return {
        row: { ...row, files },
        state,
        isOwn: false,
        storedBytes: here.storedBytes,
        ...(here.usedAt !== undefined && { usedAt: here.usedAt }),
        ...(here.isPassing && { isPassing: true }),
      };
    });
    const own = stored.flatMap(({ row, isOwn, state, storedBytes, usedAt, isPassing }): ModelInfo[] => {
      const checked = isOwn ? valid(row) : undefined;
      return checked
        ? [{ row: checked, state, isOwn, storedBytes, ...(usedAt !== undefined && { usedAt }), ...(isPassing && { isPassing }) }]
        : [];
    });
    return [...known, ...own];
  }

  async #find(id: string): Promise<ModelInfo> {
    const models = await this.list();
    const found = models.find(({ row }) => row.id === id);
    if (found) return found;
    throw new UnflatError('no-model', `There is no model “${id}”; there is ${models.map(({ row }) => row.id).join(', ') || 'none'}.`);
  }

  /** Also fetches again what was found damaged: the person has asked for that model before. */
  async read(id: string, hooks?: FetchHooks): Promise<ModelBytes> {
    if (this.#embedded?.has(id)) return this.#embedded.read(id, hooks);
    const { row, state, isOwn } = await this.#find(id);
    if (state !== 'ready')
      throw new UnflatError(
        'no-model',
        `${row.label} is ${state === 'partial' ? 'only partly downloaded' : 'not on this device'}; download it first.`,
      );
    try {
      return { ...(await this.#store.read(id)), row };
    } catch (damage) {
      const canFetch = !isOwn && row.files.every(({ url, byHand }) => url !== undefined && !byHand);
      if (!(damage instanceof UnflatError && damage.code === 'no-model' && canFetch)) throw damage;
      await this.#store.fetch(row, hooks).catch((error: unknown) => {
        hooks?.signal?.throwIfAborted();
        throw new UnflatError(
          'no-model',
          `${row.label} is damaged on this device and could not be downloaded again: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      });
      return { ...(await this.#store.read(id)), row };
    }
  }

  async fetch(id: string, hooks?: FetchHooks): Promise<void> {
    const { row, state, isOwn } = await this.#find(id);
    if (state === 'ready') return;
    if (isOwn) throw new UnflatError('no-model', `${row.label} is a model file of your own; add it again.`);
    await this.#store.fetch(this.#rows.find((each) => each.id === id) ?? row, hooks);
  }

  async describe(files: readonly File[]): Promise<ModelGuess> {
    const { row, unsure } = await this.#read(files);
    return { row, unsure };
  }

  async add(files: readonly File[], answers?: OwnModelAnswers): Promise<ModelInfo> {
    const own = await this.#read(files, answers);
    if (this.#embedded?.has(own.row.id)) return this.#embedded.info(own.row);
    await this.#store.add(own.row, own.files, !own.isKnown);
    return this.#find(own.row.id);
  }

  async #read(files: readonly File[], answers?: OwnModelAnswers): Promise<OwnFiles> {
    const named = files.map((file): NamedBlob => ({ name: file.name, blob: file }));
    const own = await readOwnFiles(named, this.#rows, answers);
    return own.isKnown ? own : { ...own, row: { ...own.row, id: freeId(own.row, await this.list()) } };
  }

  remove(id: string): Promise<void> {
    if (this.#embedded?.has(id)) return this.#embedded.remove(id);
    return this.#store.remove(id);
  }

  note(id: string, note: ModelNote): Promise<void> {
    if (this.#embedded?.has(id)) return this.#embedded.note(id, note);
    return this.#store.note(id, note);
  }
}

/** The row's id, or one with a number: another model must not be lost to one of the same name; the same file takes its place. */
export function freeId({ id, files }: ModelRow, models: readonly ModelInfo[]): string {
  const sizes = (row: { files: ModelRow['files'] }): string => row.files.map(({ path, sizeBytes }) => `${path} ${sizeBytes}`).join();
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? id : `${id}-${i}`;
    const taken = models.find(({ row }) => row.id === candidate);
    if (!taken || (taken.isOwn && sizes(taken.row) === sizes({ files }))) return candidate;
  }
}

function valid(row: unknown): ModelRow | undefined {
  try {
    return parseRow(row);
  } catch {
    return undefined; // what cannot be read cannot be offered
  }
}
