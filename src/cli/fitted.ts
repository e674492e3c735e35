/** Signs that take two columns on a terminal: East Asian wide ones (Unicode Standard Annex 11) and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Signs that take none: accents and joiners. */
const NONE = /[\p{M}\u200b-\u200f\u2060]/u;

/** A line that stays on one row of a terminal: where it is too long its beginning goes, as its end says how far the work is. @param columns that it may take. */
export function fitted(text: string, columns: number): string {
  const letters = Array.from(text);
  const widths = letters.map((letter) => (NONE.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1));
  let left = widths.reduce((sum: number, width) => sum + width, 0);
  if (left <= columns) return text;
  let from = 0;
  while (from < letters.length && left > columns - 1) left -= widths[from++] ?? 0;
  return `…${letters.slice(from).join('')}`;
}
