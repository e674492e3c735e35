/** The pipeline's worker for the app and the command line: it knows every plugin of this repository. */
import { plugins } from '../../plugins/index.ts';
import { browserHost, servePipeline } from '../pipeline/index.ts';
import { ResultStore } from '../store/index.ts';

servePipeline(plugins, undefined, { ...browserHost, openStore: (options, onWarning) => new ResultStore(options, onWarning) });
