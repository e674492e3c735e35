import type { OptionSpec, OptionValues } from 'unflat/plugin';
import { MOVES, MOVE_IDS, type PhotoPart } from './moves.ts';
import { VIEWS } from './places-of.ts';
import { OWN_PATH, type ShotOptions } from './shot.ts';

/** A path that the person recorded or wrote. */
export const PATH_OPTION = {
  id: 'path',
  label: 'Path of your own',
  type: 'path',
  default: '',
  help: 'Record how you look around, or open a path that you saved.',
} as const satisfies OptionSpec;

/** Which way the camera goes. */
export const moveOption = (usual: keyof typeof MOVES) =>
  ({
    id: 'move',
    label: 'Camera move',
    type: 'choice',
    default: usual,
    choices: [...MOVE_IDS.map((value) => ({ value, label: MOVES[value].label })), { value: OWN_PATH, label: 'A path of your own' }],
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

/** The height of a picture that lies, the width of one that stands; or the longer side instead. */
export const SIZE_OPTION = {
  id: 'size',
  label: 'Size',
  type: 'choice',
  default: 'px',
  choices: [
    { value: 'px', label: 'By the longer side' },
    { value: '720', label: '720p' },
    { value: '1080', label: '1080p' },
    { value: '1440', label: '1440p' },
    { value: '2160', label: '4K' },
  ],
  help: 'A smaller photo keeps its size.',
} as const satisfies OptionSpec;

/** There and back again. */
export const BACK_OPTION = {
  id: 'back',
  label: 'There and back',
  type: 'boolean',
  default: false,
  help: 'Push in, Ken Burns and pan return to where they began, so that the video loops; the other moves always do.',
} as const satisfies OptionSpec;

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
    place: 'x',
    help: 'The point that orbit, arc and push in go by, and the middle of another shape.',
  },
  { id: 'focusY', label: 'Focus, from the top', type: 'number', default: 50, min: 0, max: 100, step: 1, unit: '%', place: 'y' },
] as const satisfies readonly OptionSpec[];

/** What is seen at first and at last. */
const view = <Id extends 'start' | 'end'>(id: Id, group: string, size: number) =>
  [
    { id: `${id}X`, label: 'Middle, from the left', type: 'number', default: 50, min: 0, max: 100, step: 1, unit: '%', place: 'x', group },
    { id: `${id}Y`, label: 'Middle, from the top', type: 'number', default: 50, min: 0, max: 100, step: 1, unit: '%', place: 'y', group },
    { id: `${id}Size`, label: 'Size', type: 'number', default: size, min: 10, max: 100, step: 1, unit: '%', place: 'size', group },
  ] as const satisfies readonly OptionSpec[];

/** Where Ken Burns begins and ends. */
export const VIEW_OPTIONS = [
  ...view('start', 'Ken Burns: first view', 100 * VIEWS.start.size),
  ...view('end', 'Ken Burns: last view', 100 * VIEWS.end.size),
] as const;

/** What the options above say; those that a plugin does not have keep their defaults. */
export function shotOptions(options: OptionValues, longerSidePx: number): Omit<ShotOptions, 'frames'> {
  const path = String(options['path'] ?? '');
  // Lines, or `px`, which is no number.
  const shorterSidePx = Number(options['size']);
  return {
    longerSidePx: Number(options['longerSidePx'] ?? longerSidePx),
    ...(shorterSidePx > 0 && { shorterSidePx }),
    ...(path !== '' && { path }),
    back: options['back'] === true,
    crop: options['crop'] !== false,
    amount: Number(options['amount'] ?? 1),
    shape: String(options['shape'] ?? 'photo'),
    views: { start: viewOf(options, 'start'), end: viewOf(options, 'end') },
    focus: { x: Number(options['focusX'] ?? 50) / 100, y: Number(options['focusY'] ?? 50) / 100 },
  };
}

function viewOf(options: OptionValues, id: keyof typeof VIEWS): PhotoPart {
  const part = (field: string, usual: number): number => Number(options[id + field] ?? 100 * usual) / 100;
  return { x: part('X', VIEWS[id].x), y: part('Y', VIEWS[id].y), size: part('Size', VIEWS[id].size) };
}
