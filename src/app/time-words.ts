import { strings } from './strings.ts';

/** Milliseconds as "0.42 s" or "38 ms". */
export function timeWords(ms: number): string {
  return ms >= 100 ? strings.time.seconds((ms / 1000).toFixed(2)) : strings.time.milliseconds(Math.round(ms));
}

/** A length in units that nobody knows, to three digits. */
export function extentWords(units: number): string {
  return Number(units.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function countWords(count: number): string {
  return count.toLocaleString('en');
}
