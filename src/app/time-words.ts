import { strings } from './strings.ts';

/** Milliseconds as "0.42 s" or "38 ms". */
export function timeWords(ms: number): string {
  return ms >= 100 ? strings.time.seconds((ms / 1000).toFixed(2)) : strings.time.milliseconds(Math.round(ms));
}

/** Commas between thousands. Not by `toLocaleString`, which takes browsers tens of milliseconds the first time. */
function withCommas(number: number): string {
  return String(number).replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
}

/** A length in units that nobody knows, to three digits. */
export function extentWords(units: number): string {
  return withCommas(Number(units.toPrecision(3)));
}

export function countWords(count: number): string {
  return withCommas(count);
}
