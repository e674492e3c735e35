/** The app's worker: the pipeline with every plugin of this repository. */
import { plugins } from '../../plugins/index.ts';
import { servePipeline } from './serve.ts';

servePipeline(plugins);
