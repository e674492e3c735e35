/** The pipeline's worker with the depth models' plugins and a painter that costs nothing. */
import depthAnything from '../../plugins/depth-anything/index.ts';
import depthMap from '../../plugins/depth-map/index.ts';
import depthMidas from '../../plugins/depth-midas/index.ts';
import depthMoge from '../../plugins/depth-moge/index.ts';
import depthOwn from '../../plugins/depth-own/index.ts';
import { servePipeline } from '../../src/pipeline/index.ts';
import { defineInpainter } from 'unflat/plugin';

const inpaintGrey = defineInpainter({
  id: 'inpaint-grey',
  label: 'Grey',
  options: [],
  supports: () => true,
  inpaint: async ({ rgba }) => new Uint8ClampedArray(rgba.length).fill(128),
});

servePipeline({
  'depth-map': async () => ({ default: depthMap }),
  'depth-midas': async () => ({ default: depthMidas }),
  'depth-anything': async () => ({ default: depthAnything }),
  'depth-moge': async () => ({ default: depthMoge }),
  'depth-own': async () => ({ default: depthOwn }),
  'inpaint-grey': async () => ({ default: inpaintGrey }),
});
