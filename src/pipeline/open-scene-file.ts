import { throwIfAborted, type SourceFile } from '../core/index.ts';
import { decodeTexture, isGlb, readScene } from '../scene-file/index.ts';
import type { ConvertResult } from './types.ts';

/** Whether a file is a 3D model by its name, its type or its first bytes, as far as these are at hand. */
export function isSceneFile(file: SourceFile | File): boolean {
  return /\.glb$/i.test(file.name) || (file instanceof Blob ? file.type === 'model/gltf-binary' : isGlb(file.bytes));
}

/**
 * Opens a 3D photo that was saved as a file: nothing is computed anew. The report says what the file says of its making.
 * @throws UnflatError as `readScene` does; `signal.reason` when cancelled.
 */
export async function openSceneFile(file: SourceFile | File, signal?: AbortSignal): Promise<ConvertResult> {
  const start = performance.now();
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file.bytes;
  throwIfAborted(signal);
  const scene = await readScene({ name: file.name, bytes }, decodeTexture, signal);
  const { origin, width, height } = scene;
  const inpainter = origin?.inpainter ?? '';
  return {
    scene,
    report: {
      timesMs: { decode: performance.now() - start },
      warnings: [],
      notes: [],
      depthSource: origin?.depthSource ?? '',
      // Its depth is in the file, whatever made it.
      depthChoice: { from: 'inside', why: 'found', id: origin?.depthSource || 'file' },
      originalWidth: origin?.originalWidth || width,
      originalHeight: origin?.originalHeight || height,
      width,
      height,
      inpainter,
      inpaintChoice: { why: 'asked', id: origin?.inpaintModel ?? (inpainter || 'without-model') },
      inpaint: { plugin: inpainter, label: origin?.inpaintModel ?? inpainter, runs: 0, hostMs: 0 },
      layers: scene.layers.length,
      triangles: scene.meshes.reduce((sum, { indices }) => sum + indices.length / 3, 0),
      stored: true,
    },
  };
}
