import type { ModelRow, Provider } from '../core/index.ts';
import type { Records } from './records.ts';

/** Goes up when the way a model is kept changes; records of another version are dropped. */
export const MODEL_VERSION = 1;

/** A piece of a file as it was written. */
export interface ChunkNote {
  sizeBytes: number;
  checksum: number;
}

/** A file of a model, whole or in part. */
export interface FileRecord {
  path: string;
  /** In order; the Blobs lie beside the record under `chunkKey`. */
  chunks: ChunkNote[];
  /** See DownloadSink. */
  validator?: string;
  /** Of the whole file, once it is here and found right. */
  sha256?: string;
}

/** What is known of a model on this machine. */
export interface ModelRecord {
  version: number;
  row: ModelRow;
  isOwn: boolean;
  files: FileRecord[];
}

/** What is noted of a model beside its record, so that notes and downloads never overwrite each other. */
export interface UseRecord {
  /** Milliseconds since 1970; absent if never used. */
  usedAt?: number;
  failedProviders?: Provider[];
}

const MODEL = 'model:';
const USE = 'use:';
/** Hash by address: what was fetched first from there. Outlives the model. */
const TRUST = 'trust:';

export const modelKey = (id: string): string => MODEL + id;
export const useKey = (id: string): string => USE + id;
export const trustKey = (url: string): string => TRUST + url;
export const chunkKey = (id: string, path: string, index: number): string => `chunk:${id}/${path}/${index}`;

export const keptBytes = (file: FileRecord): number => file.chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** All names under which a file's bytes lie. */
export const chunkKeys = (id: string, { path, chunks }: FileRecord): string[] => chunks.map((_, i) => chunkKey(id, path, i));

/** The record; undefined where there is none, or one of another version. */
export async function readRecord(records: Records, id: string): Promise<ModelRecord | undefined> {
  const [record] = (await records.getMany([modelKey(id)])) as [ModelRecord | undefined];
  return record?.version === MODEL_VERSION ? record : undefined;
}

export async function readAllRecords(records: Records): Promise<ModelRecord[]> {
  const names = (await records.keys()).filter((name) => name.startsWith(MODEL));
  const found = (await records.getMany(names)) as (ModelRecord | undefined)[];
  return found.flatMap((record) => (record?.version === MODEL_VERSION ? [record] : []));
}

/** Names of records and chunks that belong to no model of this version: leavings of a removal that was cut short. */
export async function orphans(records: Records): Promise<string[]> {
  const names = await records.keys();
  // Chunks come into being together with their record, so a chunk seen before has one now.
  const known = new Set((await readAllRecords(records)).map(({ row }) => row.id));
  const owner = (name: string): string | undefined => /^(?:model|use|chunk):([^/]*)/.exec(name)?.[1];
  return names.filter((name) => {
    const id = owner(name);
    return id !== undefined && !known.has(id);
  });
}

/** Whether every file is here and is what the row means. */
export function isWhole(row: ModelRow, record: ModelRecord): boolean {
  return row.files.every(({ path, sha256 }) => {
    const file = record.files.find((each) => each.path === path);
    return file?.sha256 !== undefined && (sha256 === null || sha256 === file.sha256);
  });
}

/** The row with what was learned when its files arrived. */
export function learned(row: ModelRow, record: ModelRecord): ModelRow {
  const files = row.files.map((file) => {
    const here = record.files.find(({ path }) => path === file.path);
    return here?.sha256 === undefined ? file : { ...file, sizeBytes: keptBytes(here), sha256: here.sha256 };
  });
  return { ...row, files };
}
