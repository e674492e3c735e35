import type { Raster } from 'unflat/plugin';
import type { DepthCheck, Match } from './depth-check.ts';

/** Letters of 5 × 7 dots: a number for each row, the highest of five bits on the left. */
const LETTERS: Readonly<Record<string, readonly number[]>> = {
  N: [17, 25, 25, 21, 19, 19, 17],
  E: [31, 16, 16, 30, 16, 16, 31],
  A: [14, 17, 17, 31, 17, 17, 17],
  R: [30, 17, 17, 30, 20, 18, 17],
  F: [31, 16, 16, 30, 16, 16, 16],
};
const ROWS = 7;
const COLUMNS = 5;
/** Dots of a label's border. */
const BORDER = 2;
/** A dot is so many parts of the width. */
const DOT_PART = 1 / 200;
const RED = [220, 0, 0] as const;

/** Writes NEAR and FAR on what is near and far, in both eyes' pictures, so that the words have its depth. Red frames: the eyes are swapped. */
export function labelDepth({ near, far, isRight }: DepthCheck, left: Raster, right: Raster): void {
  const write = (word: string, { leftX, rightX, y }: Match): void => {
    label(left, word, leftX, y);
    label(right, word, rightX, y);
  };
  // The near one last: it stands in front.
  write('FAR', far);
  write('NEAR', near);
  if (!isRight) for (const picture of [left, right]) frame(picture);
}

function label(picture: Raster, word: string, middleX: number, middleY: number): void {
  const dot = Math.max(1, Math.round(picture.width * DOT_PART));
  const columns = word.length * (COLUMNS + 1) - 1 + 2 * BORDER;
  const rows = ROWS + 2 * BORDER;
  const [x0, y0] = [middleX - Math.round((columns * dot) / 2), middleY - Math.round((rows * dot) / 2)];
  fill(picture, x0, y0, columns * dot, rows * dot, [0, 0, 0]);
  word.split('').forEach((letter, n) => {
    LETTERS[letter]?.forEach((bits, row) => {
      for (let column = 0; column < COLUMNS; column++) {
        if (!(bits & (1 << (COLUMNS - 1 - column)))) continue;
        const across = BORDER + n * (COLUMNS + 1) + column;
        fill(picture, x0 + across * dot, y0 + (BORDER + row) * dot, dot, dot, [255, 255, 255]);
      }
    });
  });
}

function frame(picture: Raster): void {
  const { width, height } = picture;
  const thick = Math.max(2, Math.round(width / 40));
  for (const [x, y, w, h] of [
    [0, 0, width, thick],
    [0, height - thick, width, thick],
    [0, 0, thick, height],
    [width - thick, 0, thick, height],
  ] as const)
    fill(picture, x, y, w, h, RED);
}

function fill({ width, height, rgba }: Raster, x0: number, y0: number, across: number, down: number, colour: readonly number[]): void {
  for (let y = Math.max(0, y0); y < Math.min(height, y0 + down); y++) {
    for (let x = Math.max(0, x0); x < Math.min(width, x0 + across); x++) rgba.set(colour, 4 * (y * width + x));
  }
}
