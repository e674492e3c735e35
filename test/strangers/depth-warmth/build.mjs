// Builds the plugin into one file that begins with its manifest.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { manifestComment } from 'unflat/plugin';

const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/depth-warmth.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: manifestComment(manifest) },
}).catch(() => process.exit(1)); // esbuild has said why
