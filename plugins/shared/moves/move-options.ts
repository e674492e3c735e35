import type { OptionSpec, OptionValues } from 'unflat/plugin';
import { MOVES, MOVE_IDS } from './moves.ts';
import type { ShotOptions } from './shot.ts';

/** Which way the camera goes. */
export const moveOption = (usual: keyof typeof MOVES) =>
  ({
    id: 'move',
    label: 'Camera move',
    type: 'choice',
    default: usual,
    choices: MOVE_IDS.map((value) => ({ value, label: MOVES[value].label })),
  }) as const satisfies OptionSpec;

/** @param usual default in pixels. */
export const longerSideOption = (usual: number) =>
  ({
    id: 'longerSidePx',
    label: 'Longer side, at most',
    type: 'number',
    default: usual,
    min: 64,
    max: 4096,
    step: 2,
    unit: 'px',
    help: 'A smaller photo keeps its size.',
  }) as const satisfies OptionSpec;

export const CROP_OPTION = {
  id: 'crop',
  label: 'Crop the border',
  type: 'boolean',
  default: true,
  help: 'Leaves out 8 % of the width and height, where most was filled in.',
} as const satisfies OptionSpec;

export const SHAPE_OPTION = {
  id: 'shape',
  label: 'Shape',
  type: 'choice',
  default: 'photo',
  choices: [
    { value: 'photo', label: 'As the photo' },
    { value: '16:9', label: '16:9' },
    { value: '4:3', label: '4:3' },
    { value: '1:1', label: 'Square' },
    { value: '4:5', label: '4:5' },
    { value: '9:16', label: '9:16, for phones' },
  ],
} as const satisfies OptionSpec;

export const AMOUNT_OPTION = {
  id: 'amount',
  label: 'Movement',
  type: 'number',
  default: 1,
  min: 0.2,
  max: 2,
  step: 0.1,
  help: '1 is the usual amount.',
} as const satisfies OptionSpec;

/** The point of interest. */
export const FOCUS_OPTIONS = [
  {
    id: 'focusX',
    label: 'Focus, from the left',
    type: 'number',
    default: 50,
    min: 0,
    max: 100,
    step: 1,
    unit: '%',
    help: 'The point that orbit, arc, push in and Ken Burns go by, and the middle of another shape.',
  },
  { id: 'focusY', label: 'Focus, from the top', type: 'number', default: 50, min: 0, max: 100, step: 1, unit: '%' },
] as const satisfies readonly OptionSpec[];

/** What the options above say; those that a plugin does not have keep their defaults. */
export function shotOptions(options: OptionValues, longerSidePx: number): Omit<ShotOptions, 'frames'> {
  return {
    longerSidePx: Number(options['longerSidePx'] ?? longerSidePx),
    crop: options['crop'] !== false,
    amount: Number(options['amount'] ?? 1),
    shape: String(options['shape'] ?? 'photo'),
    focus: { x: Number(options['focusX'] ?? 50) / 100, y: Number(options['focusY'] ?? 50) / 100 },
  };
}
