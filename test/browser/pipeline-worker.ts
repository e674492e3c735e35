/** The pipeline's worker with plugins for tests beside our own. */
import depthMap from '../../plugins/depth-map/index.ts';
import outputDepth from '../../plugins/output-depth/index.ts';
import outputPly from '../../plugins/output-ply/index.ts';
import { browserHost, servePipeline } from '../../src/pipeline/index.ts';
import { ResultStore } from '../../src/store/index.ts';
import { defineDepthSource, defineInpainter } from 'unflat/plugin';

/** A box in front of a wall, for any photo. */
const depthBox = defineDepthSource({
  id: 'depth-box',
  label: 'A box in front of a wall',
  options: [],
  supports: () => true,
  async estimate() {
    const [width, height] = [64, 64];
    const inside = (i: number): boolean => Math.abs((i % width) - 32) < 12 && Math.abs(Math.floor(i / width) - 32) < 16;
    return { depth: { width, height, disparity: Float32Array.from({ length: width * height }, (_, i) => (inside(i) ? 0.9 : 0.2)) } };
  },
});

/** A plugin at its worst: it neither yields nor looks at its signal. */
const depthDeaf = defineDepthSource({
  id: 'depth-deaf',
  label: 'A loop of a minute',
  options: [],
  supports: () => true,
  async estimate() {
    const end = performance.now() + 60_000;
    while (performance.now() < end);
    throw new Error('The loop ran to its end.');
  },
});

const inpaintGrey = defineInpainter({
  id: 'inpaint-grey',
  label: 'Grey',
  options: [],
  supports: () => true,
  inpaint: async ({ rgba }) => new Uint8ClampedArray(rgba.length).fill(128),
});

servePipeline(
  {
    'depth-map': async () => ({ default: depthMap }),
    'depth-box': async () => ({ default: depthBox }),
    'depth-deaf': async () => ({ default: depthDeaf }),
    'inpaint-grey': async () => ({ default: inpaintGrey }),
    'output-depth': async () => ({ default: outputDepth }),
    'output-ply': async () => ({ default: outputPly }),
  },
  undefined,
  { ...browserHost, openStore: (options, onWarning) => new ResultStore(options, onWarning) },
);
