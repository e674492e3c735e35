/** A grid of numbers, rows from the top; NaN = unknown. */
export interface Grid {
  width: number;
  height: number;
  values: Float32Array;
}

/**
 * Scales down so that the longer side is at most `longest`, by area: each new sample is the mean of what it covers,
 * unknown samples left out. Smaller grids come back as they are.
 * @param isKnown which samples count; default: finite ones.
 */
export function shrinkTo(grid: Grid, longest: number, isKnown: (value: number) => boolean = Number.isFinite): Grid {
  const scale = Math.max(grid.width, grid.height) / longest;
  if (scale <= 1)
    return isKnown === Number.isFinite ? grid : { ...grid, values: grid.values.map((value) => (isKnown(value) ? value : NaN)) };
  const width = Math.max(1, Math.round(grid.width / scale));
  const height = Math.max(1, Math.round(grid.height / scale));
  const columns = spans(grid.width, width);
  const rows = spans(grid.height, height);
  const values = new Float32Array(width * height);
  const sums = new Float64Array(width);
  const weights = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    weights.fill(0);
    const [top, bottom] = [rows[y] ?? 0, rows[y + 1] ?? grid.height];
    for (let sy = Math.floor(top); sy < bottom; sy++) {
      const rowWeight = Math.min(bottom, sy + 1) - Math.max(top, sy);
      for (let x = 0; x < width; x++) {
        const [left, right] = [columns[x] ?? 0, columns[x + 1] ?? grid.width];
        for (let sx = Math.floor(left); sx < right; sx++) {
          const value = grid.values[sy * grid.width + sx] ?? NaN;
          if (!isKnown(value)) continue;
          const weight = rowWeight * (Math.min(right, sx + 1) - Math.max(left, sx));
          sums[x] = (sums[x] ?? 0) + weight * value;
          weights[x] = (weights[x] ?? 0) + weight;
        }
      }
    }
    for (let x = 0; x < width; x++) {
      const weight = weights[x] ?? 0;
      values[y * width + x] = weight > 0 ? (sums[x] ?? 0) / weight : NaN;
    }
  }
  return { width, height, values };
}

/** Borders of the new samples in old samples: `to + 1` numbers from 0 to `from`. */
function spans(from: number, to: number): Float64Array {
  return Float64Array.from({ length: to + 1 }, (_, i) => (i * from) / to);
}
