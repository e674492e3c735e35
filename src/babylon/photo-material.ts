import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import type { Scene as BabylonScene } from '@babylonjs/core/scene.js';
import type { Scene } from '../core/index.ts';
import backdropFragment from '../../shaders/backdrop.frag';
import layerFragment from '../../shaders/layer.frag';
import layerVertex from '../../shaders/layer.vert';

/** `whole` and `softOpaque` write depth; `softBlend` draws the soft outlines over what is behind them. */
export type PhotoPass = 'whole' | 'softOpaque' | 'softBlend' | 'backdrop';

/** Step by which layer n lies behind layer n − 1 at equal depth, in normalised depth. */
const PUSH_BACK = 1e-5;
/** Just before the far plane: what is farther is drawn there instead of not at all. */
const FARTHEST = 0.99999;
/** Babylon's number for premultiplied alpha. */
const PREMULTIPLIED = 7;

/** The photo's own shader, placed by the scene's camera and the node's place. */
const VERTEX = layerVertex
  .replaceAll('toClip', 'worldViewProjection')
  .replace(
    'at = pixel;',
    `if (gl_Position.w > 0.0 && farthest > 0.0) gl_Position.z = min(gl_Position.z, farthest * gl_Position.w);
  if (gl_Position.w > 0.0 && farthest < 0.0) gl_Position.z = max(gl_Position.z, (1.0 + farthest) * gl_Position.w);
  at = pixel;`,
  )
  .replace('void main()', 'uniform float farthest;\nvoid main()');

/** Scenes that draw into linear light first get it so. */
const linear = (fragment: string): string =>
  fragment
    .replace(/}\s*$/, '  if (isLinear > 0.0 && result.a > 0.0) result.rgb = pow(result.rgb / result.a, vec3(2.2)) * result.a;\n}\n')
    .replace('void main()', 'uniform float isLinear;\nvoid main()');
const FRAGMENT = linear(layerFragment);
const BACKDROP = linear(backdropFragment);

const UNIFORMS = ['worldViewProjection', 'lens', 'frame', 'inverse', 'pushBack', 'samples', 'photo', 'span', 'farthest', 'isLinear'];
const SAMPLERS = ['colours', 'disparities', 'around', 'detail', 'blurred'];

export interface PhotoMaterialOptions {
  photo: Pick<Scene, 'lens' | 'width' | 'height'>;
  pass: PhotoPass;
  /** Number of the layer, front first. */
  index: number;
  /** Pixels that the layer reaches beyond the photo. */
  margin: number;
  /** Lowest disparity, and highest less lowest. */
  span: readonly [number, number];
  textures: Readonly<Record<string, BaseTexture>>;
}

/** The material of one pass over a layer. Lit by nothing; sides and fog do not matter to it. */
export function photoMaterial(scene: BabylonScene, { photo, pass, index, margin, span, textures }: PhotoMaterialOptions): ShaderMaterial {
  const defines = [
    ...(pass === 'softOpaque' || pass === 'softBlend' ? ['#define SOFT'] : []),
    ...(pass === 'softBlend' ? ['#define BLEND'] : []),
    ...('detail' in textures ? ['#define DETAIL'] : []),
  ];
  const material = new ShaderMaterial(
    `unflat ${pass}`,
    scene,
    { vertexSource: VERTEX, fragmentSource: pass === 'backdrop' ? BACKDROP : FRAGMENT },
    {
      attributes: ['pixel', 'disparity', 'range'],
      uniforms: UNIFORMS,
      samplers: SAMPLERS,
      defines,
      needAlphaBlending: pass === 'softBlend',
    },
  );
  material.backFaceCulling = false;
  if (pass === 'softBlend') {
    material.alphaMode = PREMULTIPLIED;
    material.disableDepthWrite = true;
  }
  for (const [name, texture] of Object.entries(textures)) material.setTexture(name, texture);
  const { lens, width, height } = photo;
  const { fx, fy, cx, cy, near, far } = lens;
  material.onBindObservable.add(() => {
    const effect = material.getEffect();
    const isReversed = scene.getEngine().useReverseDepthBuffer;
    effect.setFloat4('lens', fx, fy, cx, cy);
    effect.setFloat2('frame', margin, Math.max(width, height));
    effect.setFloat2('inverse', 1 / near - 1 / far, 1 / far);
    effect.setFloat('pushBack', (isReversed ? -1 : 1) * index * PUSH_BACK);
    effect.setFloat('farthest', isReversed ? -FARTHEST : FARTHEST);
    effect.setFloat('samples', 1);
    effect.setFloat4('photo', margin, margin, width, height);
    effect.setFloat2('span', span[0], span[1]);
    effect.setFloat('isLinear', scene.imageProcessingConfiguration.applyByPostProcess ? 1 : 0);
  });
  return material;
}
