import type { DepthReading } from '../plugin-api/index.ts';

/** Certainty, 0..1, below which a person is asked to look. */
const SURE = 0.85;

/** Whether which way is near was found by looking and may be wrong. */
export function isDoubtful({ certainty }: DepthReading): boolean {
  return certainty < SURE;
}

/** How sure it is which way is near, as a sentence. */
export function readingWords({ certainty, nearIs }: DepthReading): string {
  const read = nearIs === 'high' ? 'Light was read as near' : 'Light was read as far';
  if (certainty >= SURE) return `${read}.`;
  return `${read}, which is ${certainty >= 0.5 ? 'likely, but not certain' : certainty >= 0.2 ? 'little more than a guess' : 'a guess'}.`;
}
