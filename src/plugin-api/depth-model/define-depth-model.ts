import { UnflatError, throwIfAborted, type InferResult, type ModelRow, type Photo, type Raster } from '../../core/index.ts';
import { API_VERSION } from '../api-version.ts';
import type { DepthInput, DepthResult, DepthSource, Environment, OptionSpec, PluginContext } from '../index.ts';
import { MOST_UNKNOWN } from './depth-of.ts';
import { feedFor } from './feed-for.ts';
import { fillGaps, unknownShare } from './fill-gaps.ts';
import { averageMirrored } from './average-mirrored.ts';
import { badModel, readNearness, type Nearness } from './nearness.ts';
import { Outlines } from './outlines.ts';
import { stretch } from './stretch.ts';

/** What tells one plugin for depth models from another; see {@link defineDepthModel}. */
export interface DepthModelPlugin {
  /** Lower-case letters, digits and hyphens, beginning with `depth-`; the plugin's folder name. */
  id: string;
  /** Short name for people. */
  label: string;
  /** Rows of its own, beside the catalogue's. Default none. */
  models?: readonly ModelRow[];
  /** Names of outputs that `read` needs besides the row's. Default none. */
  outputs?: readonly string[];
  /** Reads an answer that the row's `meaning` does not describe in full. Default: by its meaning. May write to the answer. */
  read?(answer: InferResult, model: ModelRow, photo: Photo): Nearness;
  /** True, or the reason, for people, why it cannot run here. Default true. */
  supports?(env: Environment): true | string;
}

const OPTIONS: readonly OptionSpec[] = [
  {
    id: 'mirror',
    label: 'Average with the mirrored photo',
    type: 'boolean',
    default: false,
    help: 'Also runs on the mirrored photo: a little better, twice as slow.',
  },
  {
    id: 'edges',
    label: 'Follow the photo’s outlines',
    type: 'boolean',
    default: false,
    help: 'Aligns depth with the photo’s outlines before silhouettes are sharpened. Try it where thin things break off; elsewhere it can make silhouettes uneven.',
  },
  { id: 'flip', label: 'Swap near and far', type: 'boolean', default: false, help: 'For models whose large values mean far.' },
];

/** Disparity of a picture in which a model sees no depth at all. */
const FLAT = 0.5;

/**
 * Declares a depth source that runs models: every model whose row names this plugin. The host makes the input as the row
 * says; here the answer is read by its meaning, averaged with that for the mirrored photo where the person wants it, brought
 * to disparities 0..1 and enlarged, along the photo's outlines where that is wanted. Export the result as the module's default.
 */
export function defineDepthModel({
  id,
  label,
  models,
  outputs,
  read = readNearness,
  supports = () => true,
}: DepthModelPlugin): DepthSource {
  async function ask(
    photo: Photo,
    image: Raster,
    model: ModelRow,
    mirrored: boolean,
    context: PluginContext,
    meanwhile?: () => void,
  ): Promise<Nearness> {
    const running = context.infer({ model: model.id, image, ...(mirrored && { mirrored }), ...(outputs && { outputs }) });
    meanwhile?.();
    const answer = await running;
    throwIfAborted(context.signal);
    return known(read(answer, model, photo), answer, model, photo, context);
  }

  async function estimate({ photo, model, options }: DepthInput, context: PluginContext): Promise<DepthResult> {
    throwIfAborted(context.signal);
    if (!model) throw new UnflatError('no-model', `${label} needs a model, and none was chosen. Choose a model.`);
    context.progress(0.05, 'Estimating depth…');
    const alongOutlines = options['edges'] === true;
    const outlines = new Outlines(photo, alongOutlines);
    const image = feedFor(photo, model);
    const nearness = await ask(photo, image, model, false, context, () => outlines.expect(model));
    if (options['mirror'] === true) {
      context.progress(0.5, 'Estimating depth of the mirrored photo…');
      if (!averageMirrored(nearness, await ask(photo, image, model, true, context))) {
        context.warn(`${model.label} sees ${photo.name} and its mirror image differently; only the photo itself was used.`);
      }
    }
    context.progress(0.95, alongOutlines ? 'Following outlines…' : 'Enlarging depth…');
    const lens = stretch(nearness);
    const { width, height, values } = nearness;
    if (!lens)
      context.warn(
        `${model.label} sees no depth in ${photo.name}: its output is the same everywhere. The 3D photo will be flat; try another model or add a depth map.`,
      );
    else if (options['flip'] === true) for (let i = 0; i < values.length; i++) values[i] = 1 - values[i]!;
    const depth = lens ? outlines.enlarge({ width, height, disparity: values }) : { width, height, disparity: values.fill(FLAT) };
    throwIfAborted(context.signal);
    context.progress(1);
    // Swapped distances are none.
    const told = { ...(options['flip'] !== true && lens), ...nearness.lens };
    return { depth, ...(Object.keys(told).length > 0 && { lens: told }) };
  }

  return {
    kind: 'depth',
    apiVersion: API_VERSION,
    id,
    label,
    options: OPTIONS,
    needsModel: true,
    ...(models && { models }),
    supports,
    estimate,
  };
}

/**
 * The old name of `defineDepthModel`.
 * @deprecated Use `defineDepthModel`; this name will be removed in 0.2.
 */
export const defineDepthNetwork = defineDepthModel;

/** Fills what is not known from beside it. @throws UnflatError `bad-model` where that is most of the picture. */
function known(nearness: Nearness, { provider }: InferResult, model: ModelRow, photo: Photo, context: PluginContext): Nearness {
  const unknown = unknownShare(nearness.values);
  if (unknown > MOST_UNKNOWN) {
    const next =
      provider === 'webgpu'
        ? 'Its numbers may be too large for this GPU: choose another version of it, or another model'
        : 'Choose another model';
    throw badModel(model, `returned no usable numbers for ${Math.round(unknown * 100)} % of ${photo.name}`, next);
  }
  if (unknown > 0) {
    context.warn(
      `${model.label} returned no usable numbers for ${unknown < 0.01 ? 'less than 1' : Math.round(unknown * 100)} % of ${photo.name}; they were filled in from around them.`,
    );
    fillGaps(nearness.values, nearness.width);
  }
  return nearness;
}
