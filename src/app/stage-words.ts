import { STAGES, type Progress } from '../core/index.ts';

/** What is happening, for people: a plugin's own words where it has some. */
export function stageWords({ stage, note }: Pick<Progress, 'stage' | 'note'>): string {
  return (note ?? STAGES[stage].words).replace(/…$/, '');
}
