import type { DepthReading } from '../plugin-api/index.ts';
import { strings } from './strings.ts';

/** Certainty, 0..1, below which a person is asked to look. */
const SURE = 0.85;

/** Whether which way is near was found by looking and may be wrong. */
export function isDoubtful({ certainty }: DepthReading): boolean {
  return certainty < SURE;
}

/** How sure it is which way is near, as a sentence. */
export function readingWords({ certainty, nearIs }: DepthReading): string {
  const read = nearIs === 'high' ? strings.depth.lightIsNear : strings.depth.lightIsFar;
  if (certainty >= SURE) return strings.depth.certain(read);
  if (certainty >= 0.5) return strings.depth.likely(read);
  return certainty >= 0.2 ? strings.depth.hardlyKnown(read) : strings.depth.guessed(read);
}
