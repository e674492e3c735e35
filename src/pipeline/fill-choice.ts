import { UnflatError, throwIfAborted, type ModelRow } from '../core/index.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { best, capital, keyOf, lackOf, modelsOfKind, notReady, needsModel } from './models-of-kind.ts';
import { pluginIds } from './load-plugin.ts';
import type { ConvertSettings } from './types.ts';

/** What `settings.inpainter` means on this machine, now. */
export interface FillChoice {
  /** Id of the inpainter. */
  plugin: string;
  /** The model that it is to run. */
  model?: ModelRow;
  /** Why it cannot run, for people who named it. Thrown only when something has to be inpainted, as results may still be at hand. */
  problem?: UnflatError;
  /** What people should know. */
  warning?: string;
  /** Goes into keys: tells apart all that decides the filling besides the settings. */
  key: string;
}

/**
 * Looks up what is to inpaint the hidden parts. Asks for the models only where one may be wanted.
 * @throws UnflatError `no-model` when there is neither an inpainter nor a model of that id.
 */
export async function chooseFill(host: PipelineHost, settings: ConvertSettings, signal: AbortSignal): Promise<FillChoice> {
  const wanted = settings.inpainter;
  const isPlugin = Object.hasOwn(host.plugins, wanted);
  if (isPlugin && !(await needsModel(host, wanted))) return { plugin: wanted, key: '' };
  const networks = await modelsOfKind(host, 'inpaint');
  const { models, failure } = networks;
  throwIfAborted(signal);
  if (wanted === 'auto') {
    const [model] = best(models);
    if (model) return withModel(model);
    const plugin = await withoutNetworks(host);
    return {
      plugin,
      key: plugin,
      ...(failure && {
        warning: `The models on this device could not be listed (${failure}); the hidden parts were filled in without one.`,
      }),
    };
  }
  if (isPlugin) {
    const own = models.filter(({ row }) => row.plugin === wanted);
    const [model] = best(own);
    if (model) return withModel(model);
    const lack =
      lackOf('model that fills in hidden parts', { ...networks, models: own }) ??
      'there is no model that fills in hidden parts: add one, or choose another inpainter';
    return { plugin: wanted, key: '', problem: new UnflatError('no-model', `${capital(lack)}.`) };
  }
  const found = models.find(({ row }) => row.id === wanted);
  if (found) return { ...withModel(found.row), ...(found.state !== 'ready' && { problem: notReady(found, 'choose another inpainter') }) };
  // Without models the list of inpainters, which the registry gives, says it all.
  if (models.length === 0 && !failure) return { plugin: wanted, key: '' };
  const why = failure
    ? `the models on this device could not be listed (${failure})`
    : `choose one of ${[...pluginIds(host.plugins, 'inpaint'), ...models.map(({ row }) => row.id)].join(', ')}`;
  throw new UnflatError('no-model', `There is neither an inpainter nor a model “${wanted}”; ${why}.`);
}

const withModel = (model: ModelRow): FillChoice => ({ plugin: model.plugin, model, key: keyOf(model) });

/** The first inpainter that needs no model. */
async function withoutNetworks(host: PipelineHost): Promise<string> {
  const ids = pluginIds(host.plugins, 'inpaint');
  for (const id of ids) if (!(await needsModel(host, id))) return id;
  return ids[0] ?? 'inpaint-classic';
}
