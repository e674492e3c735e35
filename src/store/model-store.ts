import { UnflatError, hexOf, type DownloadProgress, type ModelFile, type ModelRow, type ModelState, type Provider } from '../core/index.ts';
import { DownloadRate, byHand, download, type DownloadOptions } from '../download/index.ts';
import { KeptFile } from './kept-file.ts';
import {
  MODEL_VERSION,
  chunkKeys,
  isWhole,
  keptBytes,
  learned,
  modelKey,
  orphans,
  readAllRecords,
  readRecord,
  trustKey,
  useKey,
  type FileRecord,
  type ModelRecord,
  type UseRecord,
} from './model-record.ts';
import { openRecords, type Records } from './records.ts';
import { isFull, makeRoom, storageFull, type Releasable } from './make-room.ts';
import { withLock } from './with-lock.ts';

export interface ModelStoreOptions {
  /** Name of the database. Default 'unflat-models'. */
  name?: string;
  /** What goes before a model has to be refused: kept results. */
  results?: Releasable;
  /** Told once, for people, where models last for this visit only. */
  onWarning?: (message: string) => void;
  /** How downloads behave; see there. */
  download?: Pick<DownloadOptions, 'chunkBytes' | 'retries' | 'retryMs' | 'stallMs' | 'isOfPlugin'>;
}

/** A model that is here, whole or in part. */
export interface StoredModel {
  /** With the lengths and hashes that were learned when it arrived. */
  row: ModelRow;
  isOwn: boolean;
  state: Exclude<ModelState, 'absent'>;
  storedBytes: number;
  /** Milliseconds since 1970; absent if never used. */
  usedAt?: number;
  /** It is in memory, and goes with this window. */
  isPassing: boolean;
  failedProviders: readonly Provider[];
}

/** What listens to a download. */
export interface ModelHooks {
  signal?: AbortSignal;
  onProgress?(progress: DownloadProgress): void;
}

/** How often a window looks how far another one's download is, in ms. */
const LOOK_MS = 500;

/**
 * Models on this machine: fetched once, in chunks that survive a break, a closed window and a crash; checked when they arrive
 * and again when they are read. Windows take turns. Without a database models are kept in memory for this visit.
 */
export class ModelStore {
  readonly #options: ModelStoreOptions;
  readonly #name: string;
  #opened: Promise<Records> | undefined;

  constructor(options: ModelStoreOptions = {}) {
    this.#options = options;
    this.#name = options.name ?? 'unflat-models';
  }

