import type { Scene } from '../core/index.ts';

/** Bytes of a scene in memory. */
export function sceneBytes({ layers, meshes, depth, detail }: Scene): number {
  const ofLayers = layers.reduce((sum, { rgba, disparity, joins }) => sum + rgba.byteLength + disparity.byteLength + joins.byteLength, 0);
  const ofMeshes = meshes.reduce((sum, { vertices, indices }) => sum + vertices.byteLength + indices.byteLength, 0);
  return ofLayers + ofMeshes + depth.disparity.byteLength + (detail?.rgba.byteLength ?? 0);
}
