import { defineOutput } from 'unflat/plugin';
import { METRE_OPTIONS } from '../shared/metre-options.ts';

/** The photo with its depth: inside one JPEG, or as the pair that Facebook takes. */
export default defineOutput({
  id: 'output-photo-depth',
  label: 'Photo with depth',
  about: 'A JPEG that any program shows, and that carries its depth for those that read it.',
  group: 'depth',
  products: [
    { id: 'gdepth', label: 'Photo with depth: GDepth (JPEG)', suffixes: ['_gdepth.jpg'] },
    { id: 'dynamic-depth', label: 'Photo with depth: Dynamic Depth (JPEG)', suffixes: ['_dynamic-depth.jpg'] },
    { id: 'facebook', label: 'Photo with depth: pair for Facebook (ZIP)', suffixes: ['_facebook.zip'] },
  ],
  options: [...METRE_OPTIONS],
  supports: () => true,

  async write(input, context) {
    const { writePhotoDepth } = await import('./write-photo-depth.ts');
    return writePhotoDepth(input, context);
  },
});
