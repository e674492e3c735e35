/** The pipeline's worker for the element: reads depth maps, runs the built-in depth model and fills in what is hidden; writes no files. */
import { bundled } from '../../plugins/bundled.ts';
import { loadModules } from '../convert/index.ts';
import { browserHost, servePipeline } from '../pipeline/index.ts';
import { ResultStore } from '../store/index.ts';

servePipeline(bundled, undefined, {
  ...browserHost,
  loadModules,
  openStore: (options, onWarning) => new ResultStore(options, onWarning),
});
