import type { Passes } from 'unflat/plugin';
import { HOLE_CELL, around, type Cells } from './cells.ts';

/** One run: a window of the picture, and the cells whose holes are inpainted in it. */
export interface WindowRun {
  /** Pixels; the window may reach beyond the picture to the right and below, where the picture is smaller. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** By layer: cells whose holes this run inpaints; undefined where it inpaints none. */
  cells: (Uint8Array | undefined)[];
}

export interface RunPlan {
  runs: WindowRun[];
  /** Pixels of the picture, along one axis, that a pixel of the model's picture covers. */
  scale: number;
}

/** Pixels of the picture a model's pixel may cover, the finest first. */
const SCALES = [1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 16];
/** A run that inpaints less than this share of all is not made. */
const LEAST_SHARE = 0.01;
/** All is as good as inpainted. */
const ENOUGH = 0.97;
/** A cell whose hole goes on beyond the window counts for so much: holes are better inpainted as a whole. */
const CUT = 0.5;
/** What a window loses whose holes lie at its edge: they see less of what is round them. */
const OFF_CENTRE = 0.05;
/** How much half the fineness is worth: 0.7 of the whole. */
const COARSENESS = 0.5;

/**
 * Lays windows of the model's size over the scene: each time the one that inpaints most. Holes of one layer share a window;
 * those of another join them where, round both, they want the same things seen. Coarser windows hold more: the fineness is
 * taken at which the holes that get inpainted are worth most.
 * @param px the picture that the model takes. @param most runs at most.
 */
export function* planRuns(
  cells: Cells,
  size: { width: number; height: number },
  px: { width: number; height: number },
  most: number,
): Passes<RunPlan> {
  const total = cells.weight.reduce((sum, each) => sum + each.reduce((all, value) => all + value, 0), 0);
  let best: RunPlan = { runs: [], scale: 1 };
  let bestWorth = 0;
  if (total === 0) return best;
  for (const scale of SCALES) {
    const { runs, inpainted } = yield* lay(
      cells,
      size,
      { width: Math.round(px.width * scale), height: Math.round(px.height * scale) },
      most,
      total,
    );
    const worth = inpainted / scale ** COARSENESS;
    if (worth > bestWorth) {
      bestWorth = worth;
      best = { runs, scale };
    }
    if (inpainted > ENOUGH * total || total / scale ** COARSENESS < bestWorth) break;
  }
  return best;
}

function* lay(
  cells: Cells,
  size: { width: number; height: number },
  window: { width: number; height: number },
  most: number,
  total: number,
): Passes<{ runs: WindowRun[]; inpainted: number }> {
  const open = cells.weight.map((each) => each.slice());
  const runs: WindowRun[] = [];
  let inpainted = 0;
  const windows = places(size.height, window.height).flatMap((y) => places(size.width, window.width).map((x) => ({ x, y, ...window })));
  while (runs.length < most) {
    const sums = summed(cells, open);
    // What is in a window is the most that it can inpaint: the fullest come first, and the rest is left out as soon as it cannot be better.
    const order = windows
      .map((at, index) => {
        const inside = innerCells(cells, size, at);
        return { at, index, inside, most: sumInside(sums, inside, cells.columns) };
      })
      .sort((a, b) => b.most - a.most);
    let best: { run: WindowRun; weight: number; worth: number; index: number } | undefined;
    for (const { at, index, inside, most } of order) {
      if (most === 0 || most < (best?.worth ?? 0)) break;
      yield;
      const taken = take(cells, open, inside);
      const worth = taken.worth * (1 - OFF_CENTRE * offCentre(taken, at));
      if (worth > (best?.worth ?? 0) || (best && worth === best.worth && index < best.index))
        best = { run: { ...at, cells: taken.cells }, weight: taken.weight, worth, index };
    }
    if (!best || best.weight < LEAST_SHARE * total) break;
    best.run.cells.forEach((own, layer) => own?.forEach((isTaken, i) => isTaken && (open[layer]![i] = 0)));
    inpainted += best.weight;
    runs.push(best.run);
  }
  return { runs, inpainted };
}

/** Where windows may begin along an axis: at every cell, and at the far end. */
function places(length: number, window: number): number[] {
  const last = Math.max(0, length - window);
  const found: number[] = [];
  for (let at = 0; at < last; at += HOLE_CELL) found.push(at);
  return [...found, last];
}

