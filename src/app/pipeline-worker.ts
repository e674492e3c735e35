/** The app's worker: the pipeline with every plugin of this repository. */
import { plugins } from '../../plugins/index.ts';
import { servePipeline } from '../pipeline/index.ts';

servePipeline(plugins);
