/** A length of time in round numbers, for what is only known roughly: “4 s”, “40 s”, “3 min”, “2 h”. */
export function lengthWords(seconds: number): string {
  if (seconds < 55) return `${Math.max(1, seconds < 7.5 ? Math.round(seconds) : Math.round(seconds / 5) * 5)} s`;
  return seconds < 90 * 60 ? `${Math.max(1, Math.round(seconds / 60))} min` : `${Math.round(seconds / 3600)} h`;
}
