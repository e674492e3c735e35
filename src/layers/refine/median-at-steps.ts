/**
 * Takes single pixels and thin crumbs that smoothing left at steps of a rough map to the surface that
 * surrounds them: rounds of a 3×3 median where depth jumps. Changes `disparity`.
 */
export function medianAtSteps(disparity: Float32Array, width: number, height: number, least: number, rounds: number): void {
  const jumps: number[] = [];
  for (let y = 1; y < height - 1; y++) findJumps(disparity, y * width + 1, (y + 1) * width - 1, width, least, jumps);
  const swept = new Float32Array(jumps.length);
  const nine = new Float32Array(9);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < jumps.length; k++) swept[k] = medianAround(disparity, jumps[k]!, width, nine);
    for (let k = 0; k < jumps.length; k++) disparity[jumps[k]!] = swept[k]!;
  }
}

function findJumps(disparity: Float32Array, from: number, to: number, width: number, least: number, jumps: number[]): void {
  for (let i = from; i < to; i++) {
    const here = disparity[i]!;
    const across = Math.max(Math.abs(disparity[i - 1]! - here), Math.abs(disparity[i + 1]! - here));
    if (across >= least || Math.abs(disparity[i - width]! - here) >= least || Math.abs(disparity[i + width]! - here) >= least)
      jumps.push(i);
  }
}

function medianAround(disparity: Float32Array, i: number, width: number, nine: Float32Array): number {
  let n = 0;
  for (let v = -width; v <= width; v += width) {
    for (let j = i + v - 1, end = j + 3; j < end; j++) {
      const value = disparity[j]!;
      let m = n++;
      while (m > 0 && nine[m - 1]! > value) {
        nine[m] = nine[m - 1]!;
        m--;
      }
      nine[m] = value;
    }
  }
  return nine[4]!;
}
