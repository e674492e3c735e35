import type { Plugin } from 'unflat/plugin';

/** Every plugin of this repository: one line each, loaded when first needed. */
export const plugins: Record<string, () => Promise<{ default: Plugin }>> = {
  'depth-map': () => import('./depth-map/index.ts'),
  'depth-midas': () => import('./depth-midas/index.ts'),
  'depth-anything': () => import('./depth-anything/index.ts'),
  'depth-moge': () => import('./depth-moge/index.ts'),
  'depth-own': () => import('./depth-own/index.ts'),
  'inpaint-classic': () => import('./inpaint-classic/index.ts'),
  'inpaint-onnx': () => import('./inpaint-onnx/index.ts'),
  'output-depth': () => import('./output-depth/index.ts'),
  'output-ply': () => import('./output-ply/index.ts'),
  'output-glb': () => import('./output-glb/index.ts'),
  'output-video': () => import('./output-video/index.ts'),
};
