import type { AutomationPlugins } from '../app/automation.ts';
import { modelSizeWords } from '../core/index.ts';
import type { FolderModel } from './models-folder.ts';
import { UsageError, type CliOptions } from './options.ts';

/**
 * Ids are known to the app alone, so they are checked there, before any work.
 * @throws UsageError naming what there is instead.
 */
export function checkIds({ depth, inpaint, outputs }: CliOptions, depthIsFile: boolean, known: AutomationPlugins, models: readonly FolderModel[]): void {
  if (depth !== undefined && !depthIsFile) checkId(`--depth ${depth}`, depth, { is: 'neither a file nor a network nor a depth source', plugins: known.depth, what: 'depth sources' }, ofKind(models, 'depth'));
  if (inpaint !== undefined) checkId(`--inpaint ${inpaint}`, inpaint, { is: 'neither an inpainter nor a network', plugins: known.inpaint, what: 'inpainters' }, ofKind(models, 'inpaint'));
  const unknown = outputs?.filter((id) => !known.products.includes(id)) ?? [];
  if (unknown.length > 0) throw new UsageError(`--outputs ${unknown.join(',')} does not exist; there is ${list(known.products)}.`);
}

interface Choices {
  /** What an unknown id is, in words. */
  is: string;
  plugins: readonly string[];
  /** What those are called. */
  what: string;
}

function checkId(option: string, id: string, { is, plugins, what }: Choices, networks: readonly FolderModel[]): void {
  if (id === 'auto' || plugins.includes(id)) return;
  const model = networks.find(({ row }) => row.id === id);
  const here = list(networks.filter(({ state }) => state === 'ready').map(({ row }) => row.id));
  if (!model) throw new UsageError(`${option} is ${is}; networks here: ${here} (unflat models list shows all); ${what}: ${list(plugins)}.`);
  if (model.state === 'ready') return;
  throw new UsageError(`${option} is not on this machine; unflat models fetch ${id} fetches it (${modelSizeWords(model.row)}). Networks here: ${here}.`);
}

const ofKind = (models: readonly FolderModel[], kind: FolderModel['row']['kind']): FolderModel[] => models.filter(({ row }) => row.kind === kind);
const list = (ids: readonly string[]): string => ids.join(', ') || 'none';
