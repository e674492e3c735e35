import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { modelBytes, modelSizeWords, pictureWords, sizeWords, type DownloadProgress } from '../core/index.ts';
import { loadCatalogue, type OwnModelAnswers } from '../inference/index.ts';
import { ModelsFolder, defaultModelsFolder, type FolderModel } from './models-folder.ts';
import { UsageError } from './cli-error.ts';
import { root } from './prepare.mjs';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** What `unflat models …` asks for. */
export interface ModelsCommand {
  verb: 'list' | 'fetch' | 'add' | 'remove';
  /** Ids, or the files of `add`. */
  names: string[];
  /** Folder; undefined = the default one. */
  models?: string;
  answers: OwnModelAnswers;
  json: boolean;
}

/** A model's entry in `--json`. */
export interface ModelEntry {
  id: string;
  label: string;
  kind: string;
  state: FolderModel['state'];
  isOwn: boolean;
  /** The installed plugin that brought it; null = none. */
  fromPlugin: string | null;
  /** Bytes of all its files; null = not known before they are fetched. */
  sizeBytes: number | null;
  storedBytes: number;
  licence: string | null;
  quality: number;
  speed: number;
  /** Where it can run. */
  executionProviders: readonly string[];
  /** @deprecated The same as `executionProviders`; will be removed in 0.2. */
  providers: readonly string[];
  verified: string;
  about: string;
  /** Files that are there. */
  files: string[];
}

/** The models folder that was asked for, there or not. @throws UsageError where something else lies there, or it cannot be read. */
export async function openModels(path: string | undefined): Promise<ModelsFolder> {
  const folder = path ?? defaultModelsFolder();
  const asked = path !== undefined ? '--models' : process.env['UNFLAT_MODELS'] ? 'UNFLAT_MODELS' : 'the folder of models';
  const wrong = await readdir(folder).then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  if (wrong === 'ENOTDIR')
    throw new UsageError(
      `${asked} ${folder}: ${existsSync(folder) ? 'is a file' : 'a part of its path is a file'}; name a folder. To add a model’s file: unflat models add <file.onnx>.`,
    );
  if (wrong !== undefined && wrong !== 'ENOENT')
    throw new UsageError(`${asked} ${folder}: cannot be read (${wrong}); check its permissions, or name another folder with --models.`);
  return new ModelsFolder(folder, await loadCatalogue());
}

/** @returns whether stdout took the report. @throws UnflatError and UsageError with what to do; `signal.reason` when stopped. */
export async function runModels(
  { verb, names, models, answers, json }: ModelsCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = await openModels(models);
  const say = (line: string): void => void (json || terminal.print(line));
  let touched: FolderModel[] | undefined;
  if (verb === 'fetch') {
    touched = [];
    for (const id of names) {
      const model = await folder.fetch(id, { signal, onProgress: (progress) => terminal.line(progressWords(id, progress)) });
      touched.push(model);
      say(
        `${id} is ${model.row.embedded ? 'built in' : `here: ${sizeWords(model.storedBytes)}`}${model.row.licence === null ? '' : `, ${model.row.licence}`}`,
      );
    }
  } else if (verb === 'add') {
    for (const path of names) if (!existsSync(path)) throw new UsageError(`${path} does not exist; check its name and folder.`);
    touched = [await folder.add(names, answers)];
    for (const { row, isOwn } of touched)
      say(
        `${row.id} is here: ${isOwn ? `your own model, takes ${pictureWords(row.input.size)} from ${row.input.range.join(' to ')}, ${row.kind === 'inpaint' ? 'fills in holes' : `returns ${row.output.meaning}`}` : `${row.label} of the catalogue`}\nuse it with --${row.kind} ${row.id}`,
      );
  } else if (verb === 'remove') {
    touched = [];
    for (const id of names) {
      touched.push({ ...(await folder.remove(id)), state: 'absent', storedBytes: 0 });
      say(`${id} is removed`);
    }
  }
  const all = touched ?? (await folder.list());
  for (const warning of folder.warnings) terminal.fail(warning);
  if (json) return terminal.json({ schemaVersion: 1, ok: true, folder: folder.path, models: all.map(entryOf), warnings: folder.warnings });
  if (verb === 'list') terminal.print(table(folder.path, all));
  return true;
}

/** The plugin of somebody else that brought a model; what a person added themselves runs in one of ours. */
function bringerOf({ row, isOwn }: FolderModel): string | null {
  return isOwn && !existsSync(join(root, 'plugins', row.plugin)) ? row.plugin : null;
}

function entryOf(model: FolderModel): ModelEntry {
  const { row, state, isOwn, storedBytes, paths } = model;
  const fromPlugin = bringerOf(model);
  const { id, label, kind, licence, quality, speed, providers, verified, about } = row;
  const size = modelBytes(row);
  return {
    id,
    label,
    kind,
    state,
    isOwn: isOwn && fromPlugin === null,
    fromPlugin,
    sizeBytes: size?.exact ? size.bytes : null,
    storedBytes,
    licence,
    quality,
    speed,
    executionProviders: providers,
    // oxlint-disable-next-line typescript/no-deprecated -- the old key is kept for a version.
    providers,
    verified,
    about,
    files: paths.filter((path) => existsSync(path)),
  };
}

/** One line that changes in place. */
export function progressWords(id: string, { receivedBytes, totalBytes, bytesPerSecond, secondsLeft }: DownloadProgress): string {
  const part =
    totalBytes === null
      ? sizeWords(receivedBytes)
      : `${Math.floor((100 * receivedBytes) / totalBytes)} %  ${sizeWords(receivedBytes)} of ${sizeWords(totalBytes)}`;
  const speed = bytesPerSecond > 0 ? `  ${sizeWords(bytesPerSecond)}/s` : '';
  const left =
    secondsLeft === null ? '' : `  ${secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`} left`;
  return `${id}: ${part}${speed}${left}`;
}

const STATES = { ready: 'here', partial: 'part', absent: '' } as const;

function table(folder: string, models: readonly FolderModel[]): string {
  const rows = models.map((model) => {
    const { row, state, isOwn, storedBytes } = model;
    const plugin = bringerOf(model);
    const size = `${state === 'partial' ? `${sizeWords(storedBytes)} of ` : ''}${modelSizeWords(row)}`;
    return [
      row.embedded ? 'built in' : STATES[state],
      row.id,
      size,
      row.licence ?? (isOwn && plugin === null ? 'your own' : 'licence not stated'),
      plugin === null ? row.about : `From the plugin ${plugin}. ${row.about}`,
    ];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    `Models in ${printable(folder)}`,
    ...lines,
    'unflat models fetch <id> downloads one, unflat photo.jpg --depth <id> or --inpaint <id> uses it.',
  ].join('\n');
}
