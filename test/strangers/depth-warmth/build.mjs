// Builds the plugin into one file that begins with its manifest. --serve builds again at every change and serves it.
import { readFileSync } from 'node:fs';
import { context } from 'esbuild';
import { manifestComment } from 'unflat/plugin';

const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
const building = await context({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/depth-warmth.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: manifestComment(manifest) },
});
await building.rebuild();
if (process.argv.includes('--serve')) {
  await building.watch();
  const { port } = await building.serve({ servedir: 'dist', host: '127.0.0.1', cors: { origin: '*' } });
  console.log('In Unflat, under Plugins, enter http://127.0.0.1:' + port + '/depth-warmth.js; after a change, press Update there.');
} else await building.dispose();
