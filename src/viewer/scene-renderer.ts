import type { Effect } from '@babylonjs/core/Materials/effect.js';
import type { Camera } from '../core/index.ts';
import layerFragment from '../../shaders/layer.frag';
import layerVertex from '../../shaders/layer.vert';
import backdropFragment from '../../shaders/backdrop.frag';
import { compiled, createEffect } from './create-effect.ts';
import { GPU, type Gpu } from './gpu.ts';
import { VERTEX, VERTEX_BYTES, type GpuMesh, type GpuScene } from './gpu-scene.ts';
import { clipMatrix } from './clip-matrix.ts';

/** Step by which layer n lies behind layer n − 1 at equal depth, in normalised depth: less than a thousandth of the disparity range. */
const PUSH_BACK = 1e-5;
/** Puts the backdrop behind everything, but before the far plane. */
const FARTHEST = 0.0199;

const ATTRIBUTES = ['pixel', 'disparity', 'range'];

type Pass = 'whole' | 'softOpaque' | 'softBlend';
const DEFINES: Record<Pass, string[]> = { whole: [], softOpaque: ['SOFT'], softBlend: ['SOFT', 'BLEND'] };

/** Draws scenes onto whatever is bound. One a GPU context. */
export class SceneRenderer {
  readonly #gpu: Gpu;
  readonly #backdrop: Effect;
  readonly #plain: Record<Pass, Effect>;
  #detailed: Record<Pass, Effect> | undefined;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#backdrop = createEffect(gpu, { name: 'backdrop', vertex: layerVertex, fragment: backdropFragment, attributes: ATTRIBUTES });
    this.#plain = layerEffects(gpu);
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
    const shade = (name: Pass, index: number): Effect => {
      const layer = layers[index]!;
      const soft = name !== 'whole';
      const detail = index === 0 ? content.detail : undefined;
      const effect = ((detail && this.#detailed) || this.#plain)[name];
      use(effect, layer.margin, index * PUSH_BACK);
      effect.setFloat('samples', samples);
      effect.setTexture('colours', layer.colours);
      if (soft) {
        effect.setTexture('disparities', layer.disparities);
        effect.setTexture('around', layer.around);
        effect.setFloat2('span', ...layer.span);
      }
      if (detail) effect.setTexture('detail', detail);
      return effect;
    };
    const depth = gpu.depthCullingState;
    const opaque = (): void => {
      gpu.setAlphaMode(GPU.opaque);
      depth.cull = false;
      depth.depthTest = true;
      depth.depthFunc = GPU.less;
      depth.depthMask = true;
    };
    const pass = (name: Pass, index: number): void => {
      const layer = layers[index]!;
      const [start, end] = name === 'whole' ? [0, layer.softStart] : [layer.softStart, layer.count];
      if (start < end) this.#triangles(shade(name, index), layer, start, end);
    };

    opaque();
    gpu.clear({ r: 0, g: 0, b: 0, a: 1 }, true, true);
    // From front to back, so that what is hidden costs nothing.
    for (let index = 0; index < layers.length; index++) {
      pass('whole', index);
      pass('softOpaque', index);
    }
    if (content.backdrop) {
      use(this.#backdrop, layers[0]?.margin ?? 0, FARTHEST);
      this.#backdrop.setTexture('blurred', content.backdrop.blurred);
      this.#triangles(this.#backdrop, content.backdrop, 0, content.backdrop.count);
    }
    // What the opaque passes drew is not nearer than itself, so only the outlines are left.
    gpu.setAlphaMode(GPU.premultiplied);
    depth.depthMask = false;
    for (let index = layers.length - 1; index >= 0; index--) pass('softBlend', index);
    opaque();
  }

  #triangles(effect: Effect, mesh: GpuMesh, from: number, to: number): void {
    this.#gpu.bindBuffersDirectly(mesh.vertices, mesh.indices, VERTEX, VERTEX_BYTES, effect);
    this.#gpu.drawElementsType(GPU.triangles, from, to - from);
  }
}

function layerEffects(gpu: Gpu, ...more: string[]): Record<Pass, Effect> {
  const effect = (pass: Pass): Effect =>
    createEffect(gpu, {
      name: 'layer',
      vertex: layerVertex,
      fragment: layerFragment,
      attributes: ATTRIBUTES,
      defines: [...DEFINES[pass], ...more],
    });
  return { whole: effect('whole'), softOpaque: effect('softOpaque'), softBlend: effect('softBlend') };
}
