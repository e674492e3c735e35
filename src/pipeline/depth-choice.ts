import { UnflatError, throwIfAborted, type ModelInfo, type ModelRow } from '../core/index.ts';
import type { PipelineHost } from './host.ts';
import { NO_INFERENCE } from './inference.ts';
import type { ConvertSettings } from './types.ts';

/** What `settings.depthSource` means on this machine, now. */
export interface DepthChoice {
  /** Id of the depth source; absent with 'auto', where sources without networks are asked first. */
  source?: string;
  /** The network: the one to run, or with 'auto' the one to fall back to. */
  model?: ModelRow;
  /** Why it cannot run, for people who named it. Thrown only when depth has to be made, as results may still be at hand. */
  problem?: UnflatError;
  /** Why 'auto' has no network to fall back to, as the end of a sentence; absent where it has one or this build knows none. */
  lack?: string;
  /** Goes into keys: tells apart all that decides the depth besides the files and settings. */
  key: string;
}

/**
 * Looks up what is to give the depth. Asks for the models only where one may be wanted.
 * @throws UnflatError `no-model` when there is neither a source nor a model of that id.
 */
export async function chooseDepth(host: PipelineHost, settings: ConvertSettings, signal: AbortSignal): Promise<DepthChoice> {
  const wanted = settings.depthSource;
  const isSource = Object.hasOwn(host.plugins, wanted);
  if (isSource && !(await runsNetworks(host, wanted))) return { source: wanted, key: '' };
  const { models, failure } = await depthModels(host);
  throwIfAborted(signal);
  if (wanted === 'auto') {
    const [model] = best(models);
    return model ? { model, key: keyOf(model) } : { ...lackOf(models, failure), key: '' };
  }
  if (isSource) {
    const own = models.filter(({ row }) => row.plugin === wanted);
    const [model] = best(own);
    if (model) return { source: wanted, model, key: keyOf(model) };
    const { lack } = lackOf(own, failure);
    return { source: wanted, key: '', ...(lack && { problem: new UnflatError('no-model', `${capital(lack)}.`) }) };
  }
  const found = models.find(({ row }) => row.id === wanted);
  if (found) return { source: found.row.plugin, model: found.row, key: keyOf(found.row), ...(found.state !== 'ready' && { problem: notReady(found) }) };
  // Without networks the list of sources, which the registry gives, says it all.
  if (models.length === 0 && !failure) return { source: wanted, key: '' };
  const why = failure ? `the networks of this machine could not be looked up (${failure})` : `choose one of ${models.map(({ row }) => row.id).join(', ')}`;
  throw new UnflatError('no-model', `There is neither a depth source nor a model “${wanted}”; ${why}.`);
}

/** A source that cannot be loaded says so when it is to work. */
async function runsNetworks({ plugins }: PipelineHost, id: string): Promise<boolean> {
  const loaded = await plugins[id]?.().catch(() => undefined);
  return loaded?.default.kind === 'depth' && loaded.default.needsModel === true;
}

/** Depth models whose plugin this build has. A failure does not stop those who need none. */
async function depthModels({ inference = NO_INFERENCE, plugins }: PipelineHost): Promise<{ models: ModelInfo[]; failure?: string }> {
  try {
    const models = await inference.models();
    return { models: models.filter(({ row }) => row.kind === 'depth' && Object.hasOwn(plugins, row.plugin)) };
  } catch (error) {
    return { models: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Those that can run now, the best first; what is built in comes when nothing better is at hand. */
function best(models: readonly ModelInfo[]): ModelRow[] {
  return models
    .filter(({ state }) => state === 'ready')
    .map(({ row }) => row)
    .sort((a, b) => Number(a.embedded ?? false) - Number(b.embedded ?? false) || b.quality - a.quality || b.speed - a.speed);
}

/** All of a row that decides its answers; words for people do not. */
function keyOf({ id, plugin, files, input, constants, output }: ModelRow): string {
  return JSON.stringify([id, plugin, files.map(({ path, sha256, sizeBytes }) => [path, sha256 ?? sizeBytes]), input, constants ?? null, output]);
}

function lackOf(models: readonly ModelInfo[], failure: string | undefined): { lack?: string } {
  if (failure) return { lack: `the networks of this machine could not be looked up (${failure})` };
  const [smallest] = models.filter(({ isOwn }) => !isOwn).sort((a, b) => bytesOf(a.row) - bytesOf(b.row) || 0);
  if (!smallest) return {};
  return { lack: `no depth network is on this machine yet: download one, for example ${named(smallest.row)}` };
}

function notReady({ row, state }: ModelInfo): UnflatError {
  const what = state === 'partial' ? 'has not arrived whole yet' : 'is not on this machine yet';
  return new UnflatError('no-model', `${row.label} ${what}: download ${named(row)} first, or choose another depth source.`);
}

function named(row: ModelRow): string {
  const megabytes = bytesOf(row) / 1e6;
  return `${row.label} (${row.id}${megabytes < Infinity ? `, ${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB` : ''})`;
}

function bytesOf({ files }: ModelRow): number {
  return files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? Infinity), 0);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
