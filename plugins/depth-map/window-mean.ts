/** The mean of the (2·radius + 1)² samples around each, cut off at the border. Running sums: the radius costs nothing. */
export function windowMean(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  return means(means(values, width, height, 1, width, radius), height, width, width, 1, radius);
}

/** Running means along lines of `length` samples that are `step` apart; lines begin `next` apart. */
function means(values: Float32Array, length: number, lines: number, step: number, next: number, radius: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    let [sum, count] = [0, 0];
    for (let i = -radius; i < length; i++) {
      const [entering, leaving] = [i + radius, i - radius - 1];
      if (entering < length) {
        sum += values[line * next + entering * step] ?? 0;
        count++;
      }
      if (leaving >= 0) {
        sum -= values[line * next + leaving * step] ?? 0;
        count--;
      }
      if (i >= 0) out[line * next + i * step] = sum / count;
    }
  }
  return out;
}
