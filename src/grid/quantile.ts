/** The upper middle value; 0 where there is none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a share of all lies below, by quickselect (Hoare, "Algorithm 65: Find", 1961): sorting noise takes far longer than sorting what is smooth. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const v = new Float64Array(values);
  const middle = Math.floor(v.length * share);
  for (let low = 0, high = v.length - 1; low < high;) {
    const pivot = v[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (v[i]! < pivot) i++;
      while (v[j]! > pivot) j--;
      if (i > j) break;
      const swapped = v[i]!;
      v[i++] = v[j]!;
      v[j--] = swapped;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else break;
  }
  return v[middle]!;
}
