import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper.js';
import { ThinTexture } from '@babylonjs/core/Materials/Textures/thinTexture.js';
import aroundFragment from '../../shaders/around.frag';
import { GPU, type Gpu } from './gpu.ts';
import { ScreenPass } from './screen-pass.ts';

/** Makes, of a layer, the texture that says how low and high the disparity goes around each pixel. */
export class AroundPass {
  readonly #gpu: Gpu;
  readonly #along: ScreenPass;
  readonly #across: ScreenPass;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#along = new ScreenPass(gpu, 'around', aroundFragment, ['FIRST']);
    this.#across = new ScreenPass(gpu, 'around', aroundFragment);
  }

  async ready(): Promise<void> {
    await Promise.all([this.#along.ready(), this.#across.ready()]);
  }

  /** @param layer `span`: lowest disparity of the layer, and highest less lowest. */
  run(layer: {
    colours: ThinTexture;
    disparities: ThinTexture;
    span: readonly [number, number];
    width: number;
    height: number;
  }): RenderTargetWrapper {
    const { colours, disparities, span, width, height } = layer;
    const gpu = this.#gpu;
    const target = (): RenderTargetWrapper =>
      gpu.createRenderTargetTexture(
        { width, height },
        { generateMipMaps: false, generateDepthBuffer: false, samplingMode: GPU.nearest, type: GPU.typeByte, format: GPU.formatRedGreen },
      );
    const between = target();
    gpu.bindFramebuffer(between);
    this.#along.draw({ span }, { colours, disparities });
    gpu.unBindFramebuffer(between);
    const result = target();
    gpu.bindFramebuffer(result);
    this.#across.draw({}, { picture: new ThinTexture(between.texture) });
    gpu.unBindFramebuffer(result);
    between.dispose();
    return result;
  }
}
