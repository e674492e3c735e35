/** Words of a stranger for people: one line, no marks that turn the direction of text, no longer than `most` characters. */
export function plainText(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  const line = value
    .slice(0, 4 * most)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
