/** The worker of `unflat/convert`: what the element's does, files besides, and the page's own plugins before ours. */
import depthMap from '../../plugins/depth-map/index.ts';
import depthMidas from '../../plugins/depth-midas/index.ts';
import inpaintClassic from '../../plugins/inpaint-classic/index.ts';
import outputDepth from '../../plugins/output-depth/index.ts';
import outputGlb from '../../plugins/output-glb/index.ts';
import outputPly from '../../plugins/output-ply/index.ts';
import type { Plugin } from 'unflat/plugin';
import { servePipeline } from '../pipeline/index.ts';

/** Addresses of the page's plugins by id; stands before this program's text, see startWorker. */
declare const unflatPlugins: Readonly<Record<string, string>>;

const own = Object.entries(unflatPlugins).map(([id, href]) => [id, () => import(href) as Promise<{ default: Plugin }>] as const);

servePipeline({
  ...Object.fromEntries(own),
  'depth-map': async () => ({ default: depthMap }),
  'depth-midas': async () => ({ default: depthMidas }),
  'inpaint-classic': async () => ({ default: inpaintClassic }),
  'output-depth': async () => ({ default: outputDepth }),
  'output-ply': async () => ({ default: outputPly }),
  'output-glb': async () => ({ default: outputGlb }),
});
