import { UnflatError, hexOf, type ModelFile, type ModelRow } from '../core/index.ts';
import { ROW_FILE, isSafePath, parseRow } from './parse-catalogue.ts';
import { guessRow } from './guess-row.ts';
import { inspectOnnx, type OnnxFacts } from './inspect-onnx.ts';
import { MOST_BYTES, tooLargeWords } from './most-bytes.ts';
import type { ModelGuess, OwnModelAnswers } from './model-source.ts';

/** A file as a person hands it over: its name, without folders, and its content. */
export interface NamedBlob {
  name: string;
  blob: Blob;
}

/** What a person's files turned out to be. */
export interface OwnFiles extends ModelGuess {
  /** They are this model of the catalogue. */
  isKnown: boolean;
  /** The files that belong to it, under the paths of the row. */
  files: { path: string; blob: Blob }[];
}

/**
 * Finds out what model a person's files are: one of the catalogue, by length and hash, or one of their own, by what the model
 * says of itself. Nothing is loaded as a whole.
 * @throws UnflatError `bad-model` for what is no model that can be used, or is not complete; `out-of-memory` for one too large.
 */
export async function readOwnFiles(files: readonly NamedBlob[], rows: readonly ModelRow[], answers?: OwnModelAnswers): Promise<OwnFiles> {
  if (files.length === 0)
    throw new UnflatError('bad-model', 'No file was given. Choose the model’s .onnx file, and the data file beside it where there is one.');
  const known = await recognise(files, rows);
  if (known) return known;
  const { model, facts } = await findModel(files);
  const external = facts.external.map((path) => ({ path: path.replace(/^(\.\/)+/, ''), blob: dataFile(path, model.name, files) }));
  const own = [{ path: plainName(model.name), blob: model.blob }, ...external];
  const total = own.reduce((sum, { blob }) => sum + blob.size, 0);
  if (total > MOST_BYTES)
    throw new UnflatError(
      'out-of-memory',
      `${model.name} and its data have ${tooLargeWords(total)}. Choose a smaller or a quantised version of it.`,
    );
  const modelFiles = own.map(({ path, blob }): ModelFile => ({ path, sizeBytes: blob.size, sha256: null }));
  const { row, unsure } = guessRow(facts, model.name, modelFiles, answers);
  return { row: checked(row, model.name), unsure, isKnown: false, files: own };
}

/** A damaged file names its inputs strangely. */
function checked(row: ModelRow, name: string): ModelRow {
  try {
    return parseRow(row, 'it');
  } catch (cause) {
    throw new UnflatError(
      'bad-model',
      `${name} cannot be used (${cause instanceof Error ? cause.message : String(cause)}). Download it again, or choose another model.`,
      { cause },
    );
  }
}

/** The model among the files: by its name, else by its content. */
async function findModel(files: readonly NamedBlob[]): Promise<{ model: NamedBlob; facts: OnnxFacts }> {
  const named = files.filter(({ name }) => /\.onnx$/i.test(name));
  if (named.length > 1)
    throw new UnflatError(
      'bad-model',
      `${named.map(({ name }) => name).join(' and ')} are ${named.length} models; add them one at a time, each with its own data files.`,
    );
  const model = named[0] ?? files[0]!;
  if (named[0] || files.length === 1) return { model, facts: await inspectOnnx(model.blob, model.name) };
  for (const each of files) {
    const facts = await inspectOnnx(each.blob, each.name).catch(() => undefined);
    if (facts) return { model: each, facts };
  }
  throw new UnflatError(
    'bad-model',
    `None of ${files.map(({ name }) => name).join(', ')} is an ONNX model. Choose the model’s .onnx file.`,
  );
}

/** The model's own name is ours to choose; what it refers to keeps its names. */
function plainName(name: string): string {
  const plain = name.replace(/[\\/:*?"<>|]|\p{Cc}/gu, '_').slice(-150);
  return isSafePath(plain) && plain.toLowerCase() !== ROW_FILE ? plain : 'model.onnx';
}

function dataFile(path: string, model: string, files: readonly NamedBlob[]): Blob {
  if (!isSafePath(path.replace(/^(\.\/)+/, '')))
    throw new UnflatError(
      'bad-model',
      `${model} keeps its weights in “${path.slice(0, 100)}”, outside its own folder. Export it again, with its data beside it.`,
    );
  const name = path.split('/').at(-1)?.toLowerCase();
  const found = files.find((file) => file.name.toLowerCase() === name);
  if (found) return found.blob;
  throw new UnflatError('bad-model', `${model} keeps its weights in a second file, ${name ?? path}. Add both files together.`);
}

/** A model of the catalogue that these very files are. */
async function recognise(files: readonly NamedBlob[], rows: readonly ModelRow[]): Promise<OwnFiles | undefined> {
  const hashes = new Map<Blob, Promise<string>>();
  const hashOf = (blob: Blob): Promise<string> => hashes.get(blob) ?? hashes.set(blob, sha256(blob)).get(blob)!;
  for (const row of rows) {
    const found: OwnFiles['files'] = [];
    for (const file of row.files) {
      const blob = await matching(file, files, hashOf);
      if (blob) found.push({ path: file.path, blob });
    }
    if (found.length === row.files.length) return { row, unsure: [], isKnown: true, files: found };
  }
  return undefined;
}

async function matching(
  wanted: ModelFile,
  files: readonly NamedBlob[],
  hashOf: (blob: Blob) => Promise<string>,
): Promise<Blob | undefined> {
  for (const { name, blob } of files) {
    const isNamed = name.toLowerCase() === wanted.path.toLowerCase();
    if (wanted.sha256 !== null) {
      if ((wanted.sizeBytes === null || wanted.sizeBytes === blob.size) && (await hashOf(blob)) === wanted.sha256) return blob;
    } else if (isNamed && (wanted.sizeBytes === blob.size || isAbout(wanted, blob.size))) {
      return blob;
    }
  }
  return undefined;
}

/** Where only a rough length is published, the name and that length have to do. */
function isAbout({ sizeBytes, aboutBytes }: ModelFile, size: number): boolean {
  return sizeBytes === null && aboutBytes !== undefined && Math.abs(size / aboutBytes - 1) < 0.015;
}

const CHUNK = 4 * 2 ** 20;

async function sha256(blob: Blob): Promise<string> {
  const hash = (await import('@noble/hashes/sha2.js')).sha256.create();
  for (let at = 0; at < blob.size; at += CHUNK) hash.update(new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer()));
  return hexOf(hash.digest());
}
