/** `npm run bench [heart|quality|app]`: figures, none of them asserted. Run it on a quiet machine. */
import { join } from 'node:path';
import { buildIfNeeded, root } from '../../src/cli/prepare.mjs';
import { benchApp } from './app.ts';
import { benchHeart } from './heart.ts';
import { benchQuality } from './quality.ts';

const only = process.argv[2];
const wants = (name: string) => only === undefined || only === name;
buildIfNeeded();
if (wants('heart')) await benchHeart();
if (wants('app')) await benchApp();
if (wants('quality')) benchQuality(process.argv[3] ?? join(root, '../shared/gt'));
