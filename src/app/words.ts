/** 1,234 → "1.2 KB"; for people, in powers of 1000 as operating systems show them. */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Milliseconds as "0.42 s" or "38 ms". */
export function timeWords(ms: number): string {
  return ms >= 100 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}

export function countWords(count: number): string {
  return count.toLocaleString('en');
}
