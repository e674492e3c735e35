/** The pipeline's worker for the element: reads depth maps, runs the built-in depth model and fills in what is hidden; writes no files. */
import { bundled } from '../../plugins/bundled.ts';
import { servePipeline } from '../pipeline/index.ts';

servePipeline(bundled);
