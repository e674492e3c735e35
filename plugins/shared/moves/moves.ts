/** Where the camera is, in the scene's units: x right, y up, z towards the viewer (moving in is negative). */
export interface Place {
  x: number;
  y: number;
  z: number;
  /** Magnification of the picture about `window`, at least 1. Default 1. */
  zoom?: number;
  /** Where the magnified part lies in the frame, −1..1: −1 = at the left or top edge. Default the middle. */
  window?: { x: number; y: number };
  /** The middle of the picture, in parts of the photo from the left and the top, instead of `window`. */
  middle?: { x: number; y: number };
}

/** A part of the photo that fills the picture. */
export interface PhotoPart {
  /** Its middle, in parts of the photo from the left and the top, 0..1. */
  x: number;
  y: number;
  /** Its size in parts of the largest frame's, above 0, at most 1. */
  size: number;
}

/** What moves go by. */
export interface Aims {
  /** The point of interest, −1..1 from the middle, y down. */
  focus: { x: number; y: number };
  /** What is seen at first and at last, where the move goes from a view to a view. */
  start: PhotoPart;
  end: PhotoPart;
}

/** One way for the camera to go. */
export interface Move {
  /** Name for people. */
  label: string;
  /** True: the frame after the last is the first again. False: it goes from start to end, and back again in loops. */
  loops: boolean;
  /** What the camera keeps while it moves: the size of what lies at the focus (dolly zoom), its place in the frame, or both. Default nothing. */
  keeps?: 'size' | 'place' | 'both';
  /** Lengths are those of the 2020 system, see {@link FORWARD}. @param t 0..1. */
  path(t: number, aims: Aims): Place;
}

/**
 * The 2020 system's lengths, in units in which the nearest thing is a third away:
 * sideways of circle and swing, forward of all, and how much of the latter they go the other way first.
 * Source: arguments and path planning of "3D Photography using Context-aware Layered Depth Inpainting".
 */
const SIDEWAYS = 0.015;
const FORWARD = 0.05;
const BACKWARD_PART = 0.3;

/** Our own moves: found by looking at the sample photos. Larger ones show more of what was filled in than of the photo. */
const ORBIT = 0.022;
const BREATH = { x: 0.005, z: 0.012 };
const KEN_BURNS = { z: 0.16, most: 0.065 };
const PAN = { zoom: 1.2, x: 0.015 };

/** In, and out again. The 2020 system turns at once at the ends; this one slows down and speeds up. */
const straight: Move['path'] = (t) => ({ x: 0, y: 0, z: FORWARD * (BACKWARD_PART - (1 + BACKWARD_PART) * there(2 * t)) });

/** Twice round (or to and fro) while it moves out and in once. */
function around(height: number): Move['path'] {
  return (t) => ({
    x: -SIDEWAYS * Math.cos(4 * Math.PI * t),
    y: height * Math.sin(4 * Math.PI * t),
    z: -FORWARD * (Math.cos(2 * Math.PI * t) + BACKWARD_PART),
  });
}

/** 0 to 1 for t from 0 to 1, and back to 0 at 2, slow at the ends. */
function there(t: number): number {
  return (1 - Math.cos(Math.PI * t)) / 2;
}

/** From one view to another; the camera goes in as the view gets smaller, and to where its middle goes. */
function kenBurns(t: number, { start, end }: Aims): Place {
  const mix = (field: keyof PhotoPart): number => start[field] + (end[field] - start[field]) * there(t);
  const smallest = Math.min(start.size, end.size);
  const deep = Math.min(KEN_BURNS.most, KEN_BURNS.z * (1 - smallest)) / Math.max(1e-3, 1 - smallest);
  return {
    x: SIDEWAYS * (2 * mix('x') - 1),
    y: -SIDEWAYS * (2 * mix('y') - 1),
    z: -deep * (1 - mix('size')),
    zoom: 1 / mix('size'),
    middle: { x: mix('x'), y: mix('y') },
  };
}

export const MOVES = {
  'zoom-in': { label: 'Zoom in', loops: true, path: straight },
  'dolly-zoom-in': { label: 'Dolly zoom in', loops: true, keeps: 'size', path: straight },
  circle: { label: 'Circle', loops: true, path: around(SIDEWAYS) },
  swing: { label: 'Swing', loops: true, path: around(0) },
  orbit: {
    label: 'Orbit',
    loops: true,
    keeps: 'place',
    path: (t) => ({ x: -ORBIT * Math.cos(2 * Math.PI * t), y: ORBIT * Math.sin(2 * Math.PI * t), z: 0 }),
  },
  arc: { label: 'Arc', loops: true, keeps: 'place', path: (t) => ({ x: -ORBIT * Math.cos(2 * Math.PI * t), y: 0, z: 0 }) },
  breath: {
    label: 'Breath',
    loops: true,
    path: (t) => ({ x: BREATH.x * Math.sin(2 * Math.PI * t), y: 0, z: -BREATH.z * Math.cos(2 * Math.PI * t) }),
  },
  'push-in': {
    label: 'Push in',
    loops: false,
    keeps: 'place',
    path: (t, { focus: { x, y } }) => ({
      x: SIDEWAYS * x * there(t),
      y: -SIDEWAYS * y * there(t),
      z: -FORWARD * (1 + BACKWARD_PART) * there(t),
    }),
  },
  'ken-burns': { label: 'Ken Burns', loops: false, keeps: 'both', path: kenBurns },
  pan: {
    label: 'Pan',
    loops: false,
    path: (t) => ({ x: PAN.x * (2 * there(t) - 1), y: 0, z: 0, zoom: PAN.zoom, window: { x: 2 * there(t) - 1, y: 0 } }),
  },
} as const satisfies Record<string, Move>;

/** Id of a move. */
export type MoveId = keyof typeof MOVES;

/** All moves' ids, in the order in which people see them. */
export const MOVE_IDS = Object.keys(MOVES) as MoveId[];

/** @throws TypeError for an id that there is not. */
export function moveOf(id: string): Move {
  if (!(id in MOVES)) throw new TypeError(`move must be one of ${MOVE_IDS.join(', ')}, got ${id}`);
  return MOVES[id as MoveId];
}
