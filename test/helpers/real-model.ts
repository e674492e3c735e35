/** The one real model at hand and the photos to score it on, where they lie beside the project. Neither is part of it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { loadCatalogue } from '../../src/inference/index.ts';
import type { ModelOutcome } from '../browser/depth-model-page.ts';
import { floatsOf, type ModelServer } from './model-server.ts';

const SHARED = join(root, '../shared');
const MODEL = join(SHARED, 'models/tcmonodepth_tcsmallnet_192x320.onnx');
const PHOTOS = join(SHARED, 'train/eval');
const SCORER = join(SHARED, 'train/evaluate.py');
/** The scorer needs numpy and OpenCV, which come with this one. */
const PYTHON = '/usr/bin/python3';

/** What the model reaches by its authors' own preprocessing; lower is better. */
export const REFERENCE_WHDR: Readonly<Record<string, number>> = { phone: 0.175, room: 0.111, lens: 0.184 };

/** Why nothing can be scored here, or false. */
export function cannotScore(): string | false {
  if (!existsSync(MODEL) || !existsSync(SCORER)) return 'the model and the photos to score it on are not here';
  try {
    execFileSync(PYTHON, ['-c', 'import numpy, cv2'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'Python with numpy and OpenCV is not here';
  }
}

/** Names of the photos without extension. */
export function photoNames(): string[] {
  return readdirSync(PHOTOS)
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => name.slice(0, -4))
    .sort();
}

/** Gives the model, by its catalogue row, and the photos to a page. @returns the row's id. */
export async function offerRealModel(server: ModelServer, page: Page): Promise<string> {
  const row = (await loadCatalogue()).find(({ id }) => id === 'tcmonodepth-small');
  const path = row?.files[0]?.path;
  if (!row || path === undefined) throw new Error('The catalogue has lost its row of TCMonoDepth small.');
  server.put(`/models/${path}`, MODEL);
  for (const name of photoNames()) server.put(`/photos/${name}.jpg`, join(PHOTOS, `${name}.jpg`));
  await page.evaluate(([row, path]) => modelPage.add(row, { [path]: `/models/${path}` }), [row, path] as const);
  return row.id;
}

export interface Predicted {
  /** Milliseconds of `session.run`, by photo. */
  runMs: number[];
  /** Milliseconds of the whole depth stage. */
  depthMs: number[];
}

/** Writes the scene's depth (`final`) of each photo as NPY, and what the model itself says (`raw`) where that is wanted. */
export async function predict(
  page: Page,
  model: string,
  names: readonly string[],
  folders: { raw?: string; final: string },
  settings: object = {},
): Promise<Predicted> {
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const predicted: Predicted = { runMs: [], depthMs: [] };
  for (const name of names) {
    if (folders.raw !== undefined) {
      const raw = await page.evaluate(([url, id]) => modelPage.raw(url, id), [`/photos/${name}.jpg`, model] as const);
      writeFileSync(join(folders.raw, `${name}.npy`), npyOf(raw));
    }
    const { depth, report, error }: ModelOutcome = await page.evaluate(([url, how]) => modelPage.convert(url, how), [
      `/photos/${name}.jpg`,
      { depthSource: model, ...settings },
    ] as const);
    if (!depth || !report) throw new Error(`${name}: ${error?.message}`);
    writeFileSync(join(folders.final, `${name}.npy`), npyOf(depth));
    predicted.runMs.push(report.depthModel?.runMs ?? NaN);
    predicted.depthMs.push(report.timesMs.depth ?? NaN);
  }
  return predicted;
}

/** The scorer's table. */
export function scoreTable(folder: string): string {
  return execFileSync(PYTHON, [SCORER, folder], { encoding: 'utf8' });
}

/** WHDR by set. */
export function whdrOf(table: string): Record<string, number> {
  return Object.fromEntries([...table.matchAll(/^(\w+)\s.*WHDR ([\d.]+)/gm)].map(([, set = '', value]) => [set, Number(value)]));
}

/** NumPy's format, version 1.0, of float32. */
function npyOf({ width, height, base64 }: { width: number; height: number; base64: string }): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8, ...Buffer.from(header)]);
  const values = floatsOf(base64);
  return Buffer.concat([head, new Uint8Array(values.buffer)]);
}
