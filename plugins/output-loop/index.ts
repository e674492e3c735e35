import { defineOutput } from 'unflat/plugin';
import { LENS_OPTIONS } from '../shared/lens/lens-options.ts';
import {
  AMOUNT_OPTION,
  CROP_OPTION,
  FOCUS_OPTIONS,
  PATH_OPTION,
  SHAPE_OPTION,
  VIEW_OPTIONS,
  longerSideOption,
  moveOption,
} from '../shared/moves/move-options.ts';
import { OWN_PATH } from '../shared/moves/shot.ts';

/** Short loops that play anywhere by themselves: GIF, animated WebP and PNG, and their frames as files. */
export default defineOutput({
  id: 'output-loop',
  label: 'Loop',
  group: 'video',
  about: 'Plays by itself in messages, feeds and documents.',
  products: [
    { id: 'gif', label: 'Loop: GIF' },
    { id: 'wiggle', label: 'Loop: wiggle (GIF)', suffixes: ['_wiggle.gif'] },
    { id: 'webp', label: 'Loop: animated WebP' },
    { id: 'apng', label: 'Loop: animated PNG' },
    { id: 'frames', label: 'Loop: frames (PNG files in a ZIP)' },
  ],
  needsFrames: true,
  options: [
    moveOption('circle'),
    { ...PATH_OPTION, showIf: { option: 'move', is: OWN_PATH } },
    { id: 'frames', label: 'Frames', type: 'number', default: 60, min: 2, max: 600, step: 1 },
    {
      id: 'fps',
      label: 'Frames per second',
      type: 'number',
      default: 20,
      min: 1,
      max: 60,
      step: 1,
      unit: 'fps',
      help: 'GIF plays at most 50.',
    },
    longerSideOption(480),
    SHAPE_OPTION,
    CROP_OPTION,
    AMOUNT_OPTION,
    ...FOCUS_OPTIONS,
    ...VIEW_OPTIONS.map((option) => ({ ...option, showIf: { option: 'move', is: 'ken-burns' } })),
    ...LENS_OPTIONS,
    { id: 'views', label: 'Views of the wiggle', type: 'number', default: 3, min: 2, max: 9, step: 1 },
    { id: 'holdMs', label: 'Time for each view of the wiggle', type: 'number', default: 120, min: 40, max: 500, step: 10, unit: 'ms' },
    { id: 'quality', label: 'Quality of an animated WebP', type: 'number', default: 80, min: 30, max: 100, step: 1, unit: '%' },
    {
      id: 'palette',
      label: 'Colours of a GIF',
      type: 'choice',
      default: 'one',
      choices: [
        { value: 'one', label: '256 for the whole loop: nothing flickers' },
        { value: 'each', label: '256 for each frame: closer to the photo' },
      ],
    },
    {
      id: 'dither',
      label: 'Colours between those of a GIF',
      type: 'choice',
      default: 'pattern',
      choices: [
        { value: 'pattern', label: 'Fine pattern that stays still' },
        { value: 'diffusion', label: 'Spread: smoother, larger file' },
        { value: 'none', label: 'None: smallest file, with steps' },
      ],
    },
  ],
  supports: () => true,

  async plan(input) {
    const { planLoop } = await import('./write-loop.ts');
    return planLoop(input);
  },

  // What encodes comes only when a loop is made.
  async write(input, context) {
    const { writeLoop } = await import('./write-loop.ts');
    return writeLoop(input, context);
  },
});
