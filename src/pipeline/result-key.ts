import type { SourceFiles } from './depth-stage.ts';
import { sha256 } from './sha256.ts';
import type { Choice } from './run.ts';
import type { ConvertSettings } from './types.ts';

/** Put in by the build: a hash of the sources that decide what a photo becomes. */
declare const UNFLAT_RESULT_VERSION: string;
const RESULT_VERSION = typeof UNFLAT_RESULT_VERSION === 'undefined' ? 'unbuilt' : UNFLAT_RESULT_VERSION;

/** The key of a result: a hash of all that decides it. The map's name counts, as it may say what is near. */
export function resultKey(files: SourceFiles, settings: ConvertSettings, { depth, fill }: Choice): Promise<string> {
  const parts = [RESULT_VERSION, files.photoHash, files.mapHash, files.map?.name ?? '', settings, depth.key, fill.key];
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}
