/** The worker of `unflat/convert`: what the element's does, files besides, and the page's own plugins before ours. */
import type { Plugin } from 'unflat/plugin';
import { bundled } from '../../plugins/bundled.ts';
import { bundledOutputs } from '../../plugins/bundled-outputs.ts';
import { servePipeline } from '../pipeline/index.ts';

/** Addresses of the page's plugins by id; stands before this program's text, see startWorker. */
declare const unflatPlugins: Readonly<Record<string, string>>;

const own = Object.entries(unflatPlugins).map(([id, href]) => [id, () => import(href) as Promise<{ default: Plugin }>] as const);

servePipeline({ ...Object.fromEntries(own), ...bundled, ...bundledOutputs });
