import type { Grid } from './resize.ts';

/** Share of samples that are unknown (NaN or infinite), 0..1. */
export function unknownShare(values: Float32Array): number {
  let unknown = 0;
  for (const value of values) if (!Number.isFinite(value)) unknown++;
  return unknown / values.length;
}

/**
 * Fills unknown samples smoothly from the known ones around them, by push-pull (Gortler and others, "The Lumigraph",
 * 1996): means of ever larger blocks, then back down into the holes only. Time is proportional to the samples.
 * @returns a new grid; all values finite where at least one was.
 */
export function fillHoles(grid: Grid): Grid {
  if (unknownShare(grid.values) === 0) return grid;
  const levels: Grid[] = [{ ...grid, values: grid.values.slice() }];
  for (let top = levels[0]; top && (top.width > 1 || top.height > 1) && unknownShare(top.values) > 0; ) {
    top = halve(top);
    levels.push(top);
  }
  for (let i = levels.length - 2; i >= 0; i--) {
    const fine = levels[i];
    const coarse = levels[i + 1];
    if (fine && coarse) pull(fine, coarse);
  }
  return levels[0] ?? grid;
}

function halve(grid: Grid): Grid {
  const width = Math.ceil(grid.width / 2);
  const height = Math.ceil(grid.height / 2);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let sy = 2 * y; sy < Math.min(2 * y + 2, grid.height); sy++) {
        for (let sx = 2 * x; sx < Math.min(2 * x + 2, grid.width); sx++) {
          const value = grid.values[sy * grid.width + sx] ?? NaN;
          if (!Number.isFinite(value)) continue;
          sum += value;
          count++;
        }
      }
      values[y * width + x] = count > 0 ? sum / count : NaN;
    }
  }
  return { width, height, values };
}

/** Fills the holes of `fine` from the whole `coarse` grid, bilinearly. */
function pull(fine: Grid, coarse: Grid): void {
  const at = (x: number, y: number): number =>
    coarse.values[Math.min(Math.max(y, 0), coarse.height - 1) * coarse.width + Math.min(Math.max(x, 0), coarse.width - 1)] ?? 0;
  for (let y = 0, i = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++, i++) {
      if (Number.isFinite(fine.values[i] ?? NaN)) continue;
      const u = (x - 0.5) / 2;
      const v = (y - 0.5) / 2;
      const [x0, y0] = [Math.floor(u), Math.floor(v)];
      const [fx, fy] = [u - x0, v - y0];
      fine.values[i] = (at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx) * (1 - fy) + (at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx) * fy;
    }
  }
}
