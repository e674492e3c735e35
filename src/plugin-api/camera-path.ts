import { UnflatError } from '../core/index.ts';

/** How the camera goes from one key to the next. */
export type PathEasing = 'curve' | 'smooth' | 'linear';

/** Where the camera is at a time. */
export interface PathKey {
  /** Seconds from the beginning, 0..600; later than the key before. */
  at: number;
  /** Place in the eyebox, as in the viewer: to the right, −1..1. Default 0. */
  x: number;
  /** Place in the eyebox, upward, −1..1. Default 0. */
  y: number;
  /** Place in the eyebox, into the picture, −1..1. Default 0. */
  z: number;
  /** Magnification, 1..8. Default 1. */
  zoom: number;
  /** Middle of the part that is seen when magnified: part of the picture's width from the left, 0..1. Default 0.5. */
  centreX: number;
  /** Middle of the part that is seen when magnified: part of the picture's height from the top, 0..1. Default 0.5. */
  centreY: number;
  /** How it goes on from here. Default: the path's. */
  easing: PathEasing;
}

/** A camera path of a person's own. */
export interface CameraPath {
  /** At least two, in order of time; the first at 0. */
  keys: PathKey[];
  /** Seconds that it lasts: the last key's time. */
  seconds: number;
}

const EASINGS: readonly PathEasing[] = ['curve', 'smooth', 'linear'];
const MOST_KEYS = 2000;
/** Most characters of a path's text. */
export const MOST_PATH_CHARACTERS = 200_000;
const NUMBERS = {
  at: { min: 0, max: 600, usual: undefined },
  x: { min: -1, max: 1, usual: 0 },
  y: { min: -1, max: 1, usual: 0 },
  z: { min: -1, max: 1, usual: 0 },
  zoom: { min: 1, max: 8, usual: 1 },
  centreX: { min: 0, max: 1, usual: 0.5 },
  centreY: { min: 0, max: 1, usual: 0.5 },
} as const;

/**
 * Reads a camera path: JSON `{ "unflatPath": 1, "easing"?: "curve", "keys": [{ "at": 0, "x"?, "y"?, "z"?, "zoom"?, "centreX"?, "centreY"?, "easing"? }, …] }`.
 * @param name what to call it in messages: a file's name.
 * @throws UnflatError `bad-camera` naming the file, the field, and what it has to be.
 */
export function readCameraPath(text: string, name: string): CameraPath {
  const bad = (what: string): UnflatError =>
    new UnflatError('bad-camera', `${name} is no camera path: ${what}. The README describes the file.`);
  if (text.length > MOST_PATH_CHARACTERS) throw bad(`it is longer than ${MOST_PATH_CHARACTERS} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(bad('it is not JSON'), { cause });
  }
  if (!isRecord(json) || !('unflatPath' in json)) throw bad('unflatPath is missing');
  if (json['unflatPath'] !== 1)
    throw bad(`unflatPath must be 1, got ${shown(json['unflatPath'])}; a file of a newer version needs a newer Unflat`);
  const easingOf = (value: unknown, field: string, usual: PathEasing): PathEasing => {
    const found = value === undefined ? usual : EASINGS.find((each) => each === value);
    if (!found) throw bad(`${field} must be one of ${EASINGS.join(', ')}, got ${shown(value)}`);
    return found;
  };
  const easing = easingOf(json['easing'], 'easing', 'curve');
  const list: unknown = json['keys'];
  if (!Array.isArray(list) || list.length < 2 || list.length > MOST_KEYS) throw bad(`keys must be a list of 2 to ${MOST_KEYS}`);
  const keys = list.map((value: unknown, i): PathKey => {
    if (!isRecord(value)) throw bad(`keys[${i}] must be an object, got ${shown(value)}`);
    const number = (field: keyof typeof NUMBERS): number => {
      const { min, max, usual } = NUMBERS[field];
      const given = value[field] === undefined ? usual : value[field];
      if (typeof given === 'number' && given >= min && given <= max) return given;
      throw bad(`keys[${i}].${field} must be a number from ${min} to ${max}, got ${shown(given)}`);
    };
    return {
      at: number('at'),
      x: number('x'),
      y: number('y'),
      z: number('z'),
      zoom: number('zoom'),
      centreX: number('centreX'),
      centreY: number('centreY'),
      easing: easingOf(value['easing'], `keys[${i}].easing`, easing),
    };
  });
  if (keys[0]!.at !== 0) throw bad(`keys[0].at must be 0, got ${keys[0]!.at}`);
  for (let i = 1; i < keys.length; i++)
    if (keys[i]!.at <= keys[i - 1]!.at) throw bad(`keys[${i}].at must be later than that of the key before, ${keys[i - 1]!.at}`);
  return { keys, seconds: keys.at(-1)!.at };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40));
