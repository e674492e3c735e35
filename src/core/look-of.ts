/** By letter of ours, what looks like it: figures, and small letters of other writings. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'в',
  c: 'сϲ',
  d: 'ԁ',
  e: 'еε',
  g: 'ɡ',
  h: 'һн',
  j: 'јϳ',
  k: 'кκ',
  l: 'iı1|іιΙӏ',
  m: 'м',
  n: 'η',
  o: 'оοσ0',
  p: 'рρ',
  q: 'ԛ',
  r: 'г',
  s: 'ѕ',
  t: 'тτ',
  u: 'υ',
  v: 'νѵ',
  w: 'ԝω',
  x: 'хχ',
  y: 'уγ',
};
const LETTERS = new Map(Object.entries(LOOKALIKES).flatMap(([letter, others]) => Array.from(others, (other) => [other, letter] as const)));

/** What two labels have in common that people take for one another: case, accents, blanks, signs and letters that look alike do not count. */
export function lookOf(label: string): string {
  const plain = label.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const letters = Array.from(plain, (each) => LETTERS.get(each) ?? each).join('');
  return letters.replace(/[^\p{L}\p{N}]/gu, '') || label.normalize('NFKC');
}
