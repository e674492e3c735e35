import { defineOutput, throwIfAborted } from 'unflat/plugin';
import { writePly } from './write-ply.ts';

/** The scene as coloured points or triangles for MeshLab, CloudCompare, Blender and others. */
export default defineOutput({
  id: 'output-ply',
  label: 'PLY',
  products: [{ id: 'ply', label: '3D model (PLY)' }],
  options: [
    {
      id: 'format',
      label: 'Format',
      type: 'choice',
      default: 'binary',
      choices: [
        { value: 'binary', label: 'Binary: small, opens fast' },
        { value: 'ascii', label: 'Text (ASCII): for programs that read no other' },
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
    {
      id: 'margin',
      label: 'With what was painted around the photo',
      type: 'boolean',
      default: false,
      help: 'A third more data, seen only from far aside.',
    },
    {
      id: 'alpha',
      label: 'With opacity',
      type: 'boolean',
      default: false,
      help: 'Adds a property "alpha" to each vertex; some programs then ask how to read it.',
    },
  ],
  supports: () => true,

  async write({ scene, options }, { signal, progress }) {
    throwIfAborted(signal);
    const { blob } = await writePly(
      scene,
      {
        format: options.format === 'ascii' ? 'ascii' : 'binary',
        shape: options.shape === 'points' ? 'points' : 'mesh',
        margin: options.margin === true,
        alpha: options.alpha === true,
      },
      async (fraction) => {
        progress(fraction);
        // A turn of the event loop, so that a cancel can arrive.
        await new Promise((resolve) => setTimeout(resolve));
        throwIfAborted(signal);
      },
    );
    return { suffix: '.ply', blob };
  },
});
