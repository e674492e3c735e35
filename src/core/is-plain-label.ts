/** What shows nothing, turns the direction of text, or is no character at all; the Braille blank is a symbol that shows nothing. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** More marks than any writing piles on one letter, or one on nothing. */
const PILED = /^\p{M}|\s\p{M}|\p{M}{5}/u;

/**
 * Whether a stranger's words can stand in a list as they are: one line of 1 to `most` characters, of which each shows, with single blanks between words.
 */
export function isPlainLabel(value: unknown, most: number): value is string {
  if (typeof value !== 'string' || value.length < 1 || value.length > most) return false;
  return value.trim() === value && !UNSEEN.test(value) && !PILED.test(value) && !/\s\s|[^\S ]/.test(value);
}
