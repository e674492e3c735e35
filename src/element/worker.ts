/** The pipeline's worker for the element: reads depth maps, asks the built-in network and paints what is hidden; writes no files. */
import depthMap from '../../plugins/depth-map/index.ts';
import depthMidas from '../../plugins/depth-midas/index.ts';
import inpaintClassic from '../../plugins/inpaint-classic/index.ts';
import { servePipeline } from '../pipeline/index.ts';

servePipeline({
  'depth-map': async () => ({ default: depthMap }),
  'depth-midas': async () => ({ default: depthMidas }),
  'inpaint-classic': async () => ({ default: inpaintClassic }),
});
