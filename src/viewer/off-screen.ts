import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper.js';
import { ThinTexture } from '@babylonjs/core/Materials/Textures/thinTexture.js';
import resolveFragment from '../../shaders/resolve.frag';
import { GPU, type Gpu } from './gpu.ts';
import { ScreenPass } from './screen-pass.ts';

/**
 * A picture of a canvas's size beside the canvas. Where a program stands in for the graphics
 * card, the page waits for whatever is drawn on its canvas; here it can be drawn first, and
 * shown when it is done.
 */
export class OffScreen {
  readonly #gpu: Gpu;
  readonly #copy: ScreenPass;
  #target: RenderTargetWrapper | undefined;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#copy = new ScreenPass(gpu, 'resolve', resolveFragment);
  }

  ready(): Promise<void> {
    return this.#copy.ready();
  }

  /** Binds a picture of that size, to draw on. */
  bind(width: number, height: number): void {
    const gpu = this.#gpu;
    if (this.#target?.width !== width || this.#target.height !== height) {
      this.#target?.dispose();
      this.#target = gpu.createRenderTargetTexture(
        { width, height },
        { generateMipMaps: false, generateDepthBuffer: true, samplingMode: GPU.nearest, type: GPU.typeByte, format: GPU.formatRgba },
      );
    }
    gpu.bindFramebuffer(this.#target);
  }

  /** Makes the canvas as large as the picture and puts the picture on it. */
  show(): void {
    if (!this.#target) return;
    const gpu = this.#gpu;
    gpu.unBindFramebuffer(this.#target);
    gpu.setSize(this.#target.width, this.#target.height);
    gpu.setViewport(GPU.wholeViewport);
    this.#copy.draw({ grid: [1, 0] }, { picture: new ThinTexture(this.#target.texture) });
  }
}
