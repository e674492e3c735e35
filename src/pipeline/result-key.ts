import type { SourceFiles } from './depth-stage.ts';
import { sha256 } from './host.ts';
import type { ConvertSettings } from './types.ts';

/** Goes up whenever the same input gives another scene than before: layers, depth-map, inpaint-classic, decoding. */
const RESULT_VERSION = 1;

/** The key of a result: a hash of all that decides it. The map's name counts, as it may say what is near. */
export function resultKey(files: SourceFiles, settings: ConvertSettings): Promise<string> {
  const parts = [RESULT_VERSION, files.photoHash, files.mapHash, files.map?.name ?? '', settings];
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}
