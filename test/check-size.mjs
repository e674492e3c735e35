// @ts-check
/** Pins the size of the element, the one file that other people's pages load. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const FILE = 'dist/element/unflat-photo.js';
const LIMIT = 220 * 1024;
/** What it weighed when it was last looked at; growth and shrinkage beyond the tolerance want a look. */
const PINNED = 156 * 1024;
const TOLERANCE = 0.05;

const bytes = readFileSync(new URL(`../${FILE}`, import.meta.url));
const size = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;
const kib = (/** @type {number} */ value) => `${(value / 1024).toFixed(1)} KB`;
console.log(`${FILE}: ${kib(size)} brotli (pinned ${kib(PINNED)}, limit ${kib(LIMIT)})`);
if (size > LIMIT) {
  console.error(
    `${FILE} is over its limit of ${kib(LIMIT)}. Look for a new import (a barrel instead of a deep path?) and take it out or load it when first needed.`,
  );
  process.exit(1);
}
if (Math.abs(size - PINNED) > PINNED * TOLERANCE) {
  console.error(
    `${FILE} has moved by more than ${TOLERANCE * 100} %. If that is meant, set PINNED in test/check-size.mjs to ${Math.round(size / 1024)} * 1024.`,
  );
  process.exit(1);
}
