export { sizeWords } from '../core/index.ts';

/** Milliseconds as "0.42 s" or "38 ms". */
export function timeWords(ms: number): string {
  return ms >= 100 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}

export function countWords(count: number): string {
  return count.toLocaleString('en');
}
