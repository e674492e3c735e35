import { RELIEF_OPTION, defineOutput, throwIfAborted } from 'unflat/plugin';
import { textureOf } from './texture-of.ts';
import { writeGlb } from './write-glb.ts';

/** The scene as textured meshes in one binary glTF file, for Blender, three.js and model viewers. */
export default defineOutput({
  id: 'output-glb',
  label: 'GLB',
  products: [{ id: 'glb', label: '3D model (GLB)', suffixes: ['.glb'] }],
  options: [
    RELIEF_OPTION,
    { id: 'margin', label: 'Include the border beyond the photo', type: 'boolean', default: true },
    {
      id: 'errorPx',
      label: 'Depth error',
      type: 'number',
      default: 0.2,
      min: 0.02,
      max: 2,
      step: 0.02,
      unit: 'px',
      help: 'Smaller gives more triangles.',
    },
  ],
  supports: () => 'OffscreenCanvas' in globalThis || 'this browser cannot write pictures in the background; use a current one.',

  async write({ scene, options }, { signal, progress }) {
    throwIfAborted(signal);
    const blob = await writeGlb(
      scene,
      { margin: options['margin'] !== false, errorPx: Number(options['errorPx'] ?? 0.2), relief: options['relief'] !== 'full' },
      (layer, index) => textureOf(scene, layer, index),
      async (fraction) => {
        progress(fraction);
        // A turn of the event loop, so that a cancel can arrive.
        await new Promise((resolve) => setTimeout(resolve));
        throwIfAborted(signal);
      },
    );
    progress(1);
    return { suffix: '.glb', blob };
  },
});
