// Builds the plugin into one file that begins with its manifest.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { manifestComment } from 'unflat/plugin';

const manifest = JSON.parse(readFileSync('manifest.json', 'utf8'));
// A model that lies in this folder: its size and hash are filled in, and it goes beside the plugin, unless the manifest says another place.
mkdirSync('dist', { recursive: true });
for (const model of manifest.models) {
  if (!existsSync(model.path)) continue;
  const bytes = readFileSync(model.path);
  model.sizeBytes = bytes.length;
  model.sha256 = createHash('sha256').update(bytes).digest('hex');
  if (!model.url && !model.base64) writeFileSync('dist/' + model.path, bytes);
}
await build({
  entryPoints: ['src/index.ts'],
  outfile: 'dist/inpaint-mirror.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: manifestComment(manifest) },
}).catch(() => process.exit(1)); // esbuild has said why
