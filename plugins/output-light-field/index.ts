import { defineOutput } from 'unflat/plugin';
import { longerSideOption } from '../shared/moves/move-options.ts';

/** Pictures for light-field displays: a quilt of views, or photo and depth side by side. */
export default defineOutput({
  id: 'output-light-field',
  label: 'Light field',
  about: 'For displays that show depth without glasses.',
  group: 'picture',
  products: [
    { id: 'quilt', label: 'Light field: quilt of views' },
    { id: 'rgbd', label: 'Light field: photo and depth side by side', suffixes: ['_rgbd.png', '_rgbd.jpg'] },
  ],
  needsFrames: true,
  options: [
    { id: 'columns', label: 'Columns of the quilt', type: 'number', default: 8, min: 1, max: 16, step: 1 },
    { id: 'rows', label: 'Rows of the quilt', type: 'number', default: 6, min: 1, max: 16, step: 1 },
    { id: 'quiltPx', label: 'Size of the quilt', type: 'number', default: 3360, min: 256, max: 8192, step: 16, unit: 'px' },
    {
      id: 'aspect',
      label: 'Shape of the display',
      type: 'choice',
      default: '0.75',
      choices: [
        { value: '0.75', label: '3:4, upright' },
        { value: '1.78', label: '16:9' },
        { value: '0.56', label: '9:16, upright' },
        { value: '1.6', label: '16:10' },
        { value: 'photo', label: 'As the photo' },
      ],
    },
    {
      id: 'amount',
      label: 'Distance between the views',
      type: 'number',
      default: 1,
      min: 0.1,
      max: 1,
      step: 0.1,
      help: '1 is as far as the photo allows.',
    },
    longerSideOption(1920),
    {
      id: 'picture',
      label: 'Kind of picture',
      type: 'choice',
      default: 'png',
      choices: [
        { value: 'png', label: 'PNG, without loss' },
        { value: 'jpg', label: 'JPEG' },
      ],
    },
  ],
  supports: () => true,

  // What renders and encodes comes only when something is written.
  async write(input, context) {
    const { writeLightField } = await import('./write-light-field.ts');
    return writeLightField(input, context);
  },
});
