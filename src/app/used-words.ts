import { strings } from './strings.ts';

const DAY_MS = 86_400_000;

/** "used today", "used 3 days ago", "not used yet". */
export function usedWords(usedAt: number | undefined, now = Date.now()): string {
  const { models } = strings;
  if (usedAt === undefined) return models.neverUsed;
  const days = Math.round((startOfDay(now) - startOfDay(usedAt)) / DAY_MS);
  if (days <= 0) return models.usedToday;
  if (days === 1) return models.usedYesterday;
  return days < 60 ? models.usedDaysAgo(days) : models.usedMonthsAgo(Math.round(days / 30));
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
