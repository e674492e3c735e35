import { defineInpainter, runPasses } from 'unflat/plugin';
import { fill, fillSmooth } from './fill.ts';

export default defineInpainter({
  id: 'inpaint-classic',
  label: 'Classic (no model)',
  about: 'Continues what surrounds a hidden part. Always available, in a few seconds.',
  options: [],
  contextPx: 200,
  supports: () => true,
  quick: (input, { signal }) => runPasses(fillSmooth(input), signal),
  async inpaint(input, { signal, progress }) {
    progress(0);
    const rgba = await runPasses(fill(input), signal);
    progress(1);
    return rgba;
  },
});
