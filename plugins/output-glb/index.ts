import { RELIEF_OPTION, defineOutput, throwIfAborted, writeScene } from 'unflat/plugin';
import { canCompress } from '../shared/can-compress.ts';
import { pauses } from '../shared/pauses.ts';
import { PICTURE_QUALITY_OPTION, pictureQualityOf } from '../shared/picture-quality-option.ts';

/** The scene as one file: a 3D photo for Unflat, and textured meshes for Blender, three.js and model viewers. */
export default defineOutput({
  id: 'output-glb',
  label: '3D photo',
  group: 'model',
  products: [{ id: 'photo3d', label: '3D photo (GLB)', suffixes: ['.glb'] }],
  options: [
    PICTURE_QUALITY_OPTION,
    RELIEF_OPTION,
    { id: 'margin', label: 'Include the border beyond the photo', type: 'boolean', default: true },
    {
      id: 'cellPx',
      label: 'Smallest squares in other programs',
      type: 'number',
      default: 0,
      min: 0,
      max: 16,
      step: 1,
      unit: 'px',
      help: '0 keeps the file small. 1 is the finest, for editing in Blender.',
    },
    {
      id: 'errorPx',
      label: 'Depth error in other programs',
      type: 'number',
      default: 0.2,
      min: 0.02,
      max: 2,
      step: 0.02,
      unit: 'px',
      help: 'Smaller gives more triangles.',
    },
  ],
  supports: canCompress,

  async write({ scene, options }, context) {
    throwIfAborted(context.signal);
    const blob = await writeScene(
      scene,
      {
        quality: pictureQualityOf(options),
        margin: options['margin'] !== false,
        errorPx: Number(options['errorPx'] ?? 0.2),
        cellPx: Number(options['cellPx'] ?? 0),
        relief: options['relief'] !== 'full',
      },
      pauses(context),
    );
    context.progress(1);
    return { suffix: '.glb', blob };
  },
});
