import type { DataBuffer } from '@babylonjs/core/Buffers/dataBuffer.js';
import type { Effect } from '@babylonjs/core/Materials/effect.js';
import type { ThinTexture } from '@babylonjs/core/Materials/Textures/thinTexture.js';
import screenVertex from '../../shaders/screen.vert';
import { compiled, createEffect } from './create-effect.ts';
import { GPU, type Gpu } from './gpu.ts';

/** A fragment shader over every pixel of the bound target. */
export class ScreenPass {
  readonly #gpu: Gpu;
  readonly #effect: Effect;
  readonly #vertices: DataBuffer;
  readonly #indices: DataBuffer;

  constructor(gpu: Gpu, name: string, fragment: string, defines: readonly string[] = []) {
    this.#gpu = gpu;
    this.#effect = createEffect(gpu, { name, vertex: screenVertex, fragment, attributes: ['corner'], defines });
    this.#vertices = gpu.createVertexBuffer(new Float32Array([0, 0, 2, 0, 0, 2]));
    this.#indices = gpu.createIndexBuffer(new Uint32Array([0, 1, 2]));
  }

  ready(): Promise<void> {
    return compiled(this.#effect);
  }

  draw(numbers: Record<string, readonly [number, number]>, textures: Record<string, ThinTexture>): void {
    const gpu = this.#gpu;
    const effect = this.#effect;
    gpu.depthCullingState.depthTest = false;
    gpu.depthCullingState.cull = false;
    gpu.setAlphaMode(GPU.opaque);
    gpu.enableEffect(effect);
    for (const [name, [x, y]] of Object.entries(numbers)) effect.setFloat2(name, x, y);
    for (const [name, texture] of Object.entries(textures)) effect.setTexture(name, texture);
    gpu.bindBuffersDirectly(this.#vertices, this.#indices, [2], 8, effect);
    gpu.drawElementsType(GPU.triangles, 0, 3);
    // Left bound, a target would be read and written at once by the next picture.
    for (const name of Object.keys(textures)) effect.setTexture(name, null);
  }
}
