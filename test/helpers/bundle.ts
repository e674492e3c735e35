import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../src/cli/prepare.mjs';

/** A page's or a worker's script as one text; it may run models and draw. @param entry file below test/browser. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/browser', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    external: ['node:*', 'module', 'worker_threads'],
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.json': 'json', '.glsl': 'text', '.vert': 'text', '.frag': 'text' },
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
  });
  return outputFiles[0]!.text;
}
