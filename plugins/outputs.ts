import type { Output } from 'unflat/plugin';

/** What writes files: one line each, loaded when first needed. */
export const outputs: Record<string, () => Promise<{ default: Output }>> = {
  'output-depth': () => import('./output-depth/index.ts'),
  'output-ply': () => import('./output-ply/index.ts'),
  'output-glb': () => import('./output-glb/index.ts'),
  'output-splats': () => import('./output-splats/index.ts'),
  'output-html': () => import('./output-html/index.ts'),
  'output-video': () => import('./output-video/index.ts'),
  'output-loop': () => import('./output-loop/index.ts'),
  'output-image': () => import('./output-image/index.ts'),
  'output-stereo': () => import('./output-stereo/index.ts'),
  'output-light-field': () => import('./output-light-field/index.ts'),
  'output-relief': () => import('./output-relief/index.ts'),
  'output-layers': () => import('./output-layers/index.ts'),
  'output-photo-depth': () => import('./output-photo-depth/index.ts'),
};
