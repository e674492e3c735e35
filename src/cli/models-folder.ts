import { createReadStream, openAsBlob } from 'node:fs';
import { copyFile, mkdir, open, readFile, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UnflatError, sizeWords, type ModelFile, type ModelInfo, type ModelRow } from '../core/index.ts';
import { ROW_FILE, freeId, parseRow, readOwnFiles, refuseTakenModel, type FetchHooks, type OwnModelAnswers } from '../inference/index.ts';
import { DownloadRate, download } from '../download/index.ts';
import { didYouMean } from './nearest.ts';
import { PartFile, diskError } from './part-file.ts';
import { root } from './prepare.mjs';

/** A model and where its files lie. */
export interface FolderModel extends ModelInfo {
  /** Absolute paths in the row's order; those of files that are not there are where they would be. */
  paths: string[];
}

/** Hash by address of what was fetched first from there; outlives the models. */
const TRUST_FILE = 'trust.json';
/** Says that a program is fetching into that model's folder, by its number. */
const LOCK_FILE = '.fetching';

/** Where models lie when nobody says otherwise: the system's folder for what can be fetched again. */
export function defaultModelsFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  if (env['UNFLAT_MODELS']) return resolve(env['UNFLAT_MODELS']);
  const home = homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'unflat', 'models');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'unflat', 'models');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'unflat', 'models');
}

/**
 * Models in a folder: `<id>/model.json`, the row with what was learned, and the files beside it. A file of a catalogue's model
 * that lies there by its own name and in its right length counts too. Models that are built in lie in the built element's folder, which app and command line share.
 */
export class ModelsFolder {
  readonly path: string;
  readonly #rows: readonly ModelRow[];
  readonly #embedded: string;
  /** What was left out, and why, for people. */
  readonly warnings: string[] = [];

  /** @param embedded folder of the built-in models. Default: that of the built element. */
  constructor(path: string, rows: readonly ModelRow[], embedded = join(root, 'dist/element/unflat-depth')) {
    this.path = resolve(path);
    this.#rows = rows;
    this.#embedded = embedded;
  }

