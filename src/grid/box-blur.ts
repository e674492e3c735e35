/** Mean over (2·radius + 1)² pixels, borders repeated. */
export function boxBlur(from: Float32Array, width: number, height: number, radius: number): Float32Array {
  const rows = new Float32Array(from.length);
  const n = 2 * radius + 1;
  for (let y = 0; y < height; y++) blurRow(from, rows, y * width, width, radius, n);
  const out = new Float32Array(from.length);
  const sums = new Float64Array(width);
  for (let x = 0; x < width; x++) sums[x] = rows[x]! * radius;
  for (let k = 0; k <= radius; k++) {
    const row = Math.min(k, height - 1) * width;
    for (let x = 0; x < width; x++) sums[x]! += rows[row + x]!;
  }
  for (let y = 0; y < height; y++) {
    slideRow(sums, rows, Math.min(y + radius + 1, height - 1) * width, Math.max(y - radius, 0) * width, out, y * width, n);
  }
  return out;
}

function blurRow(from: Float32Array, rows: Float32Array, row: number, width: number, radius: number, n: number): void {
  let sum = from[row]! * radius;
  for (let k = 0; k <= radius; k++) sum += from[row + Math.min(k, width - 1)]!;
  for (let x = 0; x < width; x++) {
    rows[row + x] = sum / n;
    sum += from[row + Math.min(x + radius + 1, width - 1)]! - from[row + Math.max(x - radius, 0)]!;
  }
}

function slideRow(sums: Float64Array, rows: Float32Array, enter: number, leave: number, out: Float32Array, row: number, n: number): void {
  for (let x = 0; x < sums.length; x++) {
    out[row + x] = sums[x]! / n;
    sums[x]! += rows[enter + x]! - rows[leave + x]!;
  }
}