interface Inside {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Cells that have surroundings within the window: all of the outermost ones where the picture ends, else not those. */
function innerCells(
  { columns, rows }: Cells,
  size: { width: number; height: number },
  { x, y, width, height }: Omit<WindowRun, 'cells'>,
): Inside {
  return {
    left: x === 0 ? 0 : Math.ceil((x + HOLE_CELL) / HOLE_CELL),
    top: y === 0 ? 0 : Math.ceil((y + HOLE_CELL) / HOLE_CELL),
    right: x + width >= size.width ? columns : Math.floor((x + width - HOLE_CELL) / HOLE_CELL),
    bottom: y + height >= size.height ? rows : Math.floor((y + height - HOLE_CELL) / HOLE_CELL),
  };
}

/** Summed-area table of all layers' weights, a row and a column longer than the cells. */
function summed({ columns, rows }: Cells, weights: readonly Float32Array[]): Float64Array {
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let row = 0;
    for (let x = 0; x < columns; x++) {
      for (let layer = 0; layer < weights.length; layer++) row += weights[layer]![y * columns + x]!;
      sums[(y + 1) * (columns + 1) + x + 1] = sums[y * (columns + 1) + x + 1]! + row;
    }
  }
  return sums;
}

function sumInside(sums: Float64Array, { left, right, top, bottom }: Inside, columns: number): number {
  if (right <= left || bottom <= top) return 0;
  const stride = columns + 1;
  return sums[bottom * stride + right]! - sums[top * stride + right]! - sums[bottom * stride + left]! + sums[top * stride + left]!;
}

function sumOf(weight: Float32Array, { left, right, top, bottom }: Inside, columns: number): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += weight[y * columns + x]!;
  return sum;
}

/** What a window inpaints; `worth` counts cut holes less. `x` and `y` are the middle of it all, in cells. */
interface Taken {
  cells: WindowRun['cells'];
  weight: number;
  worth: number;
  x: number;
  y: number;
}

/** 0 = in the middle of the window, 1 = at its edge. */
function offCentre({ x, y }: Taken, window: Omit<WindowRun, 'cells'>): number {
  const across = Math.abs((x + 0.5) * HOLE_CELL - window.x - window.width / 2) / (window.width / 2);
  const down = Math.abs((y + 0.5) * HOLE_CELL - window.y - window.height / 2) / (window.height / 2);
  return Math.min(1, Math.max(across, down));
}

/** The holes that one window inpaints: those of the layer with most of them, then of the others what does not disturb. */
function take(cells: Cells, open: readonly Float32Array[], inside: Inside): Taken {
  const { columns, rows, layers, differs } = cells;
  const order = open
    .map((each, layer) => ({ layer, sum: sumOf(each, inside, columns) }))
    .filter(({ sum }) => sum > 0)
    .sort((a, b) => b.sum - a.sum);
  const taken: WindowRun['cells'] = Array.from({ length: layers }, () => undefined);
  const rounds: { layer: number; round: Uint8Array }[] = [];
  let weight = 0;
  let worth = 0;
  let sumX = 0;
  let sumY = 0;
  for (const { layer } of order) {
    const blocked = new Uint8Array(columns * rows);
    for (const { layer: other, round } of rounds) {
      const differ = differs[layer * layers + other]!;
      const disturbed = new Uint8Array(columns * rows);
      for (let i = 0; i < disturbed.length; i++) disturbed[i] = differ[i]! & round[i]!;
      const near = around(disturbed, columns, rows);
      for (let i = 0; i < near.length; i++) blocked[i]! |= near[i]!;
    }
    const own = new Uint8Array(columns * rows);
    const weights = open[layer]!;
    let sum = 0;
    for (let y = inside.top; y < inside.bottom; y++) {
      for (let x = inside.left, i = y * columns + x; x < inside.right; x++, i++) {
        if (blocked[i] || weights[i] === 0) continue;
        own[i] = 1;
        sum += weights[i]!;
        sumX += weights[i]! * x;
        sumY += weights[i]! * y;
        const isCut =
          (x === inside.left && x > 0 && weights[i - 1]! > 0) ||
          (x + 1 === inside.right && x + 1 < columns && weights[i + 1]! > 0) ||
          (y === inside.top && y > 0 && weights[i - columns]! > 0) ||
          (y + 1 === inside.bottom && y + 1 < rows && weights[i + columns]! > 0);
        worth += isCut ? CUT * weights[i]! : weights[i]!;
      }
    }
    if (sum === 0) continue;
    taken[layer] = own;
    rounds.push({ layer, round: around(own, columns, rows) });
    weight += sum;
  }
  return { cells: taken, weight, worth, x: weight > 0 ? sumX / weight : 0, y: weight > 0 ? sumY / weight : 0 };
}
