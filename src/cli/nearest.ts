/** ` Did you mean word?`, for the end of a message; '' where no word is near. */
export function didYouMean(typed: string, words: readonly string[]): string {
  const meant = nearest(typed, words);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

/** The word that a mistyped one was likely meant to be: at most two letters off, case and `_` for `-` aside, or a beginning of three or more, or any such part that no other word has. */
export function nearest(mistyped: string, words: readonly string[]): string | undefined {
  const typed = plain(mistyped);
  const begun = typed.length >= 3 ? words.filter((word) => plain(word).startsWith(typed)) : [];
  if (begun.length === 1) return begun[0];
  const holding = typed.length >= 3 ? words.filter((word) => plain(word).includes(typed)) : [];
  if (holding.length === 1) return holding[0];
  const [best] = words.map((word) => ({ word, off: lettersOff(typed, plain(word)) })).sort((a, b) => a.off - b.off);
  return best && best.off <= Math.min(2, best.word.length - 2) ? best.word : undefined;
}

const plain = (word: string): string => word.toLowerCase().replaceAll('_', '-');

/** Letters to add, drop or change (Levenshtein's distance). */
function lettersOff(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