  #records(): Promise<Records> {
    return (this.#opened ??= openRecords(this.#name)
      .then(async (records) => {
        if (!records.lasting)
          this.#options.onWarning?.(
            'This window stores nothing: models are kept for this visit only and must be downloaded again next time.',
          );
        await records.delMany(await orphans(records));
        return records;
      })
      .catch((error: unknown) => {
        // It may do better the next time.
        this.#opened = undefined;
        throw error;
      }));
  }

  /** Everything that is here, the last used first. */
  async list(): Promise<StoredModel[]> {
    const records = await this.#records();
    const found = await readAllRecords(records);
    const uses = (await records.getMany(found.map(({ row }) => useKey(row.id)))) as (UseRecord | undefined)[];
    const models = found.map((record, i): StoredModel => {
      const { usedAt, failedProviders = [] } = uses[i] ?? {};
      const storedBytes = record.files.reduce((sum, file) => sum + keptBytes(file), 0);
      const state = isWhole(record.row, record) ? 'ready' : 'partial';
      return {
        row: learned(record.row, record),
        isOwn: record.isOwn,
        state,
        storedBytes,
        ...(usedAt !== undefined && { usedAt }),
        isPassing: !records.lasting,
        failedProviders,
      };
    });
    return models.filter(({ storedBytes }) => storedBytes > 0).sort((a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0));
  }

  /**
   * Fetches what is missing of a model, after whoever is at it in another window.
   * @throws UnflatError `download-failed`, `storage-full`, `no-model`; `signal.reason` when stopped. What has arrived is kept.
   */
  async fetch(row: ModelRow, hooks: ModelHooks = {}): Promise<void> {
    const records = await this.#records();
    let look: ReturnType<typeof setInterval> | undefined;
    const onWait = (): void => {
      const pace = new DownloadRate();
      const tell = (): void =>
        void readRecord(records, row.id).then(
          (record) => hooks.onProgress?.({ ...pace.progress(...progressOf(row, record)), elsewhere: true }),
          () => {},
        );
      tell();
      look = setInterval(tell, LOOK_MS);
    };
    try {
      await this.#inTurn(
        row.id,
        () => {
          clearInterval(look);
          return this.#fetch(records, row, hooks);
        },
        { ...(hooks.signal && { signal: hooks.signal }), onWait },
      );
    } finally {
      clearInterval(look);
    }
  }

  async #fetch(records: Records, row: ModelRow, { signal, onProgress }: ModelHooks): Promise<void> {
    const record = await this.#recordFor(records, row);
    const missing = row.files.filter((file) => fileOf(record, file).sha256 === undefined);
    for (const file of missing) {
      if (file.url === undefined)
        throw new UnflatError('no-model', `${row.label} is damaged on this device. Add its file ${file.path} again.`);
      if (file.byHand && isWebPage()) throw byHand({ label: row.label, url: file.url });
    }
    await makeRoom(
      row.label,
      missing.reduce((sum, file) => sum + Math.max(0, (lengthOf(file) ?? 0) - keptBytes(fileOf(record, file))), 0),
      this.#options.results,
    );
    const pace = new DownloadRate();
    const totals = new Map(row.files.map((file) => [file.path, lengthOf(file)]));
    for (const file of missing) {
      const here = fileOf(record, file);
      const others = (): number => record.files.reduce((sum, each) => sum + (each === here ? 0 : keptBytes(each)), 0);
      const [trusted] = (await records.getMany([trustKey(file.url ?? '')])) as [string | undefined];
      const sink = new KeptFile(records, record, here, (entries) => this.#write(records, row, entries));
      const { sha256 } = await download(file, sink, {
        ...this.#options.download,
        label: row.label,
        ...(signal && { signal }),
        ...(trusted !== undefined && { learned: trusted }),
        onProgress: (received, total) => {
          totals.set(file.path, total ?? totals.get(file.path) ?? null);
          onProgress?.(pace.progress(others() + received, sum([...totals.values()])));
        },
      });
      here.sha256 = sha256;
      await this.#write(records, row, [
        [modelKey(row.id), record],
        [trustKey(file.url ?? ''), sha256],
      ]);
    }
  }

  /** The record as it stands, made fit for that row: a catalogue that means another file now makes the old one go. */
  async #recordFor(records: Records, row: ModelRow, isOwn = false): Promise<ModelRecord> {
    const old = await readRecord(records, row.id);
    const record: ModelRecord = {
      version: MODEL_VERSION,
      row,
      isOwn,
      files: row.files.map(({ path }) => old?.files.find((file) => file.path === path) ?? { path, chunks: [] }),
    };
    const gone = (old?.files ?? []).filter(({ path }) => !row.files.some((file) => file.path === path));
    await records.delMany(gone.flatMap((file) => chunkKeys(row.id, file)));
    for (const { path, sha256 } of row.files) {
      const file = fileOf(record, { path });
      if (file.sha256 !== undefined && sha256 !== null && sha256 !== file.sha256)
        await new KeptFile(records, record, file).restart(undefined);
    }
    return record;
  }

  /** Writes; a full disk costs kept results first. */
  async #write(records: Records, { label }: ModelRow, entries: [string, unknown][]): Promise<void> {
    try {
      await records.setMany(entries);
    } catch (error) {
      if (!isFull(error))
        throw new UnflatError(
          'io',
          `${label} could not be saved in this browser’s storage (${String(error)}). Reload the page and try again.`,
          { cause: error },
        );
      const needed = entries.reduce((bytes, [, value]) => bytes + (value instanceof Blob ? value.size : 0), 0);
      await this.#options.results?.release(Math.max(needed * 4, 2 ** 26));
      await records.setMany(entries).catch((cause: unknown) => Promise.reject(storageFull(label, needed, undefined, cause)));
    }
  }

  /**
   * A model's files, each checked.
   * @throws UnflatError `no-model` when it is not here or was damaged, which is then fetched anew by `fetch`; `out-of-memory`.
   */
  async read(
    id: string,
  ): Promise<{ row: ModelRow; files: { path: string; bytes: Uint8Array<ArrayBuffer> }[]; failedProviders: readonly Provider[] }> {
    const records = await this.#records();
    const record = await readRecord(records, id);
    if (!record || !isWhole(record.row, record))
      throw new UnflatError(
        'no-model',
        `${record?.row.label ?? `The model “${id}”`} is ${record ? 'only partly downloaded' : 'not on this device'}; download it first.`,
      );
    const files = [];
    for (const file of record.files) {
      const bytes = await new KeptFile(records, record, file).read();
      if (!bytes)
        throw new UnflatError(
          'no-model',
          `${record.row.label} is damaged on this device and is not used; ${record.isOwn ? 'add its file again' : 'download it again'}.`,
        );
      files.push({ path: file.path, bytes });
    }
    const [use] = (await records.getMany([useKey(id)])) as [UseRecord | undefined];
    return { row: learned(record.row, record), files, failedProviders: use?.failedProviders ?? [] };
  }

  /**
   * Keeps files that a person has, in the place of what has that id.
   * @param isOwn the row is the person's, not the catalogue's.
   * @throws UnflatError `bad-model` where a file is not the one that the row means; `storage-full`.
   */
  async add(
    row: ModelRow,
    files: readonly { path: string; blob: Blob }[],
    isOwn: boolean,
    { signal, onProgress }: ModelHooks = {},
  ): Promise<void> {
    const records = await this.#records();
    const total = files.reduce((bytes, { blob }) => bytes + blob.size, 0);
    await this.#inTurn(row.id, async () => {
      await this.#remove(records, row.id);
      await makeRoom(row.label, total, this.#options.results);
      const record = await this.#recordFor(records, row, isOwn);
      const pace = new DownloadRate();
      try {
        for (const file of row.files) {
          const here = fileOf(record, file);
          const blob = files.find(({ path }) => path === file.path)?.blob;
          if (!blob) throw new UnflatError('bad-model', `${row.label} needs the file ${file.path} too; add all its files together.`);
          const before = record.files.reduce((sum, each) => sum + keptBytes(each), 0);
          const sink = new KeptFile(records, record, here, (entries) => this.#write(records, row, entries));
          here.sha256 = await keep(blob, sink, this.#options.download?.chunkBytes, signal, (bytes) =>
            onProgress?.(pace.progress(before + bytes, total)),
          );
          if (file.sha256 !== null && file.sha256 !== here.sha256)
            throw new UnflatError('bad-model', `${file.path} is not the file of ${row.label} (its SHA-256 differs). Download it again.`);
          await this.#write(records, row, [[modelKey(row.id), record]]);
        }
      } catch (error) {
        await this.#remove(records, row.id);
        throw error;
      }
    });
  }

  /** Removes a model, whole or in part; what was learned of its address is remembered. @throws UnflatError `io` while a window is fetching it. */
  async remove(id: string): Promise<void> {
    const records = await this.#records();
    const onWait = (): void => {
      throw new UnflatError('io', `The model “${id}” is being downloaded right now; stop that first.`);
    };
    await this.#inTurn(id, () => this.#remove(records, id), { onWait });
  }

  async #remove(records: Records, id: string): Promise<void> {
    const record = await readRecord(records, id);
    await records.delMany([modelKey(id), useKey(id), ...(record?.files ?? []).flatMap((file) => chunkKeys(id, file))]);
  }

  /** Notes a use or what failed; never fails. */
  async note(id: string, note: { usedAt?: number; failedProviders?: readonly Provider[] }): Promise<void> {
    try {
      const records = await this.#records();
      const [use] = (await records.getMany([useKey(id)])) as [UseRecord | undefined];
      if (await readRecord(records, id)) await records.setMany([[useKey(id), { ...use, ...note }]]);
    } catch {
      // A full or broken disk costs the note only.
    }
  }

  #inTurn<T>(id: string, work: () => Promise<T>, options?: Parameters<typeof withLock>[2]): Promise<T> {
    return withLock(`${this.#name}:${id}`, work, options);
  }
}

