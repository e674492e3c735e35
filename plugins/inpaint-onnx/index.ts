import { defineInpainter } from 'unflat/plugin';
import { MOST_RUNS, inpaintScene } from './inpaint-scene.ts';

export default defineInpainter({
  id: 'inpaint-onnx',
  label: 'Model',
  needsModel: true,
  base: 'inpaint-classic',
  contextPx: 320,
  options: [
    {
      id: 'runs',
      label: 'Maximum runs',
      type: 'number',
      default: MOST_RUNS,
      min: 1,
      max: MOST_RUNS,
      step: 1,
      help: 'The largest holes come first; the rest is filled in without a model.',
    },
    {
      id: 'match',
      label: 'Match colours',
      type: 'boolean',
      default: true,
      help: 'Matches what the model fills in to the colours around it.',
    },
    {
      id: 'seam',
      label: 'Soft seams',
      type: 'number',
      default: 3,
      min: 0,
      max: 8,
      step: 1,
      unit: 'px',
      help: 'Width over which a filled-in part blends in.',
    },
  ],
  supports: () => true,
  inpaint: async (input, context) => (await inpaintScene([input], context))[0]!,
  inpaintAll: inpaintScene,
});
