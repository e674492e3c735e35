import { RELIEF_OPTION, defineOutput, throwIfAborted } from 'unflat/plugin';
import { pauses } from '../shared/pauses.ts';
import { withoutUnseen } from '../shared/without-unseen.ts';
import { writePly } from './write-ply.ts';

/** Part of the work that finding what is seen takes. */
const LOOKING = 0.6;

/** The scene as coloured points or triangles for MeshLab, CloudCompare, Blender and others. */
export default defineOutput({
  id: 'output-ply',
  label: 'PLY',
  group: 'model',
  products: [{ id: 'ply', label: '3D model (PLY)', suffixes: ['.ply'] }],
  options: [
    {
      id: 'format',
      label: 'Format',
      type: 'choice',
      default: 'binary',
      choices: [
        { value: 'binary', label: 'Binary: small, opens fast' },
        { value: 'ascii', label: 'Text (ASCII): for programs that cannot read binary' },
      ],
    },
    {
      id: 'shape',
      label: 'Shape',
      type: 'choice',
      default: 'mesh',
      choices: [
        { value: 'mesh', label: 'Mesh: coloured triangles' },
        { value: 'points', label: 'Points: coloured vertices only' },
      ],
    },
    RELIEF_OPTION,
    {
      id: 'margin',
      label: 'Include hidden background',
      type: 'boolean',
      default: false,
      help: 'What was filled in around the photo and far behind things; about half as much data again.',
    },
    {
      id: 'alpha',
      label: 'Include opacity',
      type: 'boolean',
      default: false,
      help: 'Adds a property "alpha" to each vertex; some programs then ask how to read it.',
    },
  ],
  supports: () => true,

  async write({ scene, options }, context) {
    throwIfAborted(context.signal);
    const margin = options.margin === true;
    const pause = pauses(context);
    const { blob } = await writePly(
      margin ? scene : await withoutUnseen(scene, (fraction) => pause(LOOKING * fraction)),
      {
        format: options.format === 'ascii' ? 'ascii' : 'binary',
        shape: options.shape === 'points' ? 'points' : 'mesh',
        margin,
        relief: options.relief !== 'full',
        alpha: options.alpha === true,
      },
      (fraction) => pause(margin ? fraction : LOOKING + (1 - LOOKING) * fraction),
    );
    return { suffix: '.ply', blob };
  },
});
