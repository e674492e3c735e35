/** Mean over windows of (2·radius + 1)² samples, cut off at the border. */
export function boxMean(from: Float32Array, width: number, height: number, radius: number): Float32Array {
  const rows = new Float32Array(from.length);
  const reachX = Math.min(radius, width);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = 0; x < reachX; x++) sum += from[row + x]!;
    for (let x = 0; x < width; x++) {
      const enter = x + radius;
      const leave = x - radius - 1;
      if (enter < width) sum += from[row + enter]!;
      if (leave >= 0) sum -= from[row + leave]!;
      rows[row + x] = sum / (Math.min(width - 1, enter) - Math.max(-1, leave));
    }
  }
  const out = new Float32Array(from.length);
  const sums = new Float64Array(width);
  const reachY = Math.min(radius, height);
  for (let y = 0; y < reachY; y++) for (let x = 0; x < width; x++) sums[x]! += rows[y * width + x]!;
  for (let y = 0; y < height; y++) {
    const enter = (y + radius) * width;
    const leave = (y - radius - 1) * width;
    if (y + radius < height) for (let x = 0; x < width; x++) sums[x]! += rows[enter + x]!;
    if (leave >= 0) for (let x = 0; x < width; x++) sums[x]! -= rows[leave + x]!;
    const weight = 1 / (Math.min(height - 1, y + radius) - Math.max(-1, y - radius - 1));
    for (let x = 0, i = y * width; x < width; x++, i++) out[i] = sums[x]! * weight;
  }
  return out;
}
