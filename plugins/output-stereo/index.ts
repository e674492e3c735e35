import { defineOutput } from 'unflat/plugin';
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
import { FORMAT_OPTION, FPS_OPTION, FRAMES_OPTION, QUALITY_OPTION, SECONDS_OPTION } from '../shared/video/video-options.ts';
import { ANAGLYPHS, LAYOUTS, type StereoLayout } from './compose-eyes.ts';

const choices = (layouts: readonly StereoLayout[]) => layouts.map((value) => ({ value, label: LAYOUTS[value].label }));

/** Pictures and videos for two eyes: side by side, red-cyan, and the files of stereo cameras. */
export default defineOutput({
  id: 'output-stereo',
  label: 'Stereo',
  about: 'For headsets, 3D screens, red-cyan glasses, and for looking with crossed or parallel eyes.',
  group: 'picture',
  products: [
    {
      id: 'stereo',
      label: 'Stereo: picture for both eyes',
      suffixes: ['LR', 'RL', 'HSBS', 'TB', 'HTAB', 'interlaced', 'anaglyph'].flatMap((layout) => [
        `_3d_${layout}.jpg`,
        `_3d_${layout}.png`,
      ]),
    },
    { id: 'anaglyph', label: 'Stereo: red-cyan picture', suffixes: ['_3d_anaglyph.jpg', '_3d_anaglyph.png'] },
    { id: 'stereo-video', label: 'Stereo: video for both eyes', group: 'video' },
    { id: 'left-right', label: 'Stereo: two pictures (ZIP)', suffixes: ['_left-right.zip'] },
    { id: 'mpo', label: 'Stereo: MPO, as stereo cameras write', suffixes: ['_3d.mpo'] },
    { id: 'jps', label: 'Stereo: JPS', suffixes: ['_3d.jps'] },
  ],
  needsFrames: true,
  options: [
    { id: 'layout', label: 'Layout', type: 'choice', default: 'parallel', choices: choices(Object.keys(LAYOUTS) as StereoLayout[]) },
    { id: 'glasses', label: 'Red-cyan picture', type: 'choice', default: 'dubois', choices: choices(ANAGLYPHS) },
    {
      id: 'comfortable',
      label: 'Comfortable depth',
      type: 'boolean',
      default: true,
      help: 'Nothing comes farther out than 1.2 % of the width, or goes farther in than 2 %.',
    },
    {
      id: 'depth',
      label: 'Depth, if not comfortable',
      type: 'number',
      default: 3,
      min: 0.2,
      max: 8,
      step: 0.1,
      unit: '%',
      help: 'Between what is nearest and what is farthest, in per cent of the width.',
    },
    {
      id: 'convergence',
      label: 'What lies on the screen',
      type: 'number',
      default: 75,
      min: 0,
      max: 100,
      step: 5,
      unit: '%',
      help: '0 is what is farthest: all comes out. 100 is what is nearest: all lies behind.',
    },
    {
      id: 'window',
      label: 'Floating window',
      type: 'boolean',
      default: true,
      help: 'Hides a strip at the edge where something that comes out is cut off.',
    },
    {
      id: 'check',
      label: 'Check of the eyes',
      type: 'boolean',
      default: false,
      help: 'Writes NEAR and FAR on what is near and far in pictures: seen with both eyes, NEAR must stand in front.',
    },
    longerSideOption(1920),
    { ...longerSideOption(960), id: 'videoPx', label: 'Longer side of an eye in videos, at most' },
    {
      id: 'picture',
      label: 'Pictures as',
      type: 'choice',
      default: 'jpg',
      choices: [
        { value: 'jpg', label: 'JPEG' },
        { value: 'png', label: 'PNG, without loss' },
      ],
    },
    SHAPE_OPTION,
    CROP_OPTION,
    moveOption('zoom-in'),
    { ...PATH_OPTION, showIf: { option: 'move', is: OWN_PATH } },
    AMOUNT_OPTION,
    ...FOCUS_OPTIONS,
    ...VIEW_OPTIONS.map((option) => ({ ...option, showIf: { option: 'move', is: 'ken-burns' } })),
    SECONDS_OPTION,
    FPS_OPTION,
    FRAMES_OPTION,
    QUALITY_OPTION,
    FORMAT_OPTION,
  ],
  supports: () => true,

  async plan(input) {
    const { planStereo } = await import('./write-stereo.ts');
    return planStereo(input);
  },

  // What encodes comes only when something is written.
  async write(input, context) {
    const { writeStereo } = await import('./write-stereo.ts');
    return writeStereo(input, context);
  },
});
