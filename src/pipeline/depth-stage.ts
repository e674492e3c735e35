import {
  UnflatError,
  throwIfAborted,
  type DepthMap,
  type Lens,
  type ModelRow,
  type Photo,
  type Raster,
  type Rect,
  type SourceFile,
} from '../core/index.ts';
import type { DepthInput, DepthReading, DepthSource } from 'unflat/plugin';
import type { DecodedPhoto } from '../decode/index.ts';
import type { DepthChoice } from './resolve-depth.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { ModelUse } from './model-use.ts';
import { resolveOptions } from './resolve-options.ts';
import { loadPlugin } from './load-plugin.ts';
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

/** What a depth source works with besides the services of the host. */
function inputFor(
  source: DepthSource,
  files: SourceFiles,
  { photo }: DecodedPhoto,
  settings: ConvertSettings,
  model?: ModelRow,
): DepthInput {
  const exact = settings.lens !== undefined && source.options.some(({ id }) => id === 'exact');
  const options = resolveOptions(source.options, { ...wishesFor(source, settings), ...(exact && { exact }) });
  return { photo, file: files.photo, ...(files.map && { map: files.map }), ...(model && { model }), options };
}

/** Whether a source has something for a photo, by its own word. */
export async function hasDepth(
  host: PipelineHost,
  files: SourceFiles,
  decoded: DecodedPhoto,
  settings: ConvertSettings,
  id: string,
  run: RunContext,
): Promise<{ isThere: boolean; told: Told }> {
  const told: Told = { warnings: [], notes: [] };
  const source = await loadPlugin(host.plugins, 'depth', id);
  const context = run.forPlugin(host, 'depth', told, { plugin: source });
  return { isThere: (await source.detect?.(inputFor(source, files, decoded, settings), context)) ?? true, told };
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
  if (choice.problem) throw choice.problem;
  const told: Told = { warnings: [...decoded.warnings], notes: [...decoded.notes] };
  const use = new ModelUse();
  const source = await loadPlugin(host.plugins, 'depth', choice.source);
  const model = source.needsModel ? choice.model : undefined;
  if (source.needsModel && !model)
    throw new UnflatError('no-model', `${source.label} needs a model, and this build cannot run models. Add a depth map.`);
  const context = run.forPlugin(host, 'depth', told, { plugin: source, onInfer: (id, result) => use.add(id, result) });
  const { depth, crop, lens, reading } = await source
    .estimate(inputFor(source, files, decoded, settings, model), context)
    .catch((error: unknown) => {
      if (error instanceof UnflatError) error.notes = told.notes;
      throw error;
    });
  throwIfAborted(run.signal);
  checkDepth(depth, source.id);
  const { photo, detail } = crop ? await recut(host, files, decoded.photo, crop, settings, run) : decoded;
  const depthModel = model && use.report(model);
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
