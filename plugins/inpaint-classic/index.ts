import { defineInpainter, runPasses } from 'unflat/plugin';
import { fill } from './fill.ts';

export default defineInpainter({
  id: 'inpaint-classic',
  label: 'Classic (no model)',
  about: 'Continues what surrounds a hidden part. Always available, in about a second.',
  options: [],
  supports: () => true,
  async inpaint(input, { signal, progress }) {
    progress(0);
    const rgba = await runPasses(fill(input), signal);
    progress(1);
    return rgba;
  },
});
