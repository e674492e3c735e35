import { defineOutput } from 'unflat/plugin';
import { LENS_OPTIONS } from '../shared/lens/lens-options.ts';
import {
  AMOUNT_OPTION,
  BACK_OPTION,
  CROP_OPTION,
  FOCUS_OPTIONS,
  PATH_OPTION,
  SHAPE_OPTION,
  SIZE_OPTION,
  VIEW_OPTIONS,
  longerSideOption,
} from '../shared/moves/move-options.ts';
import { OWN_PATH } from '../shared/moves/shot.ts';
import { MOVES, MOVE_IDS } from '../shared/moves/moves.ts';
import { FORMAT_OPTION, FPS_OPTION, FRAMES_OPTION, QUALITY_OPTION, SECONDS_OPTION, encodesVideo } from '../shared/video/video-options.ts';

/** Camera moves as videos, rendered frame by frame: the four of the 2020 system and our own. */
export default defineOutput({
  id: 'output-video',
  label: 'Video',
  group: 'video',
  products: [
    ...MOVE_IDS.map((id) => {
      const { label } = MOVES[id];
      const isName = label.startsWith('Ken ');
      return {
        id,
        label: `Video: ${isName ? label : label.charAt(0).toLowerCase() + label.slice(1)}`,
        suffixes: [`_${id}.mp4`, `_${id}.webm`],
      };
    }),
    { id: OWN_PATH, label: 'Video: a path of your own', suffixes: ['_path.mp4', '_path.webm'] },
  ],
  needsFrames: true,
  options: [
    PATH_OPTION,
    SECONDS_OPTION,
    FPS_OPTION,
    FRAMES_OPTION,
    SIZE_OPTION,
    { ...longerSideOption(960), showIf: { option: 'size', is: 'px' } },
    SHAPE_OPTION,
    CROP_OPTION,
    AMOUNT_OPTION,
    BACK_OPTION,
    ...FOCUS_OPTIONS,
    ...VIEW_OPTIONS,
    ...LENS_OPTIONS,
    QUALITY_OPTION,
    FORMAT_OPTION,
  ],
  supports: encodesVideo,

  async plan(input) {
    const { planVideo } = await import('./write-video.ts');
    return planVideo(input);
  },

  // The encoder's libraries come only when a video is made.
  async write(input, context) {
    const { writeVideo } = await import('./write-video.ts');
    return writeVideo(input, context);
  },
});
