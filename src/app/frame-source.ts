import type { Camera, Scene } from '../core/index.ts';
import type { FrameSource } from '../pipeline/index.ts';
import type { Look } from '../viewer/index.ts';
import { createRasterWorker } from './create-worker.ts';

/** Renders the scene apart from the view; what does is started only when the first frame is asked for. */
export function frameSource(scene: Scene): FrameSource {
  return async function* (cameras) {
    const { SceneFrames } = await import('../viewer/index.ts');
    const renderer = new SceneFrames(scene, createRasterWorker);
    try {
      yield* renderer.frames(cameras);
    } finally {
      renderer.dispose();
    }
  };
}

/** What is seen from there. */
export async function viewFrom(scene: Scene, look: Look): Promise<Camera> {
  const { framingOf, lookCamera } = await import('../viewer/index.ts');
  return lookCamera(scene, framingOf(scene), look, scene.width, scene.height);
}
