import { defineInpainter, throwIfAborted } from 'unflat/plugin';
import { fill } from './fill.ts';

export default defineInpainter({
  id: 'inpaint-classic',
  label: 'Classic (no model)',
  about: 'Continues what surrounds a hidden part. Always available, in about a second.',
  options: [],
  supports: () => true,
  async inpaint(input, { signal, progress }) {
    throwIfAborted(signal);
    progress(0);
    const rgba = fill(input);
    throwIfAborted(signal);
    progress(1);
    return rgba;
  },
});
