/** Models in the browser: what the product adds to a bare run, starts, reads, and what stays in memory. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { writeOnnx } from '../fixtures/onnx.ts';
import { midasShaped } from './midas-shaped.ts';
import { figure } from './figures.ts';

const ROUNDS = 10;
/** Photos before those that are timed: engines compile what they see often. */
const WARM_UP = 4;
const PHOTOS_FOR_MEMORY = 10;
const LARGE_BYTES = 100e6;

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench', entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    external: ['node:*', 'module', 'worker_threads'],
    logLevel: 'error',
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
  });
  return outputFiles[0]!.text;
}

/** A small model with 100 MB of weights. */
function largeFile(): string {
  const path = join(root, '.cache/bench/large.onnx');
  if (existsSync(path)) return path;
  const rows = LARGE_BYTES / 4 / 1000;
  const { bytes } = writeOnnx({
    inputs: [{ name: 'input', dims: [1, 3, 64, 64] }],
    outputs: [{ name: 'output', dims: [1, 1, 64, 64] }],
    initialisers: [
      { name: 'mix', dims: [1, 3, 1, 1], data: [1, 1, 1] },
      { name: 'table', dims: [rows, 1000], data: new Float32Array(rows * 1000).map((_, i) => i % 1009) },
    ],
    nodes: [
      { op: 'ReduceMax', inputs: ['table'], outputs: ['most'], attributes: { keepdims: 0 } },
      { op: 'Conv', inputs: ['input', 'mix'], outputs: ['mixed'] },
      { op: 'Div', inputs: ['mixed', 'most'], outputs: ['output'] },
    ],
  });
  mkdirSync(join(root, '.cache/bench'), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Memory of all of the browser's pages now, MiB; Linux tells it. */
async function pagesMiB(browser: Browser, page: Page): Promise<number> {
  await page.requestGC();
  await page.waitForTimeout(3000);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) / 1024;
      } catch {
        return NaN;
      }
    });
  return Math.max(...sizes);
}

const best = (values: readonly number[]): number => Math.min(...values);
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const ms = (value: number): string => `${value.toFixed(0)} ms`;

export async function benchModels(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) return console.log(`\nModels: left out. ${NO_CHROMIUM}`);
  const midas = midasShaped();
  const files: Record<string, string> = { '/bench-midas.onnx': midas.path, '/bench-large.onnx': largeFile() };
  const texts: Record<string, [type: string, text: string]> = {
    '/bench.html': [
      'text/html',
      '<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script type="module" src="/bench-page.js"></script>',
    ],
    '/bench-page.js': ['text/javascript', await bundle('models-page.ts')],
    '/bench-bare.js': ['text/javascript', await bundle('models-bare.ts')],
  };
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [type, text] = texts[pathname] ?? [];
    const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    if (type !== undefined) return void response.writeHead(200, { 'content-type': type, ...isolation }).end(text);
    if (files[pathname]) return void response.writeHead(200, isolation).end(readFileSync(files[pathname]));
    if (pathname.startsWith('/bench-ort/'))
      return void serveFile(join(root, 'node_modules/onnxruntime-web/dist'), Object.assign(request, { url: pathname.slice(10) }), response);
    void serveFile(join(root, 'dist/app'), request, response);
  });
  const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  try {
    const page = await (await browser.newContext()).newPage();
    const visit = async (): Promise<void> => {
      await page.goto(`${server.url}bench.html`);
      await page.waitForFunction(() => 'benchPage' in globalThis);
    };
    await visit();
    const model = await page.evaluate(() => benchPage.add('/bench-midas.onnx', 'midas-shaped.onnx'));
    const large = await page.evaluate(() => benchPage.add('/bench-large.onnx', 'large.onnx'));

    console.log('\nModels (MiDaS v2.1 small’s layers, 16.6 million random weights, WASM)');
    const reads: number[] = [];
    for (let i = 0; i < 3; i++) {
      await visit();
      reads.push((await page.evaluate((id) => benchPage.first(id), large)).readMs);
    }
    console.log(
      `a model of 100 MB, read and checked on a later visit: best ${ms(best(reads))} of ${reads.map(ms).join(', ')} (bound 500 ms)`,
    );

    await visit();
    await page.evaluate(() => benchPage.longestTaskMs());
    const cold = await page.evaluate((id) => benchPage.first(id), model);
    console.log(
      `cold start: reading ${ms(cold.readMs)}, session (onnxruntime’s own start included) ${ms(cold.sessionMs)}, first run ${ms(cold.runMs)}, in all ${ms(cold.totalMs)}`,
    );

    const longest = async (): Promise<string> =>
      ((value) => (value === 0 ? 'under 50 ms' : ms(value)))(await page.evaluate(() => benchPage.longestTaskMs()));
    console.log(`longest task on the page’s thread meanwhile: ${await longest()} (bound 50 ms)`);

    const first = await page.evaluate((id) => benchPage.convert(id, 0), model);
    await page.evaluate((threads) => benchPage.prepareBare('/bench-midas.onnx', threads), first.threads);
    for (let i = 0; i < WARM_UP; i++) await page.evaluate(([id, seed]) => benchPage.convert(id, seed), [model, 50 + i] as const);
    const bare: number[] = [];
    const product: Awaited<ReturnType<typeof benchPage.convert>>[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      bare.push(await page.evaluate(() => benchPage.bareRun()));
      product.push(await page.evaluate(([id, seed]) => benchPage.convert(id, seed), [model, i + 1] as const));
    }
    const depth = product.map(({ depthMs }) => depthMs);
    const runs = product.map(({ runMs }) => runMs);
    console.log(`bare session.run, ${first.threads} threads: best ${ms(best(bare))}, median ${ms(middle(bare))}`);
    console.log(
      `photo to depth, warm, ${first.provider}: best ${ms(best(depth))}, median ${ms(middle(depth))}; the run in it: best ${ms(best(runs))}, median ${ms(middle(runs))}; decoding before it: median ${ms(middle(product.map(({ decodeMs }) => decodeMs)))}`,
    );
    console.log(
      `ratio: best ${(best(depth) / best(bare)).toFixed(3)}, median ${(middle(depth) / middle(bare)).toFixed(3)} (bound 1.15); around the run: median ${ms(middle(depth.map((each, i) => each - runs[i]!)))}`,
    );

    figure(
      `photo to depth ${ms(middle(depth))}, ${(middle(depth) / middle(bare)).toFixed(3)} times the bare run; cold start ${ms(cold.totalMs)}`,
    );
    const before = await pagesMiB(browser, page);
    for (let i = 0; i < PHOTOS_FOR_MEMORY; i++) await page.evaluate(([id, seed]) => benchPage.convert(id, seed), [model, 100 + i] as const);
    const after = await pagesMiB(browser, page);
    console.log(
      `memory of the page: ${before.toFixed(0)} MiB, after ${PHOTOS_FOR_MEMORY} photos ${after.toFixed(0)} MiB (${((after / before - 1) * 100).toFixed(1)} %, bound ±10 %)`,
    );
    console.log(
      `longest task on the page’s thread through all photos, drawing them and taking over their scenes included: ${await longest()}`,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}
