import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../core/index.ts';

/** Side, in pixels, of the cells in which what lies nearby is summed up, and as a power of two. */
export const CELL_BITS = 3;
export const CELL = 1 << CELL_BITS;
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
  readonly parent: number[] = [];
  readonly area: number[] = [];

  add(): number {
    this.parent.push(this.parent.length);
    this.area.push(0);
    return this.parent.length - 1;
  }

  find(run: number): number {
    const { parent } = this;
    while (parent[run] !== run) {
      parent[run] = parent[parent[run]!]!;
      run = parent[run]!;
    }
    return run;
  }

  unite(a: number, b: number): void {
    const ra = this.find(a);
    const rb = this.find(b);
    this.parent[Math.max(ra, rb)] = Math.min(ra, rb);
  }

  /** Makes `area` of each run that of its whole set. */
  sum(): void {
    const { area } = this;
    for (let run = area.length - 1; run >= 0; run--) {
      const root = this.find(run);
      if (root !== run) area[root]! += area[run]!;
    }
    for (let run = 0; run < area.length; run++) area[run] = area[this.find(run)]!;
  }
}

function runsOfRow({ width, joins, disparity }: Pick<Layer, 'width' | 'joins' | 'disparity'>, y: number, runs: Runs, runOf: Int32Array): void {
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

/** Smallest disparity within about `radius` pixels of each cell; NOTHING counts as nothing. */
export function farthestNearby(layer: Pick<Layer, 'width' | 'height' | 'disparity'>, radius: number): { columns: number; rows: number; least: Float32Array } {
  const { width, height, disparity } = layer;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  let least = new Float32Array(columns * rows).fill(Infinity);
  for (let y = 0; y < height; y++) leastOfRow(disparity, width, y, least, Math.floor(y / CELL) * columns);
  for (let pass = Math.max(1, Math.round(radius / CELL)); pass > 0; pass--) {
    const next = least.slice();
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const c = y * columns + x;
        let d = least[c]!;
        if (x > 0) d = Math.min(d, least[c - 1]!);
        if (x + 1 < columns) d = Math.min(d, least[c + 1]!);
        if (y > 0) d = Math.min(d, least[c - columns]!);
        if (y + 1 < rows) d = Math.min(d, least[c + columns]!);
        next[c] = d;
      }
    }
    least = next;
  }
  return { columns, rows, least };
}

function leastOfRow(disparity: Float32Array, width: number, y: number, least: Float32Array, cells: number): void {
  for (let x = 0, i = y * width, c = cells; x < width; c++) {
    let d = least[c]!;
    for (const end = Math.min(width, x + CELL); x < end; x++, i++) {
      const here = disparity[i]!;
      if (here < d && here !== NOTHING) d = here;
    }
    least[c] = d;
  }
}

/** Index of the photo's pixel at layer pixel (x, y), or of its border pixel nearest to it. */
export function photoIndex(layer: Pick<Layer, 'width' | 'height' | 'margin'>, x: number, y: number): number {
  const width = layer.width - 2 * layer.margin;
  const height = layer.height - 2 * layer.margin;
  const px = Math.min(width - 1, Math.max(0, x - layer.margin));
  const py = Math.min(height - 1, Math.max(0, y - layer.margin));
  return py * width + px;
}
