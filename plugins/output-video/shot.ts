import { translation } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';
import { isCovered } from './is-covered.ts';
import { placesOf, subjectDistance, type Place } from './places-of.ts';

/** Parts of the photo's size left out at the border. The 2020 system leaves out 3 % at the left and right, and stretches. */
const CROP = { top: 0.03, bottom: 0.05, left: 0.04, right: 0.04 };
const NO_CROP = { top: 0, bottom: 0, left: 0, right: 0 };

/** So many frames are checked for what was never painted; a path bends less between two of them than a pixel. */
const LOOKED_AT = 48;

/** Encoders take no smaller pictures. */
const SHORTEST_PX = 16;

export interface ShotOptions {
  frames: number;
  longerSidePx: number;
  crop: boolean;
  amount: number;
}

/** One camera a frame, and by how much the movement had to shrink (1 = not) so that no frame shows what was never painted. */
export interface Shot {
  cameras: Camera[];
  shrunkBy: number;
}

/** The cameras of a video; all have one size, even in both directions. */
export function shotOf(product: string, scene: Scene, options: ShotOptions): Shot {
  const frame = frameOf(scene, options);
  const subject = product === 'dolly-zoom-in' ? subjectDistance(scene) : undefined;
  const places = placesOf(product, scene, options.frames, options.amount);
  const cameras = (part: number): Camera[] =>
    places.map((place) => cameraAt(frame, { x: place.x * part, y: place.y * part, z: place.z * part }, subject));
  const every = Math.max(1, options.frames / LOOKED_AT);
  const fits = (part: number): boolean =>
    cameras(part).every((camera, i) => Math.floor(i / every) === Math.floor((i - 1) / every) || isCovered(scene, camera));
  if (fits(1) || !fits(0)) return { cameras: cameras(1), shrunkBy: 1 };
  let low = 0;
  let high = 1;
  for (let i = 0; i < 7; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return { cameras: cameras(low), shrunkBy: low };
}

/** The photo's own camera for the video's picture. */
function frameOf(scene: Scene, options: ShotOptions): Camera {
  const { lens, width, height, detail } = scene;
  const crop = options.crop ? CROP : NO_CROP;
  const longer = Math.max(width, height);
  const largest = Math.max(longer, detail?.width ?? 0, detail?.height ?? 0);
  const scale = Math.min(options.longerSidePx, largest) / longer;
  const across = even(width * scale);
  const down = even(height * scale);
  // Apart from the rounding to even numbers both scales are one.
  const sx = across / (width * (1 - crop.left - crop.right));
  const sy = down / (height * (1 - crop.top - crop.bottom));
  return {
    width: across,
    height: down,
    fx: lens.fx * longer * sx,
    fy: lens.fy * longer * sy,
    cx: (lens.cx * longer - crop.left * width) * sx,
    cy: (lens.cy * longer - crop.top * height) * sy,
    c2w: translation(0, 0, 0),
  };
}

/** @param subject distance of what keeps its size on the picture (dolly zoom), in scene units. */
function cameraAt(frame: Camera, { x, y, z }: Place, subject: number | undefined): Camera {
  const zoom = subject === undefined ? 1 : Math.max(0.1, (subject + z) / subject);
  return { ...frame, fx: frame.fx * zoom, fy: frame.fy * zoom, c2w: translation(x, y, z) };
}

function even(size: number): number {
  return Math.max(SHORTEST_PX, 2 * Math.round(size / 2));
}
