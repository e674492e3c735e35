import type { Plugin } from 'unflat/plugin';
import { outputs } from './outputs.ts';

/** Every plugin of this repository: one line each, loaded when first needed. */
export const plugins: Record<string, () => Promise<{ default: Plugin }>> = {
  'depth-map': () => import('./depth-map/index.ts'),
  'depth-midas': () => import('./depth-midas/index.ts'),
  'depth-anything': () => import('./depth-anything/index.ts'),
  'depth-moge': () => import('./depth-moge/index.ts'),
  'depth-own': () => import('./depth-own/index.ts'),
  'inpaint-classic': () => import('./inpaint-classic/index.ts'),
  'inpaint-onnx': () => import('./inpaint-onnx/index.ts'),
  ...outputs,
};
