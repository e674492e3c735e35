import { UnflatError, type ModelRow } from '../core/index.ts';
import { best, capital, keyOf, lackOf, notReady, type ModelsOfKind } from './models-of-kind.ts';
import type { DepthDecision, Told } from './types.ts';

/** What a depth source is, as far as the decision goes. */
export interface DepthSourceFacts {
  id: string;
  needsModel: boolean;
  readsDepthFiles: boolean;
  /** Why it cannot be loaded or cannot run here. */
  problem?: UnflatError;
}

/** What a source that needs no model finds for a photo: depth that was read, none, or depth that is announced and cannot be read. */
export type Found = { told: Told } & ({ depth: 'read' | 'none' } | { depth: 'lost'; error: UnflatError });

/** All that decides where a photo's depth comes from. What takes time to find out is absent until it is asked for. */
export interface DepthFacts {
  /** `settings.depthSource`. */
  wanted: string;
  /** `settings.preferredModel`. */
  preferred?: string;
  /** The photo's name, for people. */
  photo: string;
  /** The person brought a depth map. */
  hasMap: boolean;
  /** The build's sources in their order; where one was named, that one alone. */
  sources: readonly DepthSourceFacts[];
  /** The depth models of this device. */
  models?: ModelsOfKind;
  /** By source. */
  found: ReadonlyMap<string, Found>;
}

/** A source that is settled. */
export interface DepthChoice extends DepthDecision {
  /** Id of the depth source. */
  source: string;
  /** The model that it is to run. */
  model?: ModelRow;
  /** Why that model cannot run, for people who named it. Thrown only when depth has to be made, as results may still be at hand. */
  problem?: UnflatError;
  /** What people should know of the choice. */
  told: Told;
  /** Goes into keys: tells apart all that decides the depth besides the files and settings. */
  key: string;
}

/** What has to be known before more can be said: the models of this device, or what that source finds. */
export type DepthQuestion = { ask: 'models' } | { ask: 'source'; source: string };

/**
 * Where a photo's depth comes from: what the person named; else their own map, depth inside the photo, the model they prefer, the
 * best model that is ready, the bundled one. A map of one's own is never swapped for a guess; depth inside the photo that cannot be
 * read is, with a warning.
 * @returns what is settled, or what has to be asked next.
 * @throws UnflatError where nothing can give the depth: `no-depth`, `bad-depth`, `no-model` or `bad-plugin`, with what to do.
 */
export function resolveDepth(facts: DepthFacts): DepthChoice | DepthQuestion {
  const { wanted, sources, hasMap, models } = facts;
  if (wanted === 'auto') return automatic(facts);
  if (wanted === 'file') {
    const reader = sources.find(({ readsDepthFiles, problem }) => readsDepthFiles && !problem);
    if (reader) return depthBySource(reader.id, hasMap ? 'map' : 'inside', 'asked');
    throw sources.find(({ problem }) => problem)?.problem ?? new UnflatError('bad-plugin', 'No depth source here reads depth maps.');
  }
  const named = sources.find(({ id }) => id === wanted);
  if (named?.problem) throw named.problem;
  if (named && !named.needsModel) {
    const from = !named.readsDepthFiles ? 'plugin' : hasMap ? 'map' : 'inside';
    return depthBySource(named.id, from, 'asked');
  }
  if (!models) return { ask: 'models' };
  return named ? bestOf(named.id, models) : modelNamed(wanted, models);
}

function automatic({ photo, preferred, hasMap, sources, models, found }: DepthFacts): DepthChoice | DepthQuestion {
  const readers = sources.filter(({ needsModel, problem }) => !needsModel && !problem);
  const forMap = hasMap ? readers.find(({ readsDepthFiles }) => readsDepthFiles) : undefined;
  if (forMap) return depthBySource(forMap.id, 'map', 'brought');
  const told: Told = { warnings: [], notes: [] };
  let lost: UnflatError | undefined;
  for (const { id, readsDepthFiles } of readers) {
    const answer = found.get(id);
    if (!answer) return { ask: 'source', source: id };
    told.warnings.push(...answer.told.warnings);
    told.notes.push(...answer.told.notes);
    if (answer.depth === 'read') return { ...depthBySource(id, readsDepthFiles ? 'inside' : 'plugin', 'found'), told };
    if (answer.depth !== 'lost') continue;
    lost = answer.error;
    told.notes.push(...lost.notes);
    break;
  }
  if (lost && hasMap) throw lost;
  if (!models) return { ask: 'models' };
  const ready = best(models.models);
  const model = ready.find(({ id }) => id === preferred) ?? ready[0];
  if (model) {
    if (lost) told.warnings.push(`${lost.message} Its depth was estimated by “${model.label}” instead.`);
    return { ...depthByModel(model, model.id === preferred ? 'preferred' : model.embedded ? 'bundled' : 'best'), told };
  }
  if (lost) throw lost;
  const lack = lackOf('depth model', models);
  const [first] = readers;
  if (lack !== undefined) {
    const map = first ? ', or add its depth map as a second file (PNG, JPEG, WebP, TIFF, OpenEXR, NPY or PFM)' : '';
    throw Object.assign(new UnflatError('no-depth', `${photo} holds no depth, and ${lack}${map}.`), { notes: told.notes });
  }
  // It says itself what is missing.
  if (first) return { ...depthBySource(first.id, 'inside', 'asked'), told };
  const [only] = sources;
  if (only?.problem && sources.length === 1) throw only.problem;
  throw new UnflatError('bad-plugin', 'This build has no depth source; reload the page, or use a build that has one.');
}

/** The best model of a source that was named. */
function bestOf(source: string, models: ModelsOfKind): DepthChoice {
  const own = { ...models, models: models.models.filter(({ row }) => row.plugin === source) };
  const [model] = best(own.models);
  if (model) return depthByModel(model, 'asked');
  const lack = lackOf('depth model', own);
  return {
    ...depthBySource(source, 'model', 'asked'),
    ...(lack !== undefined && { problem: new UnflatError('no-model', `${capital(lack)}.`) }),
  };
}

function modelNamed(wanted: string, { models, failure }: ModelsOfKind): DepthChoice {
  const found = models.find(({ row }) => row.id === wanted);
  if (found) {
    const problem = found.state === 'ready' ? undefined : notReady(found, 'choose another depth source');
    return { ...depthByModel(found.row, 'asked'), ...(problem && { problem }) };
  }
  // Without models the list of sources, which is told when one is loaded, says it all.
  if (models.length === 0 && failure === undefined) return depthBySource(wanted, 'plugin', 'asked');
  const why =
    failure !== undefined
      ? `the models on this device could not be listed (${failure})`
      : `choose one of ${models.map(({ row }) => row.id).join(', ')}`;
  throw new UnflatError('no-model', `There is neither a depth source nor a model “${wanted}”; ${why}.`);
}

/** A source that needs no model. */
export function depthBySource(source: string, from: DepthDecision['from'], why: DepthDecision['why']): DepthChoice {
  return { from, why, id: source, source, told: { warnings: [], notes: [] }, key: '' };
}

function depthByModel(model: ModelRow, why: DepthDecision['why']): DepthChoice {
  return { ...depthBySource(model.plugin, 'model', why), id: model.id, model, key: keyOf(model) };
}
