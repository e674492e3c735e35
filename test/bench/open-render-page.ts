import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import type { Scene } from '../../src/core/index.ts';
import { packScene } from './pack-scene.ts';

/** Loads `render-page.ts`. @returns shows a scene there. */
export async function openRenderPage(page: Page): Promise<(scene: Scene) => Promise<void>> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench/render-page.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.vert': 'text', '.frag': 'text' },
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
  });
  let bytes = new Uint8Array();
  await page.route('http://bench.test/**', (route) => {
    const url = route.request().url();
    if (url.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]!.text });
    if (url.endsWith('.bin')) return route.fulfill({ body: Buffer.from(bytes) });
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' });
  });
  await page.goto('http://bench.test/');
  await page.waitForFunction(() => 'renderBench' in globalThis);
  return async (scene) => {
    bytes = packScene(scene);
    await page.evaluate(() => renderBench.open('http://bench.test/scene.bin'));
  };
}
