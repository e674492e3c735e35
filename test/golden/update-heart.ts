/** Records anew what the heart makes of its cases: `node --import tsx test/golden/update-heart.ts`. Only where layers are meant to change. */
import { readFileSync, writeFileSync } from 'node:fs';
import { arithmeticHash, heartCases, heartHashes, isHere, type HeartHashes } from './heart-cases.ts';

const file = new URL('heart.json', import.meta.url);
const known = (JSON.parse(readFileSync(file, 'utf8')) as { cases: Record<string, HeartHashes> }).cases;
const cases: Record<string, HeartHashes | undefined> = {};
for (const one of heartCases) {
  // Scenes that are not here keep what is known of them.
  cases[one.name] = isHere(one) ? heartHashes(one) : known[one.name];
  console.log(
    `${one.name}: ${!isHere(one) ? 'left, its files are not here' : JSON.stringify(cases[one.name]) === JSON.stringify(known[one.name]) ? 'same' : 'changed'}`,
  );
}
writeFileSync(file, `${JSON.stringify({ arithmetic: arithmeticHash(), cases }, null, 1)}\n`);
