import { sizeWords } from '../core/index.ts';

/** Bytes of the largest model that is tried: WASM's memory ends at 4 GiB, and a model lies in it twice while its session is made. */
export const MOST_BYTES = 1.8 * 2 ** 30;

/** For messages: what a model of so many bytes is too large for. */
export function tooLargeWords(bytes: number): string {
  return `${sizeWords(bytes)}; a browser runs models of up to ${sizeWords(MOST_BYTES)}`;
}
