import type { Plugin } from 'unflat/plugin';
import { inTable } from './in-table.ts';
import outputDepth from './output-depth/index.ts';
import outputGlb from './output-glb/index.ts';
import outputHtml from './output-html/index.ts';
import outputPly from './output-ply/index.ts';

/** What lies inside the worker of `unflat/convert` besides `bundled`; videos are written on the page's side. */
export const bundledOutputs: Record<string, () => Promise<{ default: Plugin }>> = inTable(outputDepth, outputPly, outputGlb, outputHtml);
