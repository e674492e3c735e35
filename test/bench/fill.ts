/** Filling by a model in the browser: runs, and what the product adds to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { miganShaped } from './migan-shaped.ts';
// The page's globals, for `evaluate`.
import type {} from './fill-page.ts';
import { figure } from './figures.ts';

const ROUNDS = 3;

export async function benchFill(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) return console.log(`\nFilling: left out. ${NO_CHROMIUM}`);
  const { path } = miganShaped();
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench/fill-page.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
    logLevel: 'error',
  });
  const texts: Record<string, [type: string, text: string]> = {
    '/bench.html': [
      'text/html',
      '<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script type="module" src="/bench-page.js"></script>',
    ],
    '/bench-page.js': ['text/javascript', outputFiles[0]!.text],
  };
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [type, text] = texts[pathname] ?? [];
    const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    if (type !== undefined) return void response.writeHead(200, { 'content-type': type, ...isolation }).end(text);
    if (pathname === '/bench-migan.onnx') return void response.writeHead(200, isolation).end(readFileSync(path));
    void serveFile(join(root, 'dist/app'), request, response);
  });
  const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}bench.html`);
    await page.waitForFunction(() => 'fillPage' in globalThis);
    const model = await page.evaluate(() => fillPage.add('/bench-migan.onnx', 'migan-shaped.onnx'));
    console.log('\nFilling by a model (MI-GAN’s layers, 7 million random weights, 512 × 512, WASM; photos of 960 × 720)');
    const draw = (seed: number, isRough: boolean) =>
      page.evaluate(([number, rough]) => fillPage.draw(number, rough), [seed, isRough] as const);
    const convert = (photo: number) => page.evaluate(([id, number]) => fillPage.convert(id, number), [model, photo] as const);
    const kinds: { isRough: boolean; photos: number[] }[] = [];
    for (const isRough of [false, true]) {
      const photos: number[] = [];
      for (let i = 0; i < ROUNDS; i++) photos.push(await draw(i + 1, isRough));
      kinds.push({ isRough, photos });
    }
    await convert(await draw(99, false));
    await page.evaluate(() => fillPage.longestTaskMs());
    for (const { isRough, photos } of kinds) {
      const reports: Awaited<ReturnType<typeof fillPage.convert>>[] = [];
      for (const photo of photos) reports.push(await convert(photo));
      const ratios = reports.map(({ inpaint: inpainted }) => inpainted.hostMs / (inpainted.model?.runMs ?? NaN));
      figure(`${isRough ? 'rough' : 'clean'} depth: host ÷ runs ${(100 * Math.min(...ratios)).toFixed(0)} %`);
      const { inpaint: inpainted, timesMs } = reports[ratios.indexOf(Math.min(...ratios))]!;
      console.log(
        `${isRough ? 'depth with 5 % noise in 16 levels' : 'clean depth'}: runs ${reports.map((each) => each.inpaint.runs).join(', ')} (bound 8); best: stage ${timesMs.inpaint?.toFixed(0)} ms = ` +
          `inpainting without a model ${inpainted.baseMs?.toFixed(0)} ms + runs ${inpainted.model?.runMs.toFixed(0)} ms (${inpainted.model?.provider}, ${inpainted.model?.threads} threads) + host ${inpainted.hostMs.toFixed(0)} ms; ` +
          `host ÷ runs: ${ratios.map((ratio) => `${(ratio * 100).toFixed(0)} %`).join(', ')} (bound 20 %)`,
      );
    }
    const longest = await page.evaluate(() => fillPage.longestTaskMs());
    console.log(`longest task on the page’s thread meanwhile: ${longest === 0 ? 'under 50 ms' : `${longest.toFixed(0)} ms`} (bound 50 ms)`);
  } finally {
    await browser.close();
    await server.close();
  }
}
