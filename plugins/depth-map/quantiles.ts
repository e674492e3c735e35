/** More samples would not move a quantile that anybody sees. */
const MAX_SAMPLES = 100_000;

/** Quantiles (each of `at`, 0..1) of the finite values, from an even sample of them; empty where there is none. `isKnown` may leave out more. */
export function quantiles(values: Float32Array, at: readonly number[], isKnown: (value: number) => boolean = Number.isFinite): number[] {
  // A prime stride does not fall into step with the rows of the picture.
  const step = values.length <= MAX_SAMPLES ? 1 : nextPrime(Math.ceil(values.length / MAX_SAMPLES));
  const sample = new Float32Array(Math.ceil(values.length / step));
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    const value = values[i] ?? NaN;
    if (isKnown(value)) sample[count++] = value;
  }
  const sorted = sample.subarray(0, count).sort();
  return count === 0 ? [] : at.map((share) => sorted[Math.round(share * (count - 1))] ?? 0);
}

function nextPrime(from: number): number {
  for (let n = from; ; n++) {
    let prime = n > 1;
    for (let divisor = 2; prime && divisor * divisor <= n; divisor++) prime = n % divisor !== 0;
    if (prime) return n;
  }
}
