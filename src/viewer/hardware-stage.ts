import type { Camera, Scene } from '../core/index.ts';
import { AroundPass } from './around-pass.ts';
import { drawn } from './drawn.ts';
import { GPU, endGpu, startGpu, type Gpu } from './gpu.ts';
import { GpuScene } from './gpu-scene.ts';
import { SceneRenderer } from './scene-renderer.ts';

/** A canvas's GPU context and what lives as long as that: Babylon's engine, our shaders. */
export class HardwareStage {
  readonly #gpu: Gpu;
  #passes: { renderer: SceneRenderer; around: AroundPass } | undefined;

  /** @throws UnflatError `graphics-unavailable` where there is no WebGL2. */
  constructor(canvas: HTMLCanvasElement) {
    this.#gpu = startGpu(canvas, { antialias: true });
  }

  /** Longest side of a picture in pixels. */
  get maxSide(): number {
    return this.#gpu.getCaps().maxRenderTextureSize;
  }

  /** Gets a scene ready to be drawn. @param isGone asked between the pieces; what comes back is to be disposed of then. */
  async upload(scene: Scene, isGone: () => boolean): Promise<GpuScene> {
    this.#passes ??= { renderer: new SceneRenderer(this.#gpu), around: new AroundPass(this.#gpu) };
    const { renderer, around } = this.#passes;
    const content = await GpuScene.upload(this.#gpu, scene, around, isGone);
    if (!isGone()) await renderer.ready(content);
    return content;
  }

  setSize(width: number, height: number): void {
    this.#gpu.setSize(width, height);
  }

  draw(content: GpuScene, camera: Camera): void {
    this.#gpu.restoreDefaultFramebuffer();
    this.#gpu.setViewport(GPU.wholeViewport);
    this.#passes?.renderer.draw(content, camera, 1);
  }

  /** Resolves when the GPU has drawn what it was told to. */
  drawn(): Promise<void> {
    return drawn(this.#gpu);
  }

  /** The context is gone: forgets what was in it. */
  lose(): void {
    this.#gpu.dispose();
  }

  /** Gives the context back to the browser. */
  dispose(): void {
    endGpu(this.#gpu);
  }
}
