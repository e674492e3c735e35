const UNITS = ['bytes', 'kB', 'MB', 'GB'] as const;

/** Bytes for people, in powers of 1000 as operating systems show them: `512 bytes`, `790 kB`, `3.1 MB`, `66 MB`, `1.2 GB`. */
export function sizeWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