const lengthOf = (file: ModelFile): number | null => file.sizeBytes ?? file.aboutBytes ?? null;
const sum = (lengths: readonly (number | null)[]): number | null =>
  lengths.reduce<number | null>((total, length) => (total === null || length === null ? null : total + length), 0);
const isWebPage = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis;

function fileOf(record: ModelRecord, { path }: Pick<ModelFile, 'path'>): FileRecord {
  const found = record.files.find((file) => file.path === path);
  if (!found) throw new RangeError(`The record of ${record.row.id} has no file ${path}.`);
  return found;
}

function progressOf(row: ModelRow, record: ModelRecord | undefined): [number, number | null] {
  return [record?.files.reduce((bytes, file) => bytes + keptBytes(file), 0) ?? 0, sum(row.files.map(lengthOf))];
}

/** Writes a Blob in chunks, without ever holding it whole. @returns its hash. */
async function keep(
  blob: Blob,
  sink: KeptFile,
  chunkBytes = 4 * 2 ** 20,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const { sha256 } = await import('@noble/hashes/sha2.js');
  const hash = sha256.create();
  for (let at = 0; at < blob.size; at += chunkBytes) {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await blob.slice(at, at + chunkBytes).arrayBuffer());
    hash.update(bytes);
    await sink.append(bytes);
    onBytes(at + bytes.length);
  }
  return hexOf(hash.digest());
}
