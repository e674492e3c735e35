import { isLink, readPluginModels } from '../core/index.ts';
import type { ModelRow, PluginManifest, PluginModelFile } from '../plugin-api/index.ts';

/** What has to do with the models that plugins bring. */
export interface PluginModels {
  /** Reads a model's row from data of any origin. @throws Error that names the field which is wrong. */
  parseRow(row: unknown, path: string): ModelRow;
  /** Fetches and keeps their files. Absent: somebody else does. */
  keeper?: PluginModelKeeper;
}

/** What fetches and keeps the models that plugins bring. */
export interface PluginModelKeeper {
  /**
   * Downloads a row's files, each of which says its address, length and hash; goes on where an earlier try for the same row broke off.
   * @param onBytes told how many bytes of all files are here.
   * @returns the files by path. @throws UnflatError `download-failed`, `storage-full`; `signal.reason` when cancelled.
   */
  download(row: ModelRow, onBytes: (bytes: number) => void, signal?: AbortSignal): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Keeps a model under its row's id. */
  keep(row: ModelRow, files: readonly { path: string; blob: Blob }[]): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Address of a model's file. @param from address of the plugin, beside which it lies unless it says where. */
function addressOf({ url, path }: PluginModelFile, from: string): URL {
  return url === undefined ? new URL(path, from) : new URL(url);
}

/** Where a model's file comes from, for people: a host, or undefined where the plugin holds it. @param from address or file of the plugin. */
export function modelHost(file: PluginModelFile, from: string): string | undefined {
  return file.base64 === undefined ? addressOf(file, from).host : undefined;
}

/**
 * Why a file cannot bring that manifest's models, as the end of a sentence; undefined where it can.
 * @param isDownloaded whether they are downloaded here, and not by somebody else.
 */
export function whyNoModels({ models }: PluginManifest, from: string, isDownloaded: boolean): string | undefined {
  const broken = models.find(({ url }) => url !== undefined && !URL.canParse(url));
  if (broken) return `names an address for its model ${broken.path} that is none; ask its author for a corrected file`;
  const beside = models.find(({ url, base64 }) => url === undefined && base64 === undefined);
  return beside && isDownloaded && !isLink(from)
    ? `looks for its model ${beside.path} beside its own address, so install it by its link`
    : undefined;
}

/**
 * Fetches the models of a plugin and checks each file's length and hash.
 * @param onFraction how much of them is here, 0..1. @returns the files by path.
 * @throws UnflatError `bad-model` for a file that is not what the manifest says, `download-failed`, `storage-full`.
 */
export async function fetchModels(
  { id, label, models }: PluginManifest,
  rows: readonly ModelRow[],
  from: string,
  keeper: PluginModelKeeper,
  onFraction: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const elsewhere = models.filter(({ base64 }) => base64 === undefined);
  const total = elsewhere.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const files = elsewhere.map((file) => ({
    path: file.path,
    url: addressOf(file, from).href,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256,
  }));
  const [row] = rows;
  const downloaded =
    row && files.length > 0
      ? await keeper.download({ ...row, id, label, files }, (here) => onFraction(here / total), signal)
      : new Map<string, Uint8Array>();
  return readPluginModels(label, models, async ({ path, base64 }) =>
    base64 !== undefined ? Uint8Array.from(atob(base64), (each) => each.charCodeAt(0)) : (downloaded.get(path) ?? new Uint8Array()),
  );
}

/** Keeps the models of a plugin. @param found their files by path, which were checked. */
export async function keepPluginModels(
  rows: readonly ModelRow[],
  found: ReadonlyMap<string, Uint8Array>,
  keeper: PluginModelKeeper,
): Promise<void> {
  for (const row of rows)
    await keeper.keep(
      row,
      row.files.map(({ path }) => ({ path, blob: new Blob([(found.get(path) ?? new Uint8Array()) as Uint8Array<ArrayBuffer>]) })),
    );
}
