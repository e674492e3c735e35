import {
  UnflatError,
  lacksDepth,
  throwIfAborted,
  type DepthMap,
  type Lens,
  type Photo,
  type Raster,
  type Rect,
  type SourceFile,
} from '../core/index.ts';
import type { DepthInput, DepthReading, DepthResult, DepthSource } from 'unflat/plugin';
import type { DecodedPhoto } from '../decode/index.ts';
import type { DepthChoice } from './depth-choice.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { ModelUse } from './model-use.ts';
import { resolveOptions } from './resolve-options.ts';
import { loadPlugin, pluginIds } from './load-plugin.ts';
import type { RunContext } from './run-context.ts';
import type { ConvertSettings, ModelRunReport, Told } from './types.ts';

export interface SourceFiles {
  photo: SourceFile;
  map?: SourceFile;
  photoHash: string;
  mapHash: string;
}

/** A photo with its raw depth, before anything was done to it. */
export interface DepthedPhoto extends Told {
  photo: Photo;
  detail?: Raster;
  depth: DepthMap;
  lens?: Partial<Lens>;
  depthSource: string;
  depthModel?: ModelRunReport;
  /** How a map's values were read. */
  reading?: DepthReading;
  /** The photo is a part of the decoded one. */
  isCut?: true;
}

/** Finds or estimates the depth of a decoded photo; cuts the photo anew where the file holds depth beside it. */
export async function depthStage(
  host: PipelineHost,
  files: SourceFiles,
  decoded: DecodedPhoto,
  settings: ConvertSettings,
  choice: DepthChoice,
  run: RunContext,
): Promise<DepthedPhoto> {
  const told: Told = { warnings: [...decoded.warnings], notes: [...decoded.notes] };
  const use = new ModelUse();
  const contextFor = ({ options }: DepthSource) =>
    run.forPlugin(host, 'depth', told, { options, onInfer: (model, result) => use.add(model, result) });
  const inputFor = (source: DepthSource): DepthInput => {
    const exact = settings.lens !== undefined && source.options.some(({ id }) => id === 'exact');
    const options = resolveOptions(source.options, { ...wishesFor(source, settings), ...(exact && { exact }) });
    const model = source.needsModel ? choice.model : undefined;
    return { photo: decoded.photo, file: files.photo, ...(files.map && { map: files.map }), ...(model && { model }), options };
  };
  const estimateBy = async (source: DepthSource): Promise<DepthResult & { source: DepthSource }> => ({
    source,
    ...(await source.estimate(inputFor(source), contextFor(source))),
  });
  const find = async (): Promise<DepthResult & { source: DepthSource }> => {
    const source = await sourceFor(
      host,
      choice,
      decoded.photo.name,
      async (each) => (await each.detect?.(inputFor(each), contextFor(each))) ?? true,
    );
    try {
      return await estimateBy(source);
    } catch (error) {
      throwIfAborted(run.signal);
      // Nobody asked for that depth by name: a photo whose own depth is lost has the model's, as one that never had any.
      if (settings.depthSource !== 'auto' || files.map || !choice.model || source.needsModel || !lacksDepth(error)) throw error;
      told.warnings.push(`${error.message} Its depth was estimated by “${choice.model.label}” instead.`);
      return estimateBy(await loadPlugin(host.plugins, 'depth', choice.model.plugin));
    }
  };
  const { source, depth, crop, lens, reading } = await find().catch((error: unknown) => {
    if (error instanceof UnflatError) error.notes = told.notes;
    throw error;
  });
  throwIfAborted(run.signal);
  checkDepth(depth, source.id);
  const { photo, detail } = crop ? await recut(host, files, decoded.photo, crop, settings, run) : decoded;
  const depthModel = source.needsModel && choice.model ? use.report(choice.model) : undefined;
  return {
    photo,
    ...(detail && { detail }),
    depth,
    ...(lens && { lens }),
    depthSource: source.id,
    ...(depthModel && { depthModel }),
    ...(reading && { reading }),
    ...told,
    ...(crop && { isCut: true as const }),
  };
}

