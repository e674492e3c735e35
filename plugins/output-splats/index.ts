import { RELIEF_OPTION, defineOutput, throwIfAborted } from 'unflat/plugin';
import { pauses } from '../shared/pauses.ts';
import { withoutUnseen } from '../shared/without-unseen.ts';
import { splatsOf } from './splats-of.ts';
import { splatPly } from './splat-ply.ts';
import { splatSpz } from './splat-spz.ts';

/** Part of the work that finding what is seen takes. */
const LOOKING = 0.5;

/** The scene as Gaussian splats, for viewers and editors of such scenes. */
export default defineOutput({
  id: 'output-splats',
  label: 'Gaussian splats',
  about: 'For SuperSplat, PlayCanvas, Babylon and other viewers of splats.',
  group: 'model',
  products: [
    { id: 'splats', label: 'Gaussian splats (PLY)', suffixes: ['_splats.ply'] },
    { id: 'spz', label: 'Gaussian splats, small file (SPZ)', suffixes: ['.spz'] },
  ],
  options: [
    RELIEF_OPTION,
    {
      id: 'merge',
      label: 'Join what looks alike',
      type: 'boolean',
      default: true,
      help: 'One splat for up to 16 pixels of a plain, even surface: about half the file.',
    },
    {
      id: 'margin',
      label: 'Include the border',
      type: 'boolean',
      default: false,
      help: 'What was filled in around the photo.',
    },
  ],
  supports: () => true,

  async write({ product, scene, options }, context) {
    throwIfAborted(context.signal);
    const pause = pauses(context);
    const seen = await withoutUnseen(scene, (fraction) => pause(LOOKING * fraction));
    const splats = await splatsOf(
      seen,
      { merge: options['merge'] !== false, margin: options['margin'] === true, relief: options['relief'] !== 'full' },
      (fraction) => pause(LOOKING + (1 - LOOKING) * fraction),
    );
    if (product === 'spz') return { suffix: '.spz', blob: await splatSpz(splats) };
    return { suffix: '_splats.ply', blob: splatPly(splats) };
  },
});
