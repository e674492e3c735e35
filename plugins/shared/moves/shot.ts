import { UnflatError, inverseDepth, readCameraPath, translation } from 'unflat/plugin';
import type { Camera, CameraPath, Scene } from 'unflat/plugin';
import { placesAlong } from './along-path.ts';
import { frameOf, type FrameOptions } from './frame-of.ts';
import { isCovered } from './is-covered.ts';
import { largestPart } from './largest-part.ts';
import { moveOf, type Move, type Place, type PhotoPart } from './moves.ts';
import { MIDDLE, VIEWS, placesOf, subjectDistance } from './places-of.ts';

/** So many frames are checked for what was never filled in; a path bends less between two of them than a pixel. */
const LOOKED_AT = 48;

export interface ShotOptions extends FrameOptions {
  frames: number;
  /** 1 = the usual movement. */
  amount: number;
  /** Goes back to the start where the move does not loop by itself. Default false. */
  back?: boolean;
  /** Where a move begins and ends that goes from a view to a view. */
  views?: { start: PhotoPart; end: PhotoPart };
  /** Text of the camera path, where the move is a path of the person's own. */
  path?: string;
}

/** In place of a move's id: a path of the person's own. */
export const OWN_PATH = 'path';

/** @throws UnflatError `bad-camera` where there is none, or it cannot be read. */
export function ownPath(text: string | undefined): CameraPath {
  if (text === undefined)
    throw new UnflatError(
      'bad-camera',
      'There is no path to follow. Record one in the options of the file, or give one with --path move.json.',
    );
  return readCameraPath(text, 'The path');
}

/** One camera a frame, and by how much the movement had to shrink (1 = not) so that no frame shows what was never filled in. */
export interface Shot {
  cameras: Camera[];
  shrunkBy: number;
}

/** The cameras of a move; all have one size, even in both directions. @throws TypeError for a move that there is not; UnflatError `bad-camera` where the path is missing. */
export function shotOf(product: string, scene: Scene, options: ShotOptions): Shot {
  const { frames, amount, focus = MIDDLE, back = false } = options;
  const frame = frameOf(scene, options);
  const own = product === OWN_PATH ? ownPath(options.path) : undefined;
  const { keeps } = own ? { keeps: 'place' as const } : moveOf(product);
  const wanted = options.views ?? VIEWS;
  const views = { start: viewIn(scene, options, wanted.start), end: viewIn(scene, options, wanted.end) };
  const subject = own ? middleOf(scene) : subjectAt(scene, keeps === 'both' ? wanted.end : focus);
  const places = own ? placesAlong(own, frames, scene.eyebox, amount, back) : placesOf(product, scene, frames, amount, focus, back, views);
  const cameras = (part: number): Camera[] =>
    places.map((place) => cameraAt(scene, frame, { ...place, x: place.x * part, y: place.y * part, z: place.z * part }, subject, keeps));
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

/** A view as far as it fits, as the frame may leave out the photo's border; its size in parts of the frame's. */
function viewIn(scene: Scene, options: FrameOptions, { x, y, size }: PhotoPart): PhotoPart {
  const frame = frameOf(scene, options);
  const whole = frameOf(scene, { ...options, crop: false });
  const inner = frameOf(scene, { ...options, shape: 'photo' });
  const part = Math.min(1, (size * (whole.width / whole.fx)) / (frame.width / frame.fx));
  const { width, height, lens } = scene;
  const longer = Math.max(width, height);
  /** The middle, no nearer to the edges of what may be seen than half a view. */
  const inside = (middle: number, lengthPx: number, principal: number, focal: number, edge: number, end: number, half: number): number => {
    const [low, high] = [edge + half, end - half].map((u) => ((u * focal + principal) * longer) / lengthPx);
    return Math.min(high!, Math.max(low!, middle));
  };
  const [halfX, halfY] = [((frame.width / frame.fx) * part) / 2, ((frame.height / frame.fy) * part) / 2];
  return {
    x: inside(x, width, lens.cx, lens.fx, -inner.cx / inner.fx, (inner.width - inner.cx) / inner.fx, halfX),
    y: inside(y, height, lens.cy, lens.fy, -inner.cy / inner.fy, (inner.height - inner.cy) / inner.fy, halfY),
    size: part,
  };
}

/** A point of the scene, `distance` away: x right, y up. */
interface Subject {
  x: number;
  y: number;
  distance: number;
}

/** What stays in its place while a person looks around: whatever lies before the camera in the middle of the scene's depth. */
function middleOf({ depth, lens }: Scene): Subject {
  const every = Math.max(1, Math.floor(depth.disparity.length / 4000));
  const some = depth.disparity.filter((_, i) => i % every === 0).sort();
  return { x: 0, y: 0, distance: 1 / Math.max(1e-9, inverseDepth(lens, some[some.length >> 1] ?? 0.5)) };
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

function cameraAt(
  scene: Scene,
  frame: Camera,
  { x, y, z, zoom = 1, window, middle }: Place,
  subject: Subject,
  keeps: Move['keeps'],
): Camera {
  const { distance } = subject;
  const ahead = Math.max(0.1 * distance, distance + z);
  let { fx, fy, cx, cy } = frame;
  if (keeps === 'size' || keeps === 'both') {
    fx *= ahead / distance;
    fy *= ahead / distance;
  }
  if (keeps === 'both') {
    cx += (fx * x) / ahead;
    cy -= (fy * y) / ahead;
  } else if (keeps === 'place') {
    cx += fx * (subject.x / distance - (subject.x - x) / ahead);
    cy -= fy * (subject.y / distance - (subject.y - y) / ahead);
  }
  if (zoom !== 1 || middle) {
    const across = middle ? alongFrame(scene, frame, middle.x, 'x') : (frame.width / 2) * (1 + (window?.x ?? 0) * (1 - 1 / zoom));
    const down = middle ? alongFrame(scene, frame, middle.y, 'y') : (frame.height / 2) * (1 + (window?.y ?? 0) * (1 - 1 / zoom));
    cx = (cx - across) * zoom + frame.width / 2;
    cy = (cy - down) * zoom + frame.height / 2;
    fx *= zoom;
    fy *= zoom;
  }
  return { ...frame, fx, fy, cx, cy, c2w: translation(x, y, z) };
}

/** Where a place of the photo, in parts of its width or height, lies in the frame, in pixels. */
function alongFrame({ width, height, lens }: Scene, frame: Camera, part: number, axis: 'x' | 'y'): number {
  const longer = Math.max(width, height);
  if (axis === 'x') return frame.cx + (frame.fx * ((part * width) / longer - lens.cx)) / lens.fx;
  return frame.cy + (frame.fy * ((part * height) / longer - lens.cy)) / lens.fy;
}