/** With 'auto' nobody can know whose options they set: each source takes its own. */
function wishesFor(source: DepthSource, { depthSource, depthOptions }: ConvertSettings): ConvertSettings['depthOptions'] {
  if (depthSource !== 'auto') return depthOptions;
  return Object.fromEntries(Object.entries(depthOptions).filter(([id]) => source.options.some((option) => option.id === id)));
}

/** 'auto' is the first source that has something for this photo, then a model, else the first source at all, which says what is missing. */
async function sourceFor(
  host: PipelineHost,
  choice: DepthChoice,
  photo: string,
  detects: (source: DepthSource) => Promise<boolean>,
): Promise<DepthSource> {
  if (choice.problem) throw choice.problem;
  if (choice.source !== undefined) {
    const source = await loadPlugin(host.plugins, 'depth', choice.source);
    if (source.needsModel && !choice.model)
      throw new UnflatError('no-model', `${source.label} needs a model, and this build cannot run models. Add a depth map.`);
    return source;
  }
  const ids = pluginIds(host.plugins, 'depth');
  let first: DepthSource | undefined;
  for (const id of ids) {
    const source = await loadPlugin(host.plugins, 'depth', id).catch((error: unknown) => {
      if (error instanceof UnflatError && ids.length > 1) return undefined;
      throw error;
    });
    if (!source || source.needsModel) continue;
    if (await detects(source)) return source;
    first ??= source;
  }
  if (choice.model) return loadPlugin(host.plugins, 'depth', choice.model.plugin);
  if (choice.lack !== undefined) {
    const map = first ? ', or add its depth map as a second file (PNG, JPEG, WebP, TIFF, OpenEXR, NPY or PFM)' : '';
    throw new UnflatError('no-depth', `${photo} holds no depth, and ${choice.lack}${map}.`);
  }
  if (first) return first;
  throw new UnflatError('bad-plugin', 'This build has no depth source; reload the page, or use a build that has one.');
}

/** A plugin's answer is data from outside: what follows relies on finite values in 0..1. */
function checkDepth({ width, height, disparity }: DepthMap, id: string): void {
  if (!(width >= 1 && height >= 1) || disparity.length !== width * height) {
    throw new UnflatError(
      'bad-plugin',
      `The depth source “${id}” returned ${disparity.length} values for ${width} × ${height} pixels; choose another source.`,
    );
  }
  for (let row = 0; row < disparity.length; row += width) {
    const wrong = firstWrong(disparity, row, row + width);
    if (wrong >= 0)
      throw new UnflatError(
        'bad-depth',
        `The depth source “${id}” returned the value ${disparity[wrong]}, which is not from 0 to 1; choose another source.`,
      );
  }
}

function firstWrong(disparity: Float32Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (!(disparity[i]! >= 0 && disparity[i]! <= 1)) return i;
  return -1;
}

/** Decodes the picture's part of the file once more, so that it too has the working resolution. */
async function recut(
  host: PipelineHost,
  files: SourceFiles,
  photo: Photo,
  crop: Rect,
  settings: ConvertSettings,
  run: RunContext,
): Promise<DecodedPhoto> {
  const x = photo.originalWidth / photo.width;
  const y = photo.originalHeight / photo.height;
  const left = Math.round(crop.x * x);
  const top = Math.round(crop.y * y);
  const full: Rect = {
    x: left,
    y: top,
    width: Math.max(1, Math.min(photo.originalWidth, Math.round((crop.x + crop.width) * x)) - left),
    height: Math.max(1, Math.min(photo.originalHeight, Math.round((crop.y + crop.height) * y)) - top),
  };
  return host.decodePhoto(files.photo, {
    longerSidePx: settings.longerSidePx,
    detailPx: settings.detailPx,
    hash: files.photoHash,
    crop: full,
    signal: run.signal,
  });
}
