import type { Effect, IEffectCreationOptions } from '@babylonjs/core/Materials/effect.js';
import { UnflatError } from '../core/index.ts';
import type { Gpu } from './gpu.ts';

/** All uniforms and textures that any of our shaders has; a shader takes those it knows. */
const UNIFORMS = ['toClip', 'lens', 'frame', 'inverse', 'pushBack', 'samples', 'photo', 'grid', 'span'];
const SAMPLERS = ['colours', 'disparities', 'around', 'detail', 'blurred', 'picture'];

export interface Shader {
  /** With `defines` the key under which the context keeps the program. */
  name: string;
  vertex: string;
  fragment: string;
  attributes: readonly string[];
  defines?: readonly string[];
}

/** Begins to compile a shader, beside the page's work; `compiled` says when it is ready. */
export function createEffect(gpu: Gpu, { name, vertex, fragment, attributes, defines = [] }: Shader): Effect {
  const options: Partial<IEffectCreationOptions> = {
    attributes: [...attributes],
    uniformsNames: UNIFORMS,
    samplers: SAMPLERS,
    uniformBuffersNames: [],
    defines: defines.map((define) => `#define ${define}`).join('\n'),
  };
  return gpu.createEffect({ vertexSource: vertex, fragmentSource: fragment, spectorName: name }, options as IEffectCreationOptions, gpu);
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
