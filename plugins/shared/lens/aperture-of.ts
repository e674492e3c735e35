import { inverseDepth, translation } from 'unflat/plugin';
import type { Camera, OptionValues, Scene } from 'unflat/plugin';
import { isCovered } from '../moves/is-covered.ts';
import { largestPart } from '../moves/largest-part.ts';
import { MIDDLE, subjectDistance, type Focus } from '../moves/places-of.ts';
import { lensWish, type LensWish } from './lens-options.ts';

/** Parts of the disparities that count as the nearest and the farthest: a few wrong pixels decide nothing. */
const NEAREST_PART = 0.995;
const FARTHEST_PART = 0.005;
/** One view for so many square pixels of the largest blurred point: with fewer the views are told apart. Found by looking at bright points. */
const PIXELS_A_VIEW = 5;
/** Views of a picture; those of a film are fewer, as its pictures are seen for a moment. */
const VIEWS = { least: 16, still: 160, film: 48 };
/** Part of the eyebox that the lens may take beside a move: what is behind the edges is filled in only so far. */
const ROOM = { still: 1, film: 0.5 };
/** So many moments of a move are looked at for what lies outside the picture. */
const LOOKED_AT = 12;
/** Angle between two places that follow each other, of a disc evenly filled (Vogel's spiral). */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** A lens with an opening: a picture through it is the mean of the pictures from all places of the opening. */
export interface Aperture {
  /** Places in the opening, in scene units from its middle. */
  places: readonly { x: number; y: number }[];
  /** Inverse distance of what is sharp, from the photo's camera, 1/scene units. */
  sharpAt: number;
  /** Darkness of the corners, 0..1. */
  vignette: number;
  /** Part of the wished blur that there is room for, 0..1. */
  part: number;
}

/**
 * A lens for these cameras. It never sees what lies outside the painted area.
 * @param cameras one for a picture, several for a move; of one size.
 */
export function apertureOf(scene: Scene, cameras: readonly Camera[], { blur, vignette }: LensWish, focus = MIDDLE): Aperture {
  const sharpAt = 1 / subjectDistance(scene, focus);
  const { width, fx } = cameras[0]!;
  const seen = scene.depth.disparity.filter((d) => d >= 0 && d <= 1).sort();
  const at = (part: number): number => inverseDepth(scene.lens, seen[Math.floor(part * (seen.length - 1))] ?? 0.5);
  const farthestOff = Math.max(Math.abs(at(NEAREST_PART) - sharpAt), Math.abs(at(FARTHEST_PART) - sharpAt), 1e-3 / scene.lens.near);
  const wanted = (blur * width) / (2 * fx * farthestOff);
  const kind = cameras.length > 1 ? 'film' : 'still';
  const most = ROOM[kind] * Math.min(scene.eyebox.x, scene.eyebox.y);
  const some = cameras.filter((_, i) => i % Math.ceil(cameras.length / LOOKED_AT) === 0);
  const fits = (radius: number): boolean =>
    some.every((camera) =>
      [0, 1, 2, 3].every((side) => {
        const angle = (Math.PI / 2) * side;
        return isCovered(scene, seenFrom(camera, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }, sharpAt));
      }),
    );
  const radius = wanted === 0 ? 0 : Math.min(wanted, most) * largestPart((part) => fits(part * Math.min(wanted, most)));
  const radiusPx = fx * radius * farthestOff;
  const count = Math.min(VIEWS[kind], Math.max(VIEWS.least, Math.ceil((Math.PI * radiusPx ** 2) / PIXELS_A_VIEW)));
  const places = radius === 0 ? [{ x: 0, y: 0 }] : spiral(count, radius);
  return { places, sharpAt, vignette, part: wanted === 0 ? 1 : radius / wanted };
}

function spiral(count: number, radius: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const far = radius * Math.sqrt((i + 0.5) / count);
    return { x: far * Math.cos(GOLDEN_ANGLE * i), y: far * Math.sin(GOLDEN_ANGLE * i) };
  });
}

/** What a camera sees from a place of its opening: what is sharp has the same place in all these pictures. */
export function seenFrom(camera: Camera, { x, y }: { x: number; y: number }, sharpAt: number): Camera {
  const [px = 0, py = 0, pz = 0] = [camera.c2w[3], camera.c2w[7], camera.c2w[11]];
  const inverse = sharpAt / Math.max(0.1, 1 + sharpAt * pz);
  return {
    ...camera,
    cx: camera.cx + camera.fx * x * inverse,
    cy: camera.cy - camera.fy * y * inverse,
    c2w: translation(px + x, py + y, pz),
  };
}

/**
 * The lens that the options ask for; undefined where pictures are as rendered.
 * @param warn hears, in words for people, where there is less blur than asked for.
 */
export function apertureFor(
  options: OptionValues,
  scene: Scene,
  cameras: readonly Camera[],
  focus: Focus | undefined,
  warn: (message: string) => void = () => undefined,
): Aperture | undefined {
  const wish = lensWish(options);
  if (!wish) return undefined;
  const lens = apertureOf(scene, cameras, wish, focus);
  const words = blurWords(lens);
  if (words !== undefined) warn(words);
  return lens;
}

/** Says that there is less blur than asked for; undefined where there is not, or hardly. */
export function blurWords(lens: Aperture | undefined): string | undefined {
  if (!lens || lens.part >= 0.95) return undefined;
  return `What is out of focus is blurred ${Math.round(lens.part * 100)} % as much as asked for, as more would show what was never filled in.`;
}
