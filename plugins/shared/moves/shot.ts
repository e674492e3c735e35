import { translation } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';
import { frameOf, type FrameOptions } from './frame-of.ts';
import { isCovered } from './is-covered.ts';
import { largestPart } from './largest-part.ts';
import { moveOf, type Move, type Place } from './moves.ts';
import { MIDDLE, placesOf, subjectDistance } from './places-of.ts';

/** So many frames are checked for what was never filled in; a path bends less between two of them than a pixel. */
const LOOKED_AT = 48;

export interface ShotOptions extends FrameOptions {
  frames: number;
  /** 1 = the usual movement. */
  amount: number;
  /** Goes back to the start where the move does not loop by itself. Default false. */
  back?: boolean;
}

/** One camera a frame, and by how much the movement had to shrink (1 = not) so that no frame shows what was never filled in. */
export interface Shot {
  cameras: Camera[];
  shrunkBy: number;
}

/** The cameras of a move; all have one size, even in both directions. @throws TypeError for a move that there is not. */
export function shotOf(product: string, scene: Scene, options: ShotOptions): Shot {
  const { frames, amount, focus = MIDDLE, back = false } = options;
  const frame = frameOf(scene, options);
  const { keeps } = moveOf(product);
  const subject = subjectAt(scene, focus);
  const places = placesOf(product, scene, frames, amount, focus, back);
  const cameras = (part: number): Camera[] =>
    places.map((place) => cameraAt(frame, { ...place, x: place.x * part, y: place.y * part, z: place.z * part }, subject, keeps));
  const every = Math.max(1, frames / LOOKED_AT);
  const fits = (part: number): boolean =>
    cameras(part).every((camera, i) => Math.floor(i / every) === Math.floor((i - 1) / every) || isCovered(scene, camera));
  const shrunkBy = largestPart(fits);
  return { cameras: cameras(shrunkBy), shrunkBy };
}

/** Says that a move is smaller than asked for; undefined where it is not, or hardly. */
export function shrunkWords(move: string, shrunkBy: number): string | undefined {
  if (shrunkBy >= 0.95) return undefined;
  return `The camera of “${move}” moves ${Math.round(shrunkBy * 100)} % as far as asked for, as more would show what lies outside the picture.`;
}

/** A point of the scene, `distance` away: x right, y up. */
interface Subject {
  x: number;
  y: number;
  distance: number;
}

function subjectAt(scene: Scene, focus: { x: number; y: number }): Subject {
  const { lens, width, height } = scene;
  const longer = Math.max(width, height);
  const distance = subjectDistance(scene, focus);
  return {
    x: (((focus.x * width) / longer - lens.cx) / lens.fx) * distance,
    y: -(((focus.y * height) / longer - lens.cy) / lens.fy) * distance,
    distance,
  };
}

function cameraAt(frame: Camera, { x, y, z, zoom = 1, window }: Place, subject: Subject, keeps: Move['keeps']): Camera {
  const { distance } = subject;
  const ahead = Math.max(0.1 * distance, distance + z);
  let { fx, fy, cx, cy } = frame;
  if (keeps === 'size') {
    fx *= ahead / distance;
    fy *= ahead / distance;
  } else if (keeps === 'place') {
    cx += fx * (subject.x / distance - (subject.x - x) / ahead);
    cy -= fy * (subject.y / distance - (subject.y - y) / ahead);
  }
  if (zoom !== 1) {
    const across = (frame.width / 2) * (1 + (window?.x ?? 0) * (1 - 1 / zoom));
    const down = (frame.height / 2) * (1 + (window?.y ?? 0) * (1 - 1 / zoom));
    cx = (cx - across) * zoom + frame.width / 2;
    cy = (cy - down) * zoom + frame.height / 2;
    fx *= zoom;
    fy *= zoom;
  }
  return { ...frame, fx, fy, cx, cy, c2w: translation(x, y, z) };
}
