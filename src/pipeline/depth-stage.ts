import { UnflatError, throwIfAborted, type DepthMap, type Lens, type Photo, type Raster, type Rect, type SourceFile } from '../core/index.ts';
import type { DepthInput, DepthSource } from 'unflat/plugin';
import type { DecodedPhoto } from './decode.ts';
import type { PipelineHost } from './host.ts';
import { resolveOptions } from './options.ts';
import { loadPlugin, pluginIds } from './registry.ts';
import type { RunContext } from './run-context.ts';
import type { ConvertSettings } from './types.ts';

export interface SourceFiles {
  photo: SourceFile;
  map?: SourceFile;
  photoHash: string;
  mapHash: string;
}

/** A photo with its raw depth, before anything was done to it. */
export interface DepthedPhoto {
  photo: Photo;
  detail?: Raster;
  depth: DepthMap;
  lens?: Partial<Lens>;
  depthSource: string;
  warnings: string[];
}

/** Finds or estimates the depth of a decoded photo; cuts the photo anew where the file holds depth beside it. */
export async function depthStage(host: PipelineHost, files: SourceFiles, decoded: DecodedPhoto, settings: ConvertSettings, run: RunContext): Promise<DepthedPhoto> {
  const warnings = [...decoded.warnings];
  const context = run.forPlugin(host, 'depth', warnings);
  const inputFor = (source: DepthSource): DepthInput => {
    const exact = settings.lens !== undefined && source.options.some(({ id }) => id === 'exact');
    const options = resolveOptions(source.options, exact ? { ...settings.depthOptions, exact } : settings.depthOptions);
    return { photo: decoded.photo, file: files.photo, ...(files.map && { map: files.map }), options };
  };
  const source = await chooseSource(host, settings.depthSource, async (each) => (await each.detect?.(inputFor(each), context)) ?? true);
  const { depth, crop, lens } = await source.estimate(inputFor(source), context);
  throwIfAborted(run.signal);
  checkDepth(depth, source.id);
  const { photo, detail } = crop ? await recut(host, files, decoded.photo, crop, settings, run) : decoded;
  return { photo, ...(detail && { detail }), depth, ...(lens && { lens }), depthSource: source.id, warnings };
}

/** 'auto' is the first source that has something for this photo, else the first at all, which then says what is missing. */
async function chooseSource(host: PipelineHost, wanted: string, detects: (source: DepthSource) => Promise<boolean>): Promise<DepthSource> {
  if (wanted !== 'auto') return loadPlugin(host.plugins, 'depth', wanted);
  const ids = pluginIds(host.plugins, 'depth');
  let first: DepthSource | undefined;
  for (const id of ids) {
    const source = await loadPlugin(host.plugins, 'depth', id).catch((error: unknown) => {
      if (error instanceof UnflatError && ids.length > 1) return undefined;
      throw error;
    });
    if (source && (await detects(source))) return source;
    first ??= source;
  }
  if (first) return first;
  throw new UnflatError('bad-plugin', 'No depth source is at hand; reload the page, or bring a build that has one.');
}

/** A plugin's answer is data from outside: what follows relies on finite values in 0..1. */
function checkDepth({ width, height, disparity }: DepthMap, id: string): void {
  if (!(width >= 1 && height >= 1) || disparity.length !== width * height) {
    throw new UnflatError('bad-plugin', `The depth source “${id}” gave ${disparity.length} values for ${width} × ${height} pixels; choose another source.`);
  }
  for (let i = 0; i < disparity.length; i++) {
    const value = disparity[i]!;
    if (!(value >= 0 && value <= 1)) throw new UnflatError('bad-depth', `The depth source “${id}” gave the value ${value}, which is not from 0 to 1; choose another source.`);
  }
}

/** Decodes the picture's part of the file once more, so that it too has the working resolution. */
async function recut(host: PipelineHost, files: SourceFiles, photo: Photo, crop: Rect, settings: ConvertSettings, run: RunContext): Promise<DecodedPhoto> {
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
  return host.decodePhoto(files.photo, { longerSidePx: settings.longerSidePx, detailPx: settings.detailPx, hash: files.photoHash, crop: full, signal: run.signal });
}
