import { sha256 } from '../core/index.ts';
import type { SourceFiles } from './depth-stage.ts';
import type { DepthChoice } from './depth-choice.ts';
import type { FillChoice } from './fill-choice.ts';
import type { ConvertSettings } from './types.ts';

/** Put in by the build: a hash of the sources that decide what a photo becomes. */
declare const UNFLAT_RESULT_VERSION: string;
const RESULT_VERSION = typeof UNFLAT_RESULT_VERSION === 'undefined' ? 'unbuilt' : UNFLAT_RESULT_VERSION;

/** The key of a result: a hash of all that decides it. */
export function resultKey(files: SourceFiles, settings: ConvertSettings, depth: DepthChoice, fill: FillChoice): Promise<string> {
  return keyOf(files, settings, depth.key, fill.key);
}

/** The key of what is inpainted: a hash of all that decides the layers and their triangles, but not their colours behind. */
export function layersKey(files: SourceFiles, settings: ConvertSettings, depth: DepthChoice): Promise<string> {
  return keyOf(files, { ...settings, inpainter: undefined, inpaintOptions: undefined }, depth.key);
}

/** The key of a depth map as its source gives it. The photo's size counts, as models see it at that size. */
export function depthKey(
  files: SourceFiles,
  { longerSidePx, detailPx, depthSource, depthOptions, lens }: ConvertSettings,
  depth: DepthChoice,
): Promise<string> {
  return keyOf(files, { longerSidePx, detailPx, depthSource, depthOptions, exact: lens !== undefined }, depth.key);
}

/** The map's name counts, as it may say what is near. */
function keyOf({ photoHash, mapHash, map }: SourceFiles, settings: object, ...choices: string[]): Promise<string> {
  const parts = [RESULT_VERSION, photoHash, mapHash, map?.name ?? '', settings, ...choices];
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}
