import { sha256 } from '../core/index.ts';
import type { SourceFiles } from './depth-stage.ts';
import type { DepthChoice } from './resolve-depth.ts';
import type { InpaintChoice } from './resolve-inpaint.ts';
import type { ConvertSettings } from './types.ts';

/** Put in by the build: a hash of the sources that decide what a photo becomes. */
declare const UNFLAT_RESULT_VERSION: string;
const RESULT_VERSION = typeof UNFLAT_RESULT_VERSION === 'undefined' ? 'unbuilt' : UNFLAT_RESULT_VERSION;

/** The key of a result: a hash of all that decides it. */
export function resultKey(files: SourceFiles, settings: ConvertSettings, depth: DepthChoice, inpaint: InpaintChoice): Promise<string> {
  return keyOf(files, { ...settled(settings, depth), inpainter: inpaint.id, ifInpainterMissing: undefined }, depth.key, inpaint.key);
}

/** The key of what is inpainted: a hash of all that decides the layers and their triangles, but not their colours behind. */
export function layersKey(files: SourceFiles, settings: ConvertSettings, depth: DepthChoice): Promise<string> {
  const without = { inpainter: undefined, inpaintOptions: undefined, ifInpainterMissing: undefined };
  return keyOf(files, { ...settled(settings, depth), ...without }, depth.key);
}

/** The key of a depth map as its source gives it. The photo's size counts, as models see it at that size. */
export function depthKey(
  files: SourceFiles,
  { longerSidePx, detailPx, depthOptions, lens }: ConvertSettings,
  depth: DepthChoice,
): Promise<string> {
  return keyOf(files, { longerSidePx, detailPx, depthSource: depth.id, depthOptions, exact: lens !== undefined }, depth.key);
}

/** What was chosen counts, and not how it came to that: the same photo has one key however it is opened. */
function settled(settings: ConvertSettings, { id }: DepthChoice): ConvertSettings {
  const { preferredModel: _, ...others } = settings;
  return { ...others, depthSource: id };
}

/** The map's name counts, as it may say what is near. */
function keyOf({ photoHash, mapHash, map }: SourceFiles, settings: object, ...choices: string[]): Promise<string> {
  const parts = [RESULT_VERSION, photoHash, mapHash, map?.name ?? '', settings, ...choices];
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}
