import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper.js';
import { ThinTexture } from '@babylonjs/core/Materials/Textures/thinTexture.js';
import type { Camera, Scene } from '../core/index.ts';
import resolveFragment from '../../shaders/resolve.frag';
import { AroundPass } from './around-pass.ts';
import { drawn } from './drawn.ts';
import { GPU, endGpu, isSoftware, startGpu, type Gpu } from './gpu.ts';
import { GpuScene } from './gpu-scene.ts';
import { SceneRenderer } from './scene-renderer.ts';
import { ScreenPass } from './screen-pass.ts';

/** Most samples of one picture; 8 bytes each (colour and depth), so a quarter of a gigabyte. */
const MOST_SAMPLES = 32 * 2 ** 20;

interface Targets {
  width: number;
  height: number;
  samples: number;
  large: RenderTargetWrapper;
  small: RenderTargetWrapper;
  picture: ThinTexture;
}

/** A GPU context of its own that draws a scene off the screen, supersampled. */
export class FrameTarget {
  readonly #canvas = document.createElement('canvas');
  readonly #gpu: Gpu;
  readonly #scene: Scene;
  readonly #renderer: SceneRenderer;
  readonly #resolve: ScreenPass;
  #content: GpuScene | undefined;
  #targets: Targets | undefined;

  constructor(scene: Scene) {
    this.#gpu = startGpu(this.#canvas, { antialias: false });
    this.#scene = scene;
    this.#renderer = new SceneRenderer(this.#gpu);
    this.#resolve = new ScreenPass(this.#gpu, 'resolve', resolveFragment);
  }

  async ready(): Promise<this> {
    const [content] = await Promise.all([
      GpuScene.upload(this.#gpu, this.#scene, new AroundPass(this.#gpu), () => false),
      this.#resolve.ready(),
    ]);
    this.#content = content;
    await this.#renderer.ready(content);
    return this;
  }

  get isLost(): boolean {
    return this.#gpu._gl.isContextLost();
  }

  get isSoftware(): boolean {
    return isSoftware(this.#gpu);
  }

  get bytes(): number {
    return this.#content?.bytes ?? 0;
  }

  /** Samples a pixel that the GPU can hold, at most `wanted`. */
  fittingSamples({ width, height }: Camera, wanted: number): number {
    const { maxTextureSize } = this.#gpu.getCaps();
    let samples = wanted;
    while (samples > 1 && (Math.max(width, height) * samples > maxTextureSize || width * height * samples * samples > MOST_SAMPLES))
      samples--;
    return samples;
  }

  /** Draws on the canvas and takes its picture. */
  async bitmap(camera: Camera, samples: number): Promise<ImageBitmap> {
    const { large, picture } = this.#draw(camera, samples);
    const gpu = this.#gpu;
    gpu.unBindFramebuffer(large);
    await drawn(gpu);
    gpu.setSize(camera.width, camera.height);
    gpu.setViewport(GPU.wholeViewport);
    this.#resolve.draw({ grid: [samples, 0] }, { picture });
    return createImageBitmap(this.#canvas);
  }

  /** Draws off the screen and reads the pixels, first row on top. */
  async pixels(camera: Camera, samples: number): Promise<Uint8ClampedArray> {
    const { large, small, picture } = this.#draw(camera, samples);
    const { width, height } = camera;
    const gpu = this.#gpu;
    gpu.unBindFramebuffer(large);
    gpu.bindFramebuffer(small);
    this.#resolve.draw({ grid: [samples, height] }, { picture });
    await drawn(gpu);
    const bytes = new Uint8Array(width * height * 4);
    await gpu.readPixels(0, 0, width, height, true, true, bytes);
    gpu.unBindFramebuffer(small);
    return new Uint8ClampedArray(bytes.buffer);
  }

  dispose(): void {
    this.#freeTargets();
    this.#content?.dispose();
    endGpu(this.#gpu);
  }

  /** Leaves the picture's target bound. */
  #draw(camera: Camera, samples: number): Targets {
    const targets = this.#targetsFor(camera, samples);
    const content = this.#content;
    this.#gpu.bindFramebuffer(targets.large);
    if (content) this.#renderer.draw(content, camera, samples);
    return targets;
  }

  #targetsFor({ width, height }: Camera, samples: number): Targets {
    const old = this.#targets;
    if (old && old.width === width && old.height === height && old.samples === samples) return old;
    this.#freeTargets();
    const options = { generateMipMaps: false, samplingMode: GPU.nearest, type: GPU.typeByte, format: GPU.formatRgba };
    const large = this.#gpu.createRenderTargetTexture(
      { width: width * samples, height: height * samples },
      { ...options, generateDepthBuffer: true },
    );
    const small = this.#gpu.createRenderTargetTexture({ width, height }, { ...options, generateDepthBuffer: false });
    this.#targets = { width, height, samples, large, small, picture: new ThinTexture(large.texture) };
    return this.#targets;
  }

  #freeTargets(): void {
    this.#targets?.large.dispose();
    this.#targets?.small.dispose();
    this.#targets = undefined;
  }
}
