/** The workers of `unflat/convert`: what the element's does, files besides; or one that draws frames. */
import { bundled } from '../../plugins/bundled.ts';
import { bundledOutputs } from '../../plugins/bundled-outputs.ts';
import { browserHost, servePipeline } from '../pipeline/index.ts';
import { serveRaster } from '../raster/index.ts';
import { loadModules } from './load-modules.ts';

/** Stands before this program's text, see start-worker.ts. */
declare const unflatDraws: boolean;

if (unflatDraws) serveRaster();
else servePipeline({ ...bundled, ...bundledOutputs }, undefined, { ...browserHost, loadModules });
