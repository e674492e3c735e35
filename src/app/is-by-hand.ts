import type { ModelRow } from '../core/index.ts';

/** A model that a browser may not fetch: the person downloads the file and brings it. */
export function isByHand({ files }: ModelRow): boolean {
  return files.some(({ byHand }) => byHand);
}
