import { defineOutput } from 'unflat/plugin';
import { METRE_OPTIONS } from '../shared/metre-options.ts';
import { paletteTitle, type PaletteName } from '../shared/palette-names.ts';

/** Palettes that are offered: those whose brightness or hue tells every depth apart. */
const PALETTES = ['turbo', 'viridis', 'magma', 'inferno', 'plasma', 'cividis', 'Spectral_r'] as const satisfies readonly PaletteName[];

/** The depth map as a picture or as numbers, at the photo's working size. */
export default defineOutput({
  id: 'output-depth',
  label: 'Depth map',
  group: 'depth',
  products: [
    { id: 'depth', label: 'Depth map (PNG)', suffixes: ['_depth.png'] },
    { id: 'depth-mm', label: 'Depth in millimetres (16-bit PNG)', suffixes: ['_depth-mm.png'] },
    { id: 'depth-colours', label: 'Depth in false colours (PNG)', suffixes: ['_depth-colours.png'] },
    { id: 'normals', label: 'Normal map (PNG)', suffixes: ['_normals.png'] },
    { id: 'depth-npy', label: 'Depth as numbers (NPY)', suffixes: ['_depth.npy'] },
    { id: 'depth-pfm', label: 'Depth as numbers (PFM)', suffixes: ['_depth.pfm'] },
    { id: 'depth-tiff', label: 'Depth as numbers (TIFF)', suffixes: ['_depth.tif'] },
  ],
  needs: 'depth',
  options: [
    {
      id: 'bits',
      label: 'Bits per sample',
      type: 'choice',
      default: '16',
      choices: [
        { value: '16', label: '16: all of the depth' },
        { value: '8', label: '8: for programs that read no more' },
      ],
    },
    {
      id: 'colour',
      label: 'Colour',
      type: 'choice',
      default: 'grey',
      choices: [
        { value: 'grey', label: 'Grey' },
        { value: 'rgb', label: 'RGB, for Facebook 3D photos' },
      ],
    },
    { id: 'invert', label: 'Black is near', type: 'boolean', default: false, help: 'Of the depth map; the other files keep their order.' },
    {
      id: 'palette',
      label: 'False colours',
      type: 'choice',
      default: 'turbo',
      choices: PALETTES.map((value) => ({ value, label: paletteTitle(value) })),
    },
    {
      id: 'values',
      label: 'Values of NPY, PFM and TIFF',
      type: 'choice',
      default: 'disparity',
      choices: [
        { value: 'disparity', label: 'Disparity: 1 near, 0 far' },
        { value: 'distance', label: 'Distance in metres, between near and far' },
      ],
    },
    ...METRE_OPTIONS,
    { id: 'strength', label: 'Strength of the normal map', type: 'number', default: 1, min: 0.1, max: 10, step: 0.1 },
  ],
  supports: () => true,

  async plan({ product, scene }) {
    const { width, height } = scene.depth;
    return ['depth-npy', 'depth-pfm', 'depth-tiff'].includes(product) ? { bytes: 4 * width * height } : {};
  },

  async write(input, context) {
    const { writeDepth } = await import('./write-depth.ts');
    return writeDepth(input, context);
  },
});
