import type { Grid } from './shrink-to.ts';
import { windowMean } from './window-mean.ts';

/** Samples a side of the places that {@link detailOf} looks at. */
const WINDOW = 8;
/** Least detail of a photo that counts, in levels. */
const SOME_DETAIL = 3;
/** Detail of a map that counts, in parts of its range. */
const NO_DETAIL = 0.025;
const LEVELS = 24;

/** Pearson's correlation, −1..1; 0 where one of the two is the same everywhere. */
export function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [u, v] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Share of the variance of `what` that any function of `by` explains (correlation ratio η²), 0..1; 1 where it does not vary. */
export function shareExplained({ values: by }: Grid, { values: what }: Grid): number {
  const sorted = by.slice().sort();
  const limits = Array.from({ length: LEVELS - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / LEVELS)] ?? 0);
  const counts = new Float64Array(LEVELS);
  const sums = new Float64Array(LEVELS);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < what.length; i++) {
    const value = what[i] ?? 0;
    let level = 0;
    for (let end = LEVELS - 1; level < end;) {
      const middle = (level + end) >> 1;
      if ((by[i] ?? 0) < (limits[middle] ?? 0)) end = middle;
      else level = middle + 1;
    }
    counts[level] = (counts[level] ?? 0) + 1;
    sums[level] = (sums[level] ?? 0) + value;
    sum += value;
    squares += value * value;
  }
  const total = squares - (sum * sum) / what.length;
  const between =
    sums.reduce((all, each, level) => all + (counts[level] ? (each * each) / (counts[level] ?? 1) : 0), 0) - (sum * sum) / what.length;
  return total > 1e-9 ? between / total : 1;
}

/**
 * Compares the detail of a map with that of a photo of the same size, window by window, slopes left out.
 * @param range of the map's values.
 * @returns `calm`: the share of the photo's most detailed windows in which the map has none, 0..1; 1 for a photo without detail.
 * `likeness`: the correlation where the map has detail, −1..1.
 */
export function detailOf(map: Grid, photo: Grid, range: number): { calm: number; likeness: number } {
  const windows: { map: number; photo: number; both: number }[] = [];
  for (let y = 0; y + WINDOW <= map.height; y += WINDOW / 2) {
    for (let x = 0; x + WINDOW <= map.width; x += WINDOW / 2) {
      const [a, b] = [levelled(map, x, y), levelled(photo, x, y)];
      const [own, other] = [deviation(a), deviation(b)];
      windows.push({
        map: own,
        photo: other,
        both: own > 0 && other > 0 ? a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / a.length / own / other : 0,
      });
    }
  }
  windows.sort((a, b) => b.photo - a.photo);
  const detailed = windows.filter(({ photo: own }) => own > SOME_DETAIL).slice(0, Math.max(12, Math.floor(windows.length * 0.4)));
  const calm = detailed.filter((window) => window.map < NO_DETAIL * range).length / (detailed.length || 1);
  let [alike, weight] = [0, 0];
  for (const window of windows) {
    if (window.map < NO_DETAIL * range) continue;
    alike += window.map * window.both;
    weight += window.map;
  }
  return { calm: detailed.length ? calm : 1, likeness: weight ? alike / weight : 0 };
}

/** A window's values without their mean and slope. */
function levelled({ width, values }: Grid, left: number, top: number): Float32Array {
  const out = new Float32Array(WINDOW * WINDOW);
  const middle = (WINDOW - 1) / 2;
  let [mean, across, down, weight] = [0, 0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    const [x, y] = [i % WINDOW, Math.floor(i / WINDOW)];
    const value = (out[i] = values[(top + y) * width + left + x] ?? 0);
    mean += value / out.length;
    across += value * (x - middle);
    down += value * (y - middle);
    weight += (x - middle) ** 2;
  }
  return out.map(
    (value, i) => value - mean - (across / weight) * ((i % WINDOW) - middle) - (down / weight) * (Math.floor(i / WINDOW) - middle),
  );
}

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/** The mean of a square around each sample, three times over: nearly a Gaussian. */
export function boxBlur(grid: Grid, radius: number): Grid {
  let { values } = grid;
  for (let pass = 0; pass < 3; pass++) values = windowMean(values, grid.width, grid.height, radius);
  return { ...grid, values };
}

/** The nearest samples; the same grid where the size is right already. */
export function resizeTo(grid: Grid, width: number, height: number): Grid {
  if (grid.width === width && grid.height === height) return grid;
  const values = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.min(grid.height - 1, Math.floor(((y + 0.5) * grid.height) / height)) * grid.width;
    for (let x = 0; x < width; x++, i++)
      values[i] = grid.values[row + Math.min(grid.width - 1, Math.floor(((x + 0.5) * grid.width) / width))] ?? 0;
  }
  return { width, height, values };
}
