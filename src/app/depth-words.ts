import type { OpenPhoto } from './desk-types.ts';

/** What gave a photo its depth, as a person knows it: a network's name, the map's file, the photo itself. */
export function depthWords({ settings: { from }, report, input }: OpenPhoto): string {
  if (from?.kind === 'model') return report.depthModel?.label ?? from.model;
  return from?.kind === 'inside' ? 'Inside the photo' : (input.map?.name ?? 'My own depth map');
}
