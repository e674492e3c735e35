import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { manifestComment, type PluginManifest } from '../../src/plugin-api/index.ts';
import { root } from '../../src/cli/prepare.mjs';

/** A stranger's plugin as its own build makes it, with the contract of this tree. @param id its folder below test/strangers. */
export async function buildStranger(id: string): Promise<string> {
  const folder = join(root, 'test/strangers', id);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as PluginManifest;
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'src/index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: manifestComment(manifest) },
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
  });
  return outputFiles[0]!.text;
}
