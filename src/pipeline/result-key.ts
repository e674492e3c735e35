import type { DepthChoice } from './depth-choice.ts';
import type { SourceFiles } from './depth-stage.ts';
import { sha256 } from './sha256.ts';
import type { ConvertSettings } from './types.ts';

/** Put in by the build: a hash of the sources that decide what a photo becomes. */
declare const UNFLAT_RESULT_VERSION: string;
const RESULT_VERSION = typeof UNFLAT_RESULT_VERSION === 'undefined' ? 'unbuilt' : UNFLAT_RESULT_VERSION;

/** The key of a result: a hash of all that decides it. The map's name counts, as it may say what is near. */
export function resultKey(files: SourceFiles, settings: ConvertSettings, choice: DepthChoice): Promise<string> {
  const parts = [RESULT_VERSION, files.photoHash, files.mapHash, files.map?.name ?? '', settings, choice.key];
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}
