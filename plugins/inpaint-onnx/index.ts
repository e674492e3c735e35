import { defineInpainter } from 'unflat/plugin';
import { MOST_RUNS, paintScene } from './paint-scene.ts';

export default defineInpainter({
  id: 'inpaint-onnx',
  label: 'Network',
  needsModel: true,
  base: 'inpaint-classic',
  contextPx: 320,
  options: [
    { id: 'runs', label: 'Most runs', type: 'number', default: MOST_RUNS, min: 1, max: MOST_RUNS, step: 1, help: 'The largest holes come first; what is left over is painted without a network.' },
    { id: 'match', label: 'Match colours', type: 'boolean', default: true, help: 'Brings what the network paints to the tone of what surrounds it.' },
    { id: 'seam', label: 'Soft seams', type: 'number', default: 3, min: 0, max: 8, step: 1, unit: 'px', help: 'How far inside a hole the painting sets in gradually.' },
  ],
  supports: () => true,
  inpaint: async (input, context) => (await paintScene([input], context))[0]!,
  inpaintAll: paintScene,
});
