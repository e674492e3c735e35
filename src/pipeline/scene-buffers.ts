import type { Scene } from '../core/index.ts';

/** The buffers of a scene, to be handed over instead of copied. */
export function sceneBuffers(scene: Scene): ArrayBuffer[] {
  const arrays: ArrayBufferView[] = [
    scene.depth.disparity,
    ...scene.layers.flatMap(({ rgba, disparity, joins }) => [rgba, disparity, joins]),
    ...scene.meshes.flatMap(({ vertices, indices }) => [vertices, indices]),
    ...(scene.detail ? [scene.detail.rgba] : []),
  ];
  return [...new Set(arrays.map(({ buffer }) => buffer))].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
