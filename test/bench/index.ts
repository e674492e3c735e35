/** `npm run bench [heart|holes|render|alike|viewing|many|scaling|scenes|quality|real-depth|flicker|app|sandbox|models|fill|real-model]`: figures, none of them asserted. Run it on a quiet machine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildIfNeeded, root } from '../../src/cli/prepare.mjs';
import { figure, printRow } from './figures.ts';
import type * as alike from './alike.ts';
import type * as heart from './heart.ts';
import type * as holes from './holes.ts';
import type * as made from './made-scenes/write-scenes.ts';
import type * as render from './render.ts';

const only = process.argv[2];
const wants = (name: string) => only === undefined || only === name;
buildIfNeeded();
// Each is loaded when it is its turn: what runs models makes the process slower for all others.
/** Bundled as the product is: a loader's own wrappers would be measured along. @param external packages that stay outside. */
async function bundled(name: string, external: string[] = [], folder = ''): Promise<string> {
  const outfile = join(root, `dist/bench/${name}.mjs`);
  await build({
    entryPoints: [join(root, 'test/bench', folder, `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external,
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
    logLevel: 'error',
  });
  return pathToFileURL(outfile).href;
}
if (wants('heart')) {
  const { benchHeart } = (await import(await bundled('heart'))) as typeof heart;
  figure(await benchHeart(join(root, '../shared')));
  printRow('heart');
}
if (wants('holes')) {
  const { benchHoles } = (await import(await bundled('holes'))) as typeof holes;
  benchHoles(root, process.argv[3] ?? join(root, '../shared'), process.argv[4] === undefined ? undefined : Number(process.argv[4]));
  printRow('holes');
}
if (wants('render')) {
  const { benchRender } = (await import(await bundled('render', ['playwright-core', 'esbuild']))) as typeof render;
  await benchRender();
  printRow('render');
}
if (wants('alike')) {
  const { benchAlike } = (await import(await bundled('alike', ['playwright-core', 'esbuild']))) as typeof alike;
  await benchAlike(process.argv[3] ?? join(root, '../shared/gt'), process.env['UNFLAT_SHEETS'], process.env['UNFLAT_SCENE']);
  printRow('alike');
}
if (wants('viewing')) {
  await (await import('./viewing.ts')).benchViewing();
  printRow('viewing');
}
if (wants('many')) {
  await (await import('./many.ts')).benchMany();
  printRow('many');
}
if (wants('scaling')) {
  (await import('./scaling.ts')).benchScaling();
  printRow('scaling');
}
if (wants('app')) {
  await (await import('./app.ts')).benchApp();
  printRow('app');
}
if (wants('sandbox')) {
  await (await import('./sandbox.ts')).benchSandbox();
  printRow('sandbox');
}
if (wants('models')) {
  await (await import('./models.ts')).benchModels();
  printRow('models');
}
if (wants('fill')) {
  await (await import('./fill.ts')).benchFill();
  printRow('fill');
}
if (wants('quality')) {
  (await import('./quality.ts')).benchQuality(process.argv[3] ?? join(root, '../shared/gt'));
  printRow('quality');
}
if (only === 'scenes') {
  // What is measured on them is measured by others: see quality.
  const { HALVES, writeScenes } = (await import(await bundled('write-scenes', [], 'made-scenes'))) as typeof made;
  const [folder, half = 'open', seed = '1'] = process.argv.slice(3);
  if (!folder || !(half in HALVES)) throw new Error('Say where the scenes go: npm run bench scenes FOLDER [open | kept] [SEED]');
  writeScenes(folder, half as keyof typeof HALVES, Number(seed));
}
if (wants('real-depth')) {
  await (await import('./quality.ts')).benchRealDepth(process.argv[3] ?? join(root, '../shared/gt'));
  printRow('real-depth');
}
if (wants('flicker')) {
  (await import('./flicker.ts')).benchFlicker(process.argv[3] ?? join(root, '../shared/gt'));
  printRow('flicker');
}
if (wants('real-model'))
  await (await import('./real-model.ts')).benchRealModel(process.argv[3] ?? mkdtempSync(join(tmpdir(), 'unflat-depth-')));
