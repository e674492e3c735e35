/** The pipeline's worker for the app and the command line: it knows every plugin of this repository. */
import { plugins } from '../../plugins/index.ts';
import { servePipeline } from '../pipeline/index.ts';

servePipeline(plugins);
