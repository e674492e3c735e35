import type { PluginTable } from '../pipeline/index.ts';

/** What the package writes, on the page's side: videos are drawn there. */
export const outputs: PluginTable = {
  'output-depth': () => import('../../plugins/output-depth/index.ts'),
  'output-ply': () => import('../../plugins/output-ply/index.ts'),
  'output-glb': () => import('../../plugins/output-glb/index.ts'),
  'output-video': () => import('../../plugins/output-video/index.ts'),
};
