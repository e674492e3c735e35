import type { Effect, IEffectCreationOptions } from '@babylonjs/core/Materials/effect.js';
import type { DataBuffer } from '@babylonjs/core/Buffers/dataBuffer.js';
import { UnflatError, type Camera } from '../core/index.ts';
import layerFragment from '../../shaders/layer.frag';
import layerVertex from '../../shaders/layer.vert';
import backdropFragment from '../../shaders/backdrop.frag';
import { GPU, type Gpu } from './gpu.ts';
import { VERTEX, VERTEX_BYTES, type GpuMesh, type GpuScene } from './gpu-scene.ts';
import { clipMatrix } from './projection.ts';

/** Step by which layer n lies behind layer n − 1 at equal depth, in normalised depth: less than a thousandth of the disparity range. */
const PUSH_BACK = 1e-5;

type Pass = 'whole' | 'softOpaque' | 'softBlend';
const DEFINES: Record<Pass, string[]> = { whole: [], softOpaque: ['SOFT'], softBlend: ['SOFT', 'BLEND'] };

/** Draws scenes onto whatever is bound. One a GPU context. */
export class Painter {
  readonly #gpu: Gpu;
  readonly #backdrop: Effect;
  readonly #plain: Record<Pass, Effect>;
  #detailed: Record<Pass, Effect> | undefined;
  readonly #screen: { vertices: DataBuffer; indices: DataBuffer };

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#backdrop = createEffect(gpu, 'backdrop', layerVertex, backdropFragment, []);
    this.#plain = layerEffects(gpu);
    this.#screen = {
      vertices: gpu.createVertexBuffer(new Float32Array([0, 0, 2, 0, 0, 2])),
      indices: gpu.createIndexBuffer(new Uint32Array([0, 1, 2])),
    };
  }

  /** Shaders compile beside the page's work; a scene can be drawn once those it needs are ready. */
  async ready(content: GpuScene): Promise<void> {
    if (content.detail) this.#detailed ??= layerEffects(this.#gpu, 'DETAIL');
    const needed = [this.#backdrop, ...Object.values(this.#plain), ...Object.values(this.#detailed ?? {})];
    await Promise.all(needed.map(compiled));
  }

  /**
   * Draws the scene over all of the bound target.
   * @param samples samples a pixel of the final picture along each axis, when the target is that much larger than the camera's picture.
   */
  draw(content: GpuScene, camera: Camera, samples: number): void {
    const { scene, layers } = content;
    const gpu = this.#gpu;
    const matrix = clipMatrix(camera, scene.lens);
    const longer = Math.max(scene.width, scene.height);
    const { fx, fy, cx, cy, near, far } = scene.lens;

    const use = (effect: Effect, margin: number, pushBack: number): void => {
      gpu.enableEffect(effect);
      effect.setMatrices('toClip', matrix);
      effect.setFloat4('lens', fx, fy, cx, cy);
      effect.setFloat2('frame', margin, longer);
      effect.setFloat2('inverse', 1 / near - 1 / far, 1 / far);
      effect.setFloat('pushBack', pushBack);
      effect.setFloat4('photo', margin, margin, scene.width, scene.height);
    };
    const pass = (name: Pass, index: number): void => {
      const layer = layers[index]!;
      const soft = name !== 'whole';
      const [from, to] = soft ? [layer.softStart, layer.count] : [0, layer.softStart];
      if (to <= from) return;
      const detail = index === 0 ? content.detail : undefined;
      const effect = ((detail && this.#detailed) || this.#plain)[name];
      use(effect, layer.margin, index * PUSH_BACK);
      effect.setFloat('samples', samples);
      effect.setTexture('colours', layer.colours);
      if (soft) effect.setTexture('disparities', layer.disparities);
      if (detail) effect.setTexture('detail', detail);
      this.#triangles(effect, layer, from, to);
    };

    const depth = gpu.depthCullingState;
    gpu.clear({ r: 0, g: 0, b: 0, a: 1 }, true, true);
    depth.cull = false;
    depth.depthTest = false;
    gpu.setAlphaMode(GPU.opaque);
    depth.depthMask = false;
    if (content.backdrop) {
      use(this.#backdrop, layers[0]?.margin ?? 0, 0);
      this.#backdrop.setTexture('blurred', content.backdrop.blurred);
      this.#triangles(this.#backdrop, content.backdrop, 0, content.backdrop.count);
    }

    depth.depthTest = true;
    depth.depthFunc = GPU.lessOrEqual;
    depth.depthMask = true;
    layers.forEach((_, index) => pass('whole', index));
    layers.forEach((_, index) => pass('softOpaque', index));

    gpu.setAlphaMode(GPU.premultiplied);
    depth.depthMask = false;
    for (let index = layers.length - 1; index >= 0; index--) pass('softBlend', index);
    gpu.setAlphaMode(GPU.opaque);
    depth.depthMask = true;
  }

  /** Runs an effect with the attribute `corner` over every pixel of the bound target. */
  fillScreen(effect: Effect): void {
    this.#gpu.bindBuffersDirectly(this.#screen.vertices, this.#screen.indices, [2], 8, effect);
    this.#gpu.drawElementsType(GPU.triangles, 0, 3);
  }

  #triangles(effect: Effect, mesh: GpuMesh, from: number, to: number): void {
    this.#gpu.bindBuffersDirectly(mesh.vertices, mesh.indices, VERTEX, VERTEX_BYTES, effect);
    this.#gpu.drawElementsType(GPU.triangles, from, to - from);
  }
}

const UNIFORMS = ['toClip', 'lens', 'frame', 'inverse', 'pushBack', 'samples', 'photo', 'grid'];
const SAMPLERS = ['colours', 'disparities', 'detail', 'blurred', 'picture'];

function layerEffects(gpu: Gpu, ...more: string[]): Record<Pass, Effect> {
  const effect = (pass: Pass): Effect => createEffect(gpu, 'layer', layerVertex, layerFragment, [...DEFINES[pass], ...more]);
  return { whole: effect('whole'), softOpaque: effect('softOpaque'), softBlend: effect('softBlend') };
}

/** Compiles one pass; `name` and `defines` are the key under which the context keeps it. */
export function createEffect(
  gpu: Gpu,
  name: string,
  vertexSource: string,
  fragmentSource: string,
  defines: string[],
  attributes = ['pixel', 'disparity', 'range'],
): Effect {
  const options: Partial<IEffectCreationOptions> = {
    attributes,
    uniformsNames: UNIFORMS,
    samplers: SAMPLERS,
    uniformBuffersNames: [],
    defines: defines.map((define) => `#define ${define}`).join('\n'),
  };
  return gpu.createEffect({ vertexSource, fragmentSource, spectorName: name }, options as IEffectCreationOptions, gpu);
}

/** @throws UnflatError `graphics-unavailable` when the driver rejects the shader. */
export function compiled(effect: Effect): Promise<void> {
  return new Promise((resolve, reject) => {
    effect.executeWhenCompiled(() => resolve());
    effect.onErrorObservable.addOnce(() => {
      reject(new UnflatError('graphics-unavailable', `The graphics driver could not compile a shader: ${effect.getCompilationError()}`));
    });
  });
}
