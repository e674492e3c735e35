import { basename } from 'node:path';
import type { AutomationPlugins } from '../automation/index.ts';
import { modelSizeWords } from '../core/index.ts';
import type { FolderModel } from './models-folder.ts';
import { UsageError } from './cli-error.ts';
import { didYouMean, nearest } from './nearest.ts';
import { namesBeside } from './plan-photos.ts';
import type { CliOptions } from './parse-command-line.ts';

/**
 * Ids are known to the app alone, so they are checked there, before any work.
 * @throws UsageError naming what there is instead.
 */
export function checkIds(
  { depth, inpaint, outputs, depthOptions: { colours } }: CliOptions,
  depthIsFile: boolean,
  known: AutomationPlugins,
  models: readonly FolderModel[],
): void {
  if (depth !== undefined && !depthIsFile)
    checkId(
      `--depth ${depth}`,
      depth,
      { is: 'neither a file nor a model nor a depth source', plugins: known.depth, what: 'depth sources', files: namesBeside(depth) },
      ofKind(models, 'depth'),
    );
  if (inpaint !== undefined)
    checkId(
      `--inpaint ${inpaint}`,
      inpaint,
      { is: 'neither an inpainter nor a model', plugins: known.inpaint, what: 'inpainters' },
      ofKind(models, 'inpaint'),
    );
  if (colours !== undefined && !known.colours.includes(String(colours)))
    throw new UsageError(
      `--colours ${colours} does not exist; there is ${list(known.colours)}.${didYouMean(String(colours), known.colours)}`,
    );
  const unknown = outputs?.filter((id) => !known.products.includes(id)) ?? [];
  const meant = [...new Set(unknown.flatMap((id) => nearest(id, known.products) ?? []))];
  if (unknown.length > 0)
    throw new UsageError(
      `--outputs ${unknown.join(',')} does not exist; there is ${list(known.products)}.${meant.length > 0 ? ` Did you mean ${meant.join(',')}?` : ''}`,
    );
}

interface Choices {
  /** What an unknown id is, in words. */
  is: string;
  plugins: readonly string[];
  /** What those are called. */
  what: string;
  /** Names of files that may have been meant. */
  files?: readonly string[];
}

function checkId(option: string, id: string, { is, plugins, what, files = [] }: Choices, models: readonly FolderModel[]): void {
  if (id === 'auto' || plugins.includes(id)) return;
  const model = models.find(({ row }) => row.id === id);
  const here = list(models.filter(({ state }) => state === 'ready').map(({ row }) => row.id));
  if (!model)
    throw new UsageError(
      `${option} is ${is}; models here: ${here} (unflat models list shows all); ${what}: ${list(plugins)}.${didYouMean(basename(id), ['auto', ...plugins, ...models.map(({ row }) => row.id), ...files])}`,
    );
  if (model.state === 'ready') return;
  throw new UsageError(
    `${option} is not downloaded yet; unflat models fetch ${id} downloads it (${modelSizeWords(model.row)}). Models here: ${here}.`,
  );
}

const ofKind = (models: readonly FolderModel[], kind: FolderModel['row']['kind']): FolderModel[] =>
  models.filter(({ row }) => row.kind === kind);
const list = (ids: readonly string[]): string => ids.join(', ') || 'none';
