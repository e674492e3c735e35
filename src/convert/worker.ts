/** The workers of `unflat/convert`: what the element's does, files besides, and the page's own plugins before ours; or one that draws frames. */
import type { Plugin } from 'unflat/plugin';
import { bundled } from '../../plugins/bundled.ts';
import { bundledOutputs } from '../../plugins/bundled-outputs.ts';
import { servePipeline } from '../pipeline/index.ts';
import { serveRaster } from '../raster/index.ts';

/** Addresses of the page's plugins by id, or undefined for a worker that draws; stands before this program's text, see startWorker. */
declare const unflatPlugins: Readonly<Record<string, string>> | undefined;

if (unflatPlugins) {
  const own = Object.entries(unflatPlugins).map(([id, href]) => [id, () => import(href) as Promise<{ default: Plugin }>] as const);
  servePipeline({ ...Object.fromEntries(own), ...bundled, ...bundledOutputs });
} else {
  serveRaster();
}
