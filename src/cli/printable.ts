/** Characters that a terminal obeys, that end a line, or that turn the direction of what follows. */
const OBEYED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text on one line, as file names may hold line ends and codes that a terminal obeys: each is written as in JavaScript, `\n` or `\x1b`. */
export function printable(text: string): string {
  return text.replace(OBEYED, (letter) => SHORT[letter] ?? escaped(letter.codePointAt(0) ?? 0));
}

function escaped(code: number): string {
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex}`;
}
