import { UnflatError, modelBytes, modelSizeWords, type ModelInfo, type ModelRow } from '../core/index.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { NO_INFERENCE } from './inference-service.ts';

/** Models of one kind whose plugin this build has. */
export interface ModelsOfKind {
  models: ModelInfo[];
  /** Why they could not be looked up; that does not stop those who need none. */
  failure?: string;
  /** The same as the end of a sentence, where the models' keeper has words for people of its own. */
  lack?: string;
}

/**
 * The models of this machine, of one kind. Never fails.
 * @param wanted what was named: with 'auto', models of plugins that the person installed are left out, as nobody but the person chooses them.
 */
export async function modelsOfKind(
  { inference = NO_INFERENCE, plugins, installed }: PipelineHost,
  kind: ModelRow['kind'],
  wanted = 'auto',
): Promise<ModelsOfKind> {
  try {
    const models = await inference.models();
    return {
      models: models.filter(
        ({ row }) => row.kind === kind && Object.hasOwn(plugins, row.plugin) && !(wanted === 'auto' && installed?.has(row.plugin)),
      ),
    };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    const isForPeople = error instanceof UnflatError && error.code === 'no-model';
    return { models: [], failure, ...(isForPeople && { lack: failure.charAt(0).toLowerCase() + failure.slice(1).replace(/\.$/, '') }) };
  }
}

/** Whether it is a plugin that needs models. One that cannot be loaded says so when it is to work. */
export async function needsModel({ plugins }: PipelineHost, id: string): Promise<boolean> {
  const loaded = await plugins[id]?.().catch(() => undefined);
  return loaded !== undefined && loaded.default.kind !== 'output' && loaded.default.needsModel === true;
}

/** Those that can run now, the best first; what is built in comes when nothing better is at hand. */
export function best(models: readonly ModelInfo[]): ModelRow[] {
  return models
    .filter(({ state }) => state === 'ready')
    .map(({ row }) => row)
    .sort((a, b) => Number(a.embedded ?? false) - Number(b.embedded ?? false) || b.quality - a.quality || b.speed - a.speed);
}

/** All of a row that decides its answers; words for people do not. */
export function keyOf({ id, plugin, files, input, constants, output }: ModelRow): string {
  return JSON.stringify([
    id,
    plugin,
    files.map(({ path, sha256, sizeBytes }) => [path, sha256 ?? sizeBytes]),
    input,
    constants ?? null,
    output,
  ]);
}

/** What is missing where no model is ready, as the end of a sentence; undefined where there is none to fetch. */
export function lackOf(what: string, { models, failure, lack }: ModelsOfKind): string | undefined {
  if (lack !== undefined) return lack;
  if (failure) return `the models on this device could not be listed (${failure})`;
  const [smallest] = models.filter(({ isOwn }) => !isOwn).sort((a, b) => bytesOf(a.row) - bytesOf(b.row) || 0);
  return smallest && `no ${what} is on this device yet: download one, for example ${named(smallest.row)}`;
}

/** @param instead what else can be done: 'choose another depth source'. */
export function notReady({ row, state }: ModelInfo, instead: string): UnflatError {
  const what = state === 'partial' ? 'is only partly downloaded' : 'is not on this device yet';
  return new UnflatError('no-model', `${row.label} ${what}: download ${named(row)} first, or ${instead}.`);
}

function named(row: ModelRow): string {
  return `${row.label} (${row.id}, ${modelSizeWords(row)})`;
}

const bytesOf = (row: ModelRow): number => modelBytes(row)?.bytes ?? Infinity;

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
