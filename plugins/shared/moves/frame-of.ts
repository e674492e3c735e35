import { translation } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';
import type { Focus } from './places-of.ts';

/** Parts of the photo's size left out at the border. The 2020 system leaves out 3 % at the left and right, and stretches. */
const CROP = { top: 0.03, bottom: 0.05, left: 0.04, right: 0.04 };
const NO_CROP = { top: 0, bottom: 0, left: 0, right: 0 };

/** Encoders take no smaller pictures. */
const SHORTEST_PX = 16;

/** Shapes of pictures, as width by height. */
const SHAPES: Readonly<Record<string, number>> = { '16:9': 16 / 9, '4:3': 4 / 3, '1:1': 1, '4:5': 4 / 5, '9:16': 9 / 16 };

export interface FrameOptions {
  /** Longer side of the picture in pixels, at most: a smaller photo keeps its size. */
  longerSidePx: number;
  /** Shorter side of the picture in pixels, at most, instead of the longer one. */
  shorterSidePx?: number;
  /** Whether the photo's border, where most was filled in, is left out. */
  crop: boolean;
  /** `photo`, or width by height: the largest part of that shape round the focus. Default `photo`. */
  shape?: string;
  /** Default the middle. */
  focus?: Focus;
}

/** The photo's own camera for a picture of even width and height. */
export function frameOf(
  scene: Scene,
  { longerSidePx, shorterSidePx, crop, shape = 'photo', focus = { x: 0.5, y: 0.5 } }: FrameOptions,
): Camera {
  const { lens, width, height, detail } = scene;
  const border = crop ? CROP : NO_CROP;
  const longer = Math.max(width, height);
  const largest = Math.max(longer, detail?.width ?? 0, detail?.height ?? 0);
  const whole = { width: width * (1 - border.left - border.right), height: height * (1 - border.top - border.bottom) };
  const ratio = SHAPES[shape];
  // Parts of the cropped photo, at most 1.
  const part =
    ratio === undefined
      ? { across: 1, down: 1 }
      : { across: Math.min(1, (whole.height * ratio) / whole.width), down: Math.min(1, whole.width / ratio / whole.height) };
  const [partWidth, partHeight] = [width * part.across, height * part.down];
  const wanted =
    shorterSidePx === undefined ? longerSidePx / Math.max(partWidth, partHeight) : shorterSidePx / Math.min(partWidth, partHeight);
  const scale = Math.min(wanted, largest / longer);
  const across = even(width * part.across * scale);
  const down = ratio === undefined ? even(height * scale) : even(across / ratio);
  const left = border.left * width + inside(focus.x * width - border.left * width, whole.width, part.across);
  const top = border.top * height + inside(focus.y * height - border.top * height, whole.height, part.down);
  // Apart from the rounding to even numbers both scales are one.
  const sx = across / (whole.width * part.across);
  const sy = down / (whole.height * part.down);
  return {
    width: across,
    height: down,
    fx: lens.fx * longer * sx,
    fy: lens.fy * longer * sy,
    cx: (lens.cx * longer - left) * sx,
    cy: (lens.cy * longer - top) * sy,
    c2w: translation(0, 0, 0),
  };
}

/** Where a part of a length begins that has `middle` in its middle, as far as it fits. */
function inside(middle: number, length: number, part: number): number {
  return Math.min(length * (1 - part), Math.max(0, middle - (length * part) / 2));
}

function even(size: number): number {
  return Math.max(SHORTEST_PX, 2 * Math.round(size / 2));
}
