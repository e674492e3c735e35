import { between } from './calm-blocks.ts';
import type { Canvas, LayerState } from './canvas.ts';
import type { WindowRun } from './plan-runs.ts';

/** Side of the blocks whose mean colours are compared, in pixels: what is smaller is left to the model. */
const BLOCK = 32;
/** Pixels of a block below which it says nothing. */
const FEWEST = 48;
/** What differs by more is another content, not another tone. */
const TONE = 32;
/** Share of the difference that is taken away. */
const SHARE = 0.8;

/**
 * Gives a model's holes the low frequencies that stand in them already, from inpainting without a model: such models draw good detail, but their tone
 * drifts in large holes. Where the two differ by far, the model has found other content and keeps it.
 * @param colours three a pixel of the canvas, 0..255; changed.
 */
export function pinTone(colours: Float32Array, { width, height, target }: Canvas, run: WindowRun, layers: readonly LayerState[]): void {
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const blockOf = (o: number): number => Math.floor(Math.floor(o / width) / BLOCK) * columns + Math.floor((o % width) / BLOCK);
  const count = new Float32Array(columns * rows);
  const off = [new Float32Array(columns * rows), new Float32Array(columns * rows), new Float32Array(columns * rows)] as const;
  for (let o = 0; o < target.length; o++) {
    if (!target[o]) continue;
    const { input, rgba } = layers[target[o]! - 1]!;
    const i = (run.y + Math.floor(o / width)) * input.width + run.x + (o % width);
    const block = blockOf(o);
    count[block]!++;
    for (let c = 0; c < 3; c++) off[c]![block]! += rgba[i * 4 + c]! - colours[o * 3 + c]!;
  }
  const isOther = Uint8Array.from(count, (n, block) => (off.some((sums) => Math.abs(sums[block]!) > TONE * n) ? 1 : 0));
  for (const means of off) {
    for (let block = 0; block < means.length; block++)
      means[block] = isOther[block] || count[block] === 0 ? 0 : means[block]! / count[block]!;
    carryOn(means, count, isOther, columns);
  }
  for (let o = 0; o < target.length; o++) {
    if (!target[o]) continue;
    const [x, y] = [(o % width) / BLOCK, Math.floor(o / width) / BLOCK];
    for (let c = 0; c < 3; c++) {
      const value = colours[o * 3 + c]! + SHARE * between(off[c]!, columns, rows, x, y);
      colours[o * 3 + c] = Math.min(255, Math.max(0, value));
    }
  }
}

/** Blocks with few pixels or none take the mean of those around them that have more. */
function carryOn(means: Float32Array, count: Float32Array, isOther: Uint8Array, columns: number): void {
  const own = means.slice();
  for (let block = 0; block < means.length; block++) {
    if (count[block]! >= FEWEST || isOther[block]) continue;
    let sum = 0;
    let weight = 0;
    for (let dy = -columns; dy <= columns; dy += columns)
      for (let dx = -1; dx <= 1; dx++) {
        const x = (block % columns) + dx;
        const other = block + dy + dx;
        if (x < 0 || x >= columns || !(count[other]! >= FEWEST)) continue;
        sum += own[other]!;
        weight++;
      }
    if (weight > 0) means[block] = sum / weight;
  }
}
