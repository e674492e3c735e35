import type { Raster } from 'unflat/plugin';

/** How two pictures become one. */
export type StereoLayout = keyof typeof LAYOUTS;

/** Names for people, and what stands in the file's name: players for headsets and screens go by it. */
export const LAYOUTS = {
  parallel: { label: 'Side by side, left eye left', suffix: '_LR' },
  crossed: { label: 'Side by side, for crossed eyes', suffix: '_RL' },
  half: { label: 'Side by side, half width', suffix: '_HSBS' },
  'top-bottom': { label: 'Left eye above the right', suffix: '_TB' },
  'half-top-bottom': { label: 'One above the other, half height', suffix: '_HTAB' },
  interlaced: { label: 'Row by row, for polarised screens', suffix: '_interlaced' },
  dubois: { label: 'Red-cyan, best colours (Dubois)', suffix: '_anaglyph' },
  'half-colour': { label: 'Red-cyan, half colour', suffix: '_anaglyph' },
  grey: { label: 'Red-cyan, grey', suffix: '_anaglyph' },
} as const;

/** Layouts for red-cyan glasses. */
export const ANAGLYPHS = ['dubois', 'half-colour', 'grey'] as const satisfies readonly StereoLayout[];

/**
 * Colours seen through red and cyan glasses, as the glasses of usual screens let them through: rows of what red, green and blue get of
 * the left eye's red, green, blue and of the right eye's. In linear light would be exact; the published numbers are for sRGB values.
 * Source: E. Dubois, "A projection method to generate anaglyph stereo images", ICASSP 2001, matrices for red-cyan glasses.
 */
const DUBOIS = [
  [0.4561, 0.500484, 0.176381, -0.0434706, -0.0879388, -0.00155529],
  [-0.0400822, -0.0378246, -0.0157589, 0.378476, 0.73364, -0.0184503],
  [-0.0152161, -0.0205971, -0.00546856, -0.0721527, -0.112961, 1.2264],
];

/** Brightness of sRGB values. Source: ITU-R BT.601. */
const luma = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b;

/** One picture of two of one size, even in both directions. @returns a new picture. */
export function composeEyes(left: Raster, right: Raster, layout: StereoLayout): Raster {
  const { width } = left;
  switch (layout) {
    case 'parallel':
      return beside(left, right);
    case 'crossed':
      return beside(right, left);
    case 'half':
      return beside(halfWidth(left), halfWidth(right));
    case 'top-bottom':
      return above(left, right);
    case 'half-top-bottom':
      return above(halfHeight(left), halfHeight(right));
    case 'interlaced':
      return mixed(left, right, (out, i, l, r) => out.set(Math.floor(i / width) % 2 === 0 ? l : r, 4 * i));
    case 'dubois':
      return mixed(left, right, (out, i, l, r) => {
        DUBOIS.forEach((row, c) => {
          out[4 * i + c] = row[0]! * l[0]! + row[1]! * l[1]! + row[2]! * l[2]! + row[3]! * r[0]! + row[4]! * r[1]! + row[5]! * r[2]!;
        });
      });
    case 'half-colour':
      return mixed(left, right, (out, i, l, r) => {
        out[4 * i] = luma(l[0]!, l[1]!, l[2]!);
        out[4 * i + 1] = r[1]!;
        out[4 * i + 2] = r[2]!;
      });
    case 'grey':
      return mixed(left, right, (out, i, l, r) => {
        out[4 * i] = luma(l[0]!, l[1]!, l[2]!);
        out[4 * i + 1] = out[4 * i + 2] = luma(r[0]!, r[1]!, r[2]!);
      });
  }
}

type Mix = (out: Uint8ClampedArray, pixel: number, left: Uint8ClampedArray, right: Uint8ClampedArray) => void;

function mixed(left: Raster, right: Raster, mix: Mix): Raster {
  const { width, height } = left;
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) mix(rgba, i, left.rgba.subarray(4 * i, 4 * i + 4), right.rgba.subarray(4 * i, 4 * i + 4));
  return { width, height, rgba };
}

function beside(first: Raster, second: Raster): Raster {
  const { width, height } = first;
  const rgba = new Uint8ClampedArray(2 * width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = 4 * width;
    rgba.set(first.rgba.subarray(y * row, (y + 1) * row), 2 * y * row);
    rgba.set(second.rgba.subarray(y * row, (y + 1) * row), (2 * y + 1) * row);
  }
  return { width: 2 * width, height, rgba };
}

function above(first: Raster, second: Raster): Raster {
  const { width, height, rgba: top } = first;
  const rgba = new Uint8ClampedArray(2 * top.length);
  rgba.set(top);
  rgba.set(second.rgba, top.length);
  return { width, height: 2 * height, rgba };
}

/** Means of neighbours in a row. */
function halfWidth({ width, height, rgba }: Raster): Raster {
  const half = new Uint8ClampedArray((width / 2) * height * 4);
  for (let i = 0; i < half.length / 4; i++) {
    for (let c = 0; c < 4; c++) half[4 * i + c] = (rgba[8 * i + c]! + rgba[8 * i + 4 + c]! + 1) >> 1;
  }
  return { width: width / 2, height, rgba: half };
}

/** Means of pixels one above the other. */
function halfHeight({ width, height, rgba }: Raster): Raster {
  const row = 4 * width;
  const half = new Uint8ClampedArray(row * (height / 2));
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < row; x++) half[y * row + x] = (rgba[2 * y * row + x]! + rgba[(2 * y + 1) * row + x]! + 1) >> 1;
  }
  return { width, height: height / 2, rgba: half };
}
