/** `npm run bench [heart|quality|real-depth|flicker|app|networks|fill|real-network]`: figures, none of them asserted. Run it on a quiet machine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfNeeded, root } from '../../src/cli/prepare.mjs';
import { benchApp } from './app.ts';
import { benchFill } from './fill.ts';
import { benchFlicker } from './flicker.ts';
import type * as heart from './heart.ts';
import { benchNetworks } from './networks.ts';
import { benchQuality, benchRealDepth } from './quality.ts';
import { benchRealNetwork } from './real-network.ts';

const only = process.argv[2];
const wants = (name: string) => only === undefined || only === name;
buildIfNeeded();
if (wants('heart')) {
  // Bundled as the product is: a loader's own wrappers would be measured along.
  const outfile = join(root, 'dist/bench/heart.mjs');
  await build({
    entryPoints: [join(root, 'test/bench/heart.ts')], outfile, bundle: true, minify: true, format: 'esm', platform: 'node', target: 'es2022',
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') }, logLevel: 'error',
  });
  const { benchHeart } = (await import(pathToFileURL(outfile).href)) as typeof heart;
  await benchHeart();
}
if (wants('app')) await benchApp();
if (wants('networks')) await benchNetworks();
if (wants('fill')) await benchFill();
if (wants('quality')) benchQuality(process.argv[3] ?? join(root, '../shared/gt'));
if (wants('real-depth')) await benchRealDepth(process.argv[3] ?? join(root, '../shared/gt'));
if (wants('flicker')) benchFlicker(process.argv[3] ?? join(root, '../shared/gt'));
if (wants('real-network')) await benchRealNetwork(process.argv[3] ?? mkdtempSync(join(tmpdir(), 'unflat-depth-')));
