// @ts-check
/** Pins the sizes of the elements, each the one file that other people's pages load. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/** `pinned` is what it weighed when it was last looked at; growth and shrinkage beyond the tolerance want a look. */
const BUNDLES = [
  { file: 'dist/element/unflat-photo.js', limit: 220 * 1024, pinned: 179 * 1024 },
  { file: 'dist/view/unflat-view.js', limit: 90 * 1024, pinned: 86 * 1024 },
];
const TOLERANCE = 0.05;

const kib = (/** @type {number} */ value) => `${(value / 1024).toFixed(1)} KB`;
let failed = false;
for (const { file, limit, pinned } of BUNDLES) {
  const bytes = readFileSync(new URL(`../${file}`, import.meta.url));
  const size = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;
  console.log(`${file}: ${kib(size)} brotli (pinned ${kib(pinned)}, limit ${kib(limit)})`);
  if (size > limit)
    console.error(
      `${file} is over its limit of ${kib(limit)}. Look for a new import (a barrel instead of a deep path?) and take it out or load it when first needed.`,
    );
  else if (Math.abs(size - pinned) > pinned * TOLERANCE)
    console.error(
      `${file} has moved by more than ${TOLERANCE * 100} %. If that is meant, set pinned in test/check-size.mjs to ${Math.round(size / 1024)} * 1024.`,
    );
  else continue;
  failed = true;
}
if (failed) process.exit(1);
