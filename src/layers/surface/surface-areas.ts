import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../../core/index.ts';
import { doubled, rootOf } from '../../grid/index.ts';

/** Where silhouettes are soft, pieces of fewer pixels are specks of what is before them. */
export const CRUMB_PX = 8;

/** Pixels of the whole connected surface that each pixel belongs to (0 where the layer has nothing). */
export function surfaceAreas(layer: Pick<Layer, 'width' | 'height' | 'joins' | 'disparity'>): Int32Array {
  const { width, height } = layer;
  const runs = new Runs();
  // The run that each pixel lies in, and at the end its surface's area.
  const area = new Int32Array(width * height);
  for (let y = 0; y < height; y++) runsOfRow(layer, y, runs, area);
  runs.sum();
  for (let y = 0; y < height; y++) areasOfRow(area, runs, y * width, (y + 1) * width);
  return area;
}

/** Pieces of rows whose pixels are joined, as sets that grow together. */
class Runs {
  parent = new Int32Array(1 << 12);
  area = new Int32Array(1 << 12);
  count = 0;

  add(): number {
    if (this.count === this.parent.length) {
      this.parent = doubled(this.parent);
      this.area = doubled(this.area);
    }
    this.parent[this.count] = this.count;
    return this.count++;
  }

  unite(a: number, b: number): void {
    const ra = rootOf(this.parent, a);
    const rb = rootOf(this.parent, b);
    this.parent[Math.max(ra, rb)] = Math.min(ra, rb);
  }

  /** Makes `area` of each run that of its whole set. */
  sum(): void {
    const { parent, area, count } = this;
    for (let run = count - 1; run >= 0; run--) {
      const root = rootOf(parent, run);
      if (root !== run) area[root]! += area[run]!;
    }
    for (let run = 0; run < count; run++) area[run] = area[rootOf(parent, run)]!;
  }
}

function runsOfRow(
  { width, joins, disparity }: Pick<Layer, 'width' | 'joins' | 'disparity'>,
  y: number,
  runs: Runs,
  runOf: Int32Array,
): void {
  let run = -1;
  let above = -1;
  for (let i = y * width, end = i + width; i < end; i++) {
    if (run < 0) {
      run = runs.add();
      above = -1;
    }
    runOf[i] = run;
    if (disparity[i] !== NOTHING) runs.area[run]!++;
    if (y > 0 && joins[i - width]! & JOINED_DOWN && runOf[i - width] !== above) {
      above = runOf[i - width]!;
      runs.unite(above, run);
    }
    if (!(joins[i]! & JOINED_RIGHT)) run = -1;
  }
}

function areasOfRow(area: Int32Array, runs: Runs, start: number, end: number): void {
  for (let i = start; i < end; i++) area[i] = runs.area[area[i]!]!;
}