  /** The catalogue's models and the folder's own, each with how it stands. */
  async list(): Promise<FolderModel[]> {
    this.warnings.length = 0;
    const folders = await readdir(this.path, { withFileTypes: true }).catch(() => []);
    const kept = new Map<string, ModelRow>();
    for (const folder of folders.filter((entry) => entry.isDirectory())) {
      const row = await this.#rowIn(folder.name);
      if (row) kept.set(row.id, row);
    }
    const known = await Promise.all(this.#rows.map((row) => this.#stand(row, kept.get(row.id))));
    const own = [...kept.values()].filter(({ id }) => !this.#rows.some((row) => row.id === id));
    return [...known, ...(await Promise.all(own.map((row) => this.#stand(row, row, true))))];
  }

  async #rowIn(folder: string): Promise<ModelRow | undefined> {
    const path = join(this.path, folder, ROW_FILE);
    try {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      const row = text === undefined ? undefined : parseRow(JSON.parse(text));
      if (row && row.id !== folder) throw new TypeError(`row.id must be the folder’s name, got ${row.id}`);
      return row;
    } catch (error) {
      this.warnings.push(`${path} is left out: ${error instanceof Error ? error.message : String(error)}.`);
      return undefined;
    }
  }

  /** How a model stands: by its own folder, else by files that just lie there. */
  async #stand(row: ModelRow, kept: ModelRow | undefined, isOwn = false): Promise<FolderModel> {
    if (row.embedded) return { row, state: 'ready', isOwn, storedBytes: 0, paths: row.files.map(({ path }) => join(this.#embedded, path)) };
    const files: ModelFile[] = [];
    const paths: string[] = [];
    let storedBytes = 0;
    let whole = 0;
    let usedAt: number | undefined;
    for (const file of row.files) {
      const learned = kept?.files.find(({ path }) => path === file.path);
      const expected =
        learned && (file.sha256 === null || learned.sha256 === file.sha256)
          ? { ...file, sizeBytes: learned.sizeBytes, sha256: learned.sha256 }
          : file;
      const found = await this.#fileOf(row.id, expected);
      if (found) {
        whole++;
        storedBytes += found.sizeBytes;
        usedAt = Math.max(usedAt ?? 0, found.usedAt);
      } else {
        storedBytes += await (await this.#part(row.id, file)).sizeBytes();
      }
      files.push(found ? { ...expected, sizeBytes: found.sizeBytes } : file);
      paths.push(found?.path ?? this.#placeOf(row.id, file));
    }
    const state = whole === row.files.length ? 'ready' : storedBytes > 0 ? 'partial' : 'absent';
    return { row: { ...row, files }, state, isOwn, storedBytes, ...(usedAt !== undefined && { usedAt }), paths };
  }

  #placeOf(id: string, { path }: Pick<ModelFile, 'path'>): string {
    return join(this.path, id, ...path.split('/'));
  }

  /** Does not make the folder, so that looking leaves no traces. */
  async #part(id: string, file: ModelFile): Promise<{ sizeBytes(): Promise<number> }> {
    const found = await stat(`${this.#placeOf(id, file)}.part`).catch(() => undefined);
    return { sizeBytes: () => Promise.resolve(found?.size ?? 0) };
  }

  async #fileOf(id: string, file: ModelFile): Promise<{ path: string; sizeBytes: number; usedAt: number } | undefined> {
    // A bare file needs a length by which it is known; one in the model's own folder was put there on purpose.
    const bare = file.sizeBytes === null ? [] : [join(this.path, basename(file.path))];
    for (const path of [this.#placeOf(id, file), ...bare]) {
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() && found.size > 0 && (file.sizeBytes === null || file.sizeBytes === found.size))
        return { path, sizeBytes: found.size, usedAt: found.atimeMs };
    }
    return undefined;
  }

  /** @throws UnflatError `no-model` that lists what there is. */
  async find(id: string): Promise<FolderModel> {
    const models = await this.list();
    const found = models.find(({ row }) => row.id === id);
    if (found) return found;
    throw new UnflatError(
      'no-model',
      `There is no model “${id}”; there is ${models.map(({ row }) => row.id).join(', ') || 'none'}.${didYouMean(
        id,
        models.map(({ row }) => row.id),
      )}`,
    );
  }

  /**
   * Fetches what is missing of a model, going on where an earlier fetch stopped.
   * @throws UnflatError `download-failed`, `storage-full`, `io`; `signal.reason` when stopped.
   */
  async fetch(id: string, { signal, onProgress }: FetchHooks = {}): Promise<FolderModel> {
    const model = await this.find(id);
    if (model.state === 'ready') return model;
    const row = this.#rows.find((each) => each.id === id);
    if (!row)
      throw new UnflatError(
        'no-model',
        `${id} is a model of your own, and its files are not all in ${dirname(model.paths[0] ?? '')}; add it again.`,
      );
    const folder = join(this.path, id);
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => Promise.reject(diskError(folder, cause)));
    const unlock = await lock(join(folder, LOCK_FILE), row.label);
    try {
      await this.#checkRoom(row, model.storedBytes);
      const trust = await this.#trust();
      const pace = new DownloadRate();
      const done: ModelFile[] = [];
      const totals = row.files.map((file) => file.sizeBytes ?? file.aboutBytes ?? null);
      let before = 0;
      for (const [i, file] of row.files.entries()) {
        const part = await PartFile.open(this.#placeOf(id, file));
        const learned = trust[file.url ?? ''];
        const got = await download(file, part, {
          label: row.label,
          ...(signal && { signal }),
          ...(learned !== undefined && { learned }),
          onProgress(received, total) {
            totals[i] = total ?? totals[i] ?? null;
            onProgress?.(
              pace.progress(
                before + received,
                totals.reduce<number | null>((sum, length) => (sum === null || length === null ? null : sum + length), 0),
              ),
            );
          },
        });
        before += got.sizeBytes;
        done.push({ ...file, ...got });
        await part.finish();
        if (file.url !== undefined && trust[file.url] !== got.sha256)
          await this.#writeWhole(TRUST_FILE, { ...(await this.#trust()), [file.url]: got.sha256 });
      }
      // Last of all: a model whose row is there is whole.
      await this.#writeWhole(join(id, ROW_FILE), { ...row, files: done });
    } finally {
      await unlock();
    }
    return this.find(id);
  }

  async #checkRoom({ label, files }: ModelRow, storedBytes: number): Promise<void> {
    const needed = files.reduce((sum, file) => sum + (file.sizeBytes ?? file.aboutBytes ?? 0), 0) - storedBytes;
    const free = await statfs(this.path).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Infinity,
    );
    if (free < needed)
      throw new UnflatError(
        'storage-full',
        `${label} needs ${sizeWords(needed)} in ${this.path}, and there is room for ${sizeWords(free)}. Free some space, or choose another folder with --models.`,
      );
  }

  async #trust(): Promise<Record<string, string>> {
    const text = await readFile(join(this.path, TRUST_FILE), 'utf8').catch(() => '{}');
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch (cause) {
      throw new UnflatError(
        'io',
        `${join(this.path, TRUST_FILE)} is damaged, so Unflat no longer knows which files it downloaded; delete it to start again.`,
        { cause },
      );
    }
  }

  async #writeWhole(name: string, content: unknown): Promise<void> {
    const path = join(this.path, name);
    const temporary = `${path}.${process.pid}.part`;
    try {
      await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw diskError(path, cause);
    }
  }

  /**
   * Takes a person's own files: copies them into the folder.
   * @throws UnflatError `bad-model` for what is no model that can be used.
   */
  async add(paths: readonly string[], answers?: OwnModelAnswers): Promise<FolderModel> {
    const files = await Promise.all(
      paths.map(async (path) => {
        const isFile = (await stat(path).catch(() => undefined))?.isFile();
        if (!isFile) throw new UnflatError('io', `${path} is not a file; give the model’s .onnx file, and its data file if there is one.`);
        return { name: basename(path), blob: await openAsBlob(path), path };
      }),
    );
    const own = await readOwnFiles(files, this.#rows, answers);
    if (own.row.embedded) return this.find(own.row.id);
    const id = own.isKnown ? own.row.id : freeId(own.row, await this.list());
    const learned: ModelFile[] = [];
    for (const [i, file] of own.row.files.entries()) {
      const from = files.find(({ blob }) => blob === own.files[i]?.blob)?.path ?? '';
      const to = this.#placeOf(id, file);
      try {
        await mkdir(dirname(to), { recursive: true });
        if (resolve(from) !== to) {
          await copyFile(from, `${to}.part`);
          await rename(`${to}.part`, to);
        }
      } catch (cause) {
        await rm(`${to}.part`, { force: true });
        throw diskError(to, cause);
      }
      learned.push({ ...file, sizeBytes: (await stat(to)).size, sha256: await hashOf(to) });
    }
    await this.#writeWhole(join(id, ROW_FILE), { ...own.row, id, files: learned });
    return this.find(id);
  }

  /** Where a file of a plugin's model is downloaded to, whole or in part. */
  partOf(id: string, path: string): Promise<PartFile> {
    return PartFile.open(this.#placeOf(id, { path }));
  }

  /** Keeps the files of a plugin's model, which were checked. @param bytesOf a file's bytes by its path. @throws UnflatError where it cannot be written. */
  async keep(row: ModelRow, bytesOf: (path: string) => Uint8Array): Promise<void> {
    const all = await this.list();
    refuseTakenModel(
      row,
      all.find((model) => model.row.id === row.id && model.state !== 'absent'),
      `in ${this.path}`,
    );
    for (const file of row.files) {
      const to = this.#placeOf(row.id, file);
      try {
        await mkdir(dirname(to), { recursive: true });
        await writeFile(to, bytesOf(file.path));
      } catch (cause) {
        throw diskError(to, cause);
      }
    }
    await this.#writeWhole(join(row.id, ROW_FILE), row);
  }

  /** Removes a model's folder, and bare files of it. @returns what was removed. @throws UnflatError `no-model` where nothing is. */
  async remove(id: string): Promise<FolderModel> {
    const model = await this.find(id);
    if (model.row.embedded) throw new UnflatError('unsupported', `${model.row.label} is a part of Unflat and cannot be removed.`);
    if (model.state === 'absent') throw new UnflatError('no-model', `${model.row.label} is not in ${this.path}; nothing to remove.`);
    await rm(join(this.path, id), { recursive: true, force: true });
    if (model.state === 'ready') await Promise.all(model.paths.map((path) => rm(path, { force: true })));
    return model;
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

/** Two programs must not write into one file. @returns what lets the next one in. */
async function lock(path: string, label: string): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 3) throw diskError(path, cause);
      const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (owner > 0 && isRunning(owner))
        throw new UnflatError('io', `${label} is being downloaded by another program (process ${owner}); wait until it is done.`);
      // Who held it was stopped hard.
      await rm(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
