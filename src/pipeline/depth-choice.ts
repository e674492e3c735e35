import { UnflatError, throwIfAborted, type ModelRow } from '../core/index.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { best, capital, keyOf, lackOf, modelsOfKind, notReady, needsModel } from './models-of-kind.ts';
import type { ConvertSettings } from './types.ts';

/** What `settings.depthSource` means on this machine, now. */
export interface DepthChoice {
  /** Id of the depth source; absent with 'auto', where sources without models are asked first. */
  source?: string;
  /** The model: the one to run, or with 'auto' the one to fall back to. */
  model?: ModelRow;
  /** Why it cannot run, for people who named it. Thrown only when depth has to be made, as results may still be at hand. */
  problem?: UnflatError;
  /** Why 'auto' has no model to fall back to, as the end of a sentence; absent where it has one or this build knows none. */
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
  if (isSource && !(await needsModel(host, wanted))) return { source: wanted, key: '' };
  const networks = await modelsOfKind(host, 'depth');
  const { models, failure } = networks;
  throwIfAborted(signal);
  if (wanted === 'auto') {
    const [model] = best(models);
    if (model) return { model, key: keyOf(model) };
    const lack = lackOf('depth model', networks);
    return { ...(lack !== undefined && { lack }), key: '' };
  }
  if (isSource) {
    const own = models.filter(({ row }) => row.plugin === wanted);
    const [model] = best(own);
    if (model) return { source: wanted, model, key: keyOf(model) };
    const lack = lackOf('depth model', { ...networks, models: own });
    return { source: wanted, key: '', ...(lack && { problem: new UnflatError('no-model', `${capital(lack)}.`) }) };
  }
  const found = models.find(({ row }) => row.id === wanted);
  if (found)
    return {
      source: found.row.plugin,
      model: found.row,
      key: keyOf(found.row),
      ...(found.state !== 'ready' && { problem: notReady(found, 'choose another depth source') }),
    };
  // Without models the list of sources, which the registry gives, says it all.
  if (models.length === 0 && !failure) return { source: wanted, key: '' };
  const why = failure
    ? `the models on this device could not be listed (${failure})`
    : `choose one of ${models.map(({ row }) => row.id).join(', ')}`;
  throw new UnflatError('no-model', `There is neither a depth source nor a model “${wanted}”; ${why}.`);
}
