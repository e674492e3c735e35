import type { Grid } from './shrink-to.ts';

/** Share of samples that count as the map's jumps. */
const STRONGEST = 0.04;
const FEWEST = 20;

/** Strength of the change at each sample to its right and lower neighbours. */
function changesOf({ width, height, values }: Grid): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = y * width + x;
      const here = values[i] ?? 0;
      out[i] = Math.abs((values[i + 1] ?? 0) - here) + Math.abs((values[i + width] ?? 0) - here);
    }
  }
  return out;
}

/**
 * How much stronger the photo changes where the map jumps than elsewhere; about 1 for two that are unrelated, 0 where there are no jumps.
 * Silhouettes lie a sample apart at most, so the strongest of the neighbourhood counts.
 * @param least change of the map that counts as a jump, in its own units.
 */
export function edgeContrast(map: Grid, photo: Grid, least = 4): number {
  const jumps = changesOf(map);
  const changes = changesOf(photo);
  const { width, height } = map;
  let [onJumps, jumpCount, all, count] = [0, 0, 0, 0];
  const threshold = Math.max(least, jumps.slice().sort()[Math.floor(jumps.length * (1 - STRONGEST))] ?? 0);
  for (let y = 1; y + 2 < height; y++) {
    for (let x = 1; x + 2 < width; x++) {
      const i = y * width + x;
      let strongest = 0;
      for (const d of [0, -1, 1, -width, width]) strongest = Math.max(strongest, changes[i + d] ?? 0);
      all += strongest;
      count++;
      if ((jumps[i] ?? 0) < threshold) continue;
      onJumps += strongest;
      jumpCount++;
    }
  }
  return jumpCount < FEWEST || all === 0 ? 0 : onJumps / jumpCount / (all / count);
}
