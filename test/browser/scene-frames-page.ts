/** Runs in the browser, for scene-frames.test.ts. */
import { photoCamera, translation, type Camera } from '../../src/core/index.ts';
import { SceneFrames, gpuIsProgram, type RendererKind } from '../../src/viewer/index.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const scene = syntheticScene(SMALL);
const cameras: Camera[] = Array.from({ length: 9 }, (_, n) => ({
  ...photoCamera(scene.lens, 160, 120),
  c2w: translation(0.03 * Math.cos(n), 0.03 * Math.sin(n), 0),
}));
const createWorker = (): Worker => new Worker('/worker.js', { type: 'module' });

const tests = {
  gpuIsProgram,

  /** All frames of the path by one renderer, each as the sum of its bytes by channel; and how it calls itself. */
  async path(kind?: RendererKind): Promise<{ kind: RendererKind; frames: number[][] }> {
    const drawing = new SceneFrames(scene, createWorker, kind);
    const context = new OffscreenCanvas(160, 120).getContext('2d', { willReadFrequently: true })!;
    const frames: number[][] = [];
    for await (const bitmap of drawing.frames(cameras)) {
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
      frames.push([...context.getImageData(0, 0, 160, 120).data]);
    }
    drawing.dispose();
    return { kind: drawing.kind, frames };
  },

  /** A still by one renderer. */
  async still(kind: RendererKind): Promise<number[]> {
    const drawing = new SceneFrames(scene, createWorker, kind);
    const { rgba } = await drawing.readPixels(cameras[2]!);
    drawing.dispose();
    return [...rgba];
  },
};

declare global {
  var sceneFrames: typeof tests;
}
globalThis.sceneFrames = tests;
