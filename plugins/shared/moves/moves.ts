/** Where the camera is, in the scene's units: x right, y up, z towards the viewer (moving in is negative). */
export interface Place {
  x: number;
  y: number;
  z: number;
  /** Magnification of the picture about `window`, at least 1. Default 1. */
  zoom?: number;
  /** Where the magnified part lies in the frame, −1..1: −1 = at the left or top edge. Default the middle. */
  window?: { x: number; y: number };
}

/** One way for the camera to go. */
export interface Move {
  /** Name for people. */
  label: string;
  /** True: the frame after the last is the first again. False: it goes from start to end, and back again in loops. */
  loops: boolean;
  /** What the camera keeps while it moves: the size of what lies at the focus (dolly zoom), or its place in the frame. Default nothing. */
  keeps?: 'size' | 'place';
  /** Lengths are those of the 2020 system, see {@link FORWARD}. @param t 0..1. @param focus the point of interest, −1..1 from the middle, y down. */
  path(t: number, focus: { x: number; y: number }): Place;
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
const KEN_BURNS = { zoom: 1.25, z: 0.04 };
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
    path: (t, { x, y }) => ({ x: SIDEWAYS * x * there(t), y: -SIDEWAYS * y * there(t), z: -FORWARD * (1 + BACKWARD_PART) * there(t) }),
  },
  'ken-burns': {
    label: 'Ken Burns',
    loops: false,
    path: (t, focus) => ({ x: 0, y: 0, z: -KEN_BURNS.z * there(t), zoom: 1 + (KEN_BURNS.zoom - 1) * there(t), window: focus }),
  },
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
