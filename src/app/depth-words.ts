import { isSceneFile } from '../pipeline/index.ts';
import type { OpenPhoto } from './desk-types.ts';
import { strings } from './strings.ts';

/**
 * What gave a photo its depth, as a person knows it: a model's name, the map's file, the photo itself, the saved 3D photo, a plugin.
 * @param label of the plugin that gave it. Default: its id.
 */
export function depthWords({ settings: { from }, report, input, originals }: OpenPhoto, label?: string): string {
  if (isSceneFile(input.photo) && !originals) return strings.details.inFile;
  if (from?.kind === 'model') return report.depthModel?.label ?? from.model;
  if (from?.kind === 'plugin') return label ?? from.plugin;
  return from?.kind === 'inside' ? strings.depth.inside : (input.map?.name ?? strings.depth.ownMap);
}
