import { UnflatError, type ModelRow } from '../core/index.ts';
import { best, capital, keyOf, lackOf, notReady, type ModelsOfKind } from './models-of-kind.ts';
import type { ConvertSettings, InpaintDecision, Told } from './types.ts';

/** All that decides what fills in the hidden parts. */
export interface InpaintFacts {
  /** `settings.inpainter`. */
  wanted: string;
  /** `settings.ifInpainterMissing`. Default 'fail'. */
  ifMissing?: ConvertSettings['ifInpainterMissing'];
  /** The build's inpainters in their order. */
  inpainters: readonly { id: string; needsModel: boolean }[];
  /** The inpainting models of this device; absent until they are asked for. */
  models?: ModelsOfKind;
}

/** An inpainter that is settled. */
export interface InpaintChoice extends InpaintDecision {
  /** Id of the inpainter. */
  plugin: string;
  /** The model that it is to run. */
  model?: ModelRow;
  /** Why that model cannot run, for people who named it. Thrown only when something has to be filled in, as results may still be at hand. */
  problem?: UnflatError;
  /** What does the work in its place, where no result of it is at hand. */
  instead?: InpaintChoice;
  /** What people should know of the choice. */
  told: Told;
  /** Goes into keys: tells apart all that decides the colours besides the settings. */
  key: string;
}

/**
 * What fills in the hidden parts: what the person named; with 'auto' the best model that is ready, else the first inpainter that
 * needs none; with 'without-model' that one at once. Where a model that was named is missing, `ifMissing` says whether that one
 * stands in for it.
 * @returns what is settled, or that the models of this device have to be looked up first.
 * @throws UnflatError `no-model` where there is neither an inpainter nor a model of that id.
 */
export function resolveInpaint(facts: InpaintFacts): InpaintChoice | { ask: 'models' } {
  const { wanted, inpainters, models, ifMissing = 'fail' } = facts;
  const plain = inpainters.find(({ needsModel }) => !needsModel)?.id ?? inpainters[0]?.id;
  if (plain === undefined)
    throw new UnflatError('bad-plugin', 'This build has no inpainter; reload the page, or use a build that has one.');
  if (wanted === 'without-model') return byPlugin(plain, 'without-model');
  const named = inpainters.find(({ id }) => id === wanted);
  if (named && !named.needsModel) return byPlugin(named.id, 'asked');
  if (!models) return { ask: 'models' };
  if (wanted === 'auto') {
    const [model] = best(models.models);
    if (model) return byModel(model, 'best');
    const { failure } = models;
    const words = `The models on this device could not be listed (${failure}); the hidden parts were filled in without one.`;
    return byPlugin(plain, 'without-model', failure === undefined ? [] : [words]);
  }
  if (named) return bestOf(named.id, models);
  const info = models.models.find(({ row }) => row.id === wanted);
  if (info?.state === 'ready') return byModel(info.row, 'asked');
  if (ifMissing === 'fail') {
    if (info) return { ...byModel(info.row, 'asked'), problem: notReady(info, 'choose another inpainter') };
    return unknown(facts, models);
  }
  const words = `${info?.row.label ?? 'The model'}, which filled in the hidden parts, is no longer on this device; they are filled in without a model.`;
  const instead = byPlugin(plain, 'replaced', ifMissing === 'warn' ? [words] : []);
  return info ? { ...byModel(info.row, 'asked'), instead } : instead;
}

/** The best model of an inpainter that was named. */
function bestOf(plugin: string, models: ModelsOfKind): InpaintChoice {
  const own = { ...models, models: models.models.filter(({ row }) => row.plugin === plugin) };
  const [model] = best(own.models);
  if (model) return byModel(model, 'asked');
  const lack =
    lackOf('model that fills in hidden parts', own) ?? 'there is no model that fills in hidden parts: add one, or choose another inpainter';
  return { ...byPlugin(plugin, 'asked'), problem: new UnflatError('no-model', `${capital(lack)}.`) };
}

function unknown({ wanted, inpainters }: InpaintFacts, { models, failure }: ModelsOfKind): InpaintChoice {
  // Without models the list of inpainters, which is told when one is loaded, says it all.
  if (models.length === 0 && failure === undefined) return byPlugin(wanted, 'asked');
  const why =
    failure !== undefined
      ? `the models on this device could not be listed (${failure})`
      : `choose one of ${[...inpainters.map(({ id }) => id), ...models.map(({ row }) => row.id)].join(', ')}`;
  throw new UnflatError('no-model', `There is neither an inpainter nor a model “${wanted}”; ${why}.`);
}

function byPlugin(plugin: string, why: InpaintDecision['why'], warnings: string[] = []): InpaintChoice {
  return { why, id: plugin, plugin, told: { warnings, notes: [] }, key: '' };
}

function byModel(model: ModelRow, why: InpaintDecision['why']): InpaintChoice {
  return { ...byPlugin(model.plugin, why), id: model.id, model, key: keyOf(model) };
}
