import { spreadKnown, type InpaintInput, type ModelRow } from 'unflat/plugin';
import { HOLE_CELL, type Cells } from './cells.ts';
import type { WindowRun } from './plan-runs.ts';
import type { Visibility } from './visibility.ts';

/** A layer and how far it is inpainted. */
export interface LayerState {
  input: InpaintInput;
  visibility: Visibility;
  /** `width × height × 4`: the input's colours, with what was inpainted so far. */
  rgba: Uint8ClampedArray;
  /** 1 = a run has inpainted this pixel. */
  inpainted: Uint8Array;
  /** 1 = a run inpaints the holes of this cell. */
  planned: Uint8Array;
}

/** What a model is shown in one run: a window of the picture. Arrays are of the window's size. */
export interface Canvas {
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
  /** 1 = hidden from the model: holes, and all that does not belong to their surfaces. */
  mask: Uint8Array;
  /** Pixels that are to be inpainted by this run: layer + 1; 0 elsewhere. */
  target: Uint8Array;
  /** Pixels that are seen. */
  seen: number;
}

/**
 * Puts together what a run's holes want seen: each pixel as the layer of the nearest cell that is inpainted wants it. What is hidden
 * from the model stands there in colours carried over from what is seen, so that no foreground comes in where a model shrinks or
 * blends its picture; holes keep what stands in them already.
 */
export function canvasOf(
  run: WindowRun,
  cells: Cells,
  layers: readonly LayerState[],
  under: NonNullable<NonNullable<ModelRow['input']['mask']>['under']>,
): Canvas {
  const { width, height } = run;
  const canvas: Canvas = {
    width,
    height,
    rgba: new Uint8ClampedArray(width * height * 4),
    mask: new Uint8Array(width * height).fill(1),
    target: new Uint8Array(width * height),
    seen: 0,
  };
  const known = new Uint8Array(width * height);
  const owner = ownersOf(run, cells);
  const picture = layers[0]!.input;
  for (let y = 0; y < Math.min(height, picture.height - run.y); y++) {
    for (let cx = Math.floor(run.x / HOLE_CELL); cx < cells.columns; cx++) {
      const cell = Math.floor((run.y + y) / HOLE_CELL) * cells.columns + cx;
      const from = Math.max(run.x, cx * HOLE_CELL);
      const to = Math.min(run.x + width, picture.width, (cx + 1) * HOLE_CELL);
      showRow(canvas, known, layers[owner[cell]!]!, run, y, from, to);
      for (const [layer, own] of run.cells.entries()) if (own?.[cell]) wantRow(canvas, known, layers[layer]!, layer + 1, run, y, from, to);
    }
  }
  for (let i = 0; i < known.length; i++) if (!canvas.mask[i]) canvas.seen++;
  spread(canvas, known);
  if (under !== 'guess') blank(canvas, under === 'grey' ? 127.5 : 0);
  return canvas;
}

/** Carries colours smoothly from pixels that are known into those that are not; alpha becomes 255. */
function spread({ rgba, width, height }: Canvas, known: Uint8Array): void {
  spreadKnown({ width, height, channels: [0, 1, 2].map((from) => ({ values: rgba, from, step: 4 })), weight: known });
  for (let o = 3; o < rgba.length; o += 4) rgba[o] = 255;
}

/** Where it is to be inpainted, and where other holes are, stands the guess; what is seen stands as it is. */
function showRow(
  { rgba, mask, width }: Canvas,
  known: Uint8Array,
  { input, visibility, rgba: colours, inpainted }: LayerState,
  run: WindowRun,
  y: number,
  from: number,
  to: number,
): void {
  for (let x = from, i = (run.y + y) * input.width + from, o = y * width + from - run.x; x < to; x++, i++, o++) {
    const isSeen = visibility.visible[i] || inpainted[i];
    if (!isSeen && !input.hole[i]) continue;
    known[o] = 1;
    if (isSeen) mask[o] = 0;
    for (let k = 0; k < 3; k++) rgba[o * 4 + k] = colours[i * 4 + k]!;
  }
}

function wantRow(
  { rgba, mask, target, width }: Canvas,
  known: Uint8Array,
  { input, visibility, rgba: colours }: LayerState,
  mark: number,
  run: WindowRun,
  y: number,
  from: number,
  to: number,
): void {
  for (let x = from, i = (run.y + y) * input.width + from, o = y * width + from - run.x; x < to; x++, i++, o++) {
    if (!visibility.wanted[i] || target[o]) continue;
    target[o] = mark;
    mask[o] = 1;
    known[o] = 1;
    for (let k = 0; k < 3; k++) rgba[o * 4 + k] = colours[i * 4 + k]!;
  }
}

function blank({ rgba, mask }: Canvas, level: number): void {
  for (let i = 0; i < mask.length; i++) if (mask[i]) rgba[i * 4] = rgba[i * 4 + 1] = rgba[i * 4 + 2] = level;
}

/** For each cell the layer whose inpainted cell is nearest. */
function ownersOf({ cells: taken }: WindowRun, { columns, rows }: Cells): Uint8Array {
  const owner = new Uint8Array(columns * rows);
  const seen = new Uint8Array(columns * rows);
  const queue: number[] = [];
  for (const [layer, own] of taken.entries()) {
    own?.forEach((isTaken, i) => {
      if (!isTaken || seen[i]) return;
      seen[i] = 1;
      owner[i] = layer;
      queue.push(i);
    });
  }
  for (let n = 0; n < queue.length; n++) {
    const i = queue[n]!;
    const x = i % columns;
    for (const j of [x > 0 ? i - 1 : -1, x + 1 < columns ? i + 1 : -1, i - columns, i + columns]) {
      if (j < 0 || j >= owner.length || seen[j]) continue;
      seen[j] = 1;
      owner[j] = owner[i]!;
      queue.push(j);
    }
  }
  return owner;
}
