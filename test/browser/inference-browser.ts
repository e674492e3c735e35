import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import type { ModelRow } from '../../src/core/index.ts';
import { rowOf, type TestModel } from '../fixtures/depth-models.ts';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';

/** Serves a page with models on localhost, isolated (so WASM has its threads) or not. @param extra files by path. */
export async function inferenceServer(extra: Record<string, string> = {}): Promise<string> {
  const texts: Record<string, [type: string, text: string]> = {
    '/': ['text/html', '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', await bundle('inference-page.ts')],
    '/worker.js': ['text/javascript', await bundle('inference-worker.ts')],
  };
  const server = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/ort/'))
      return void serveFile(join(root, 'node_modules/onnxruntime-web/dist'), Object.assign(request, { url: pathname.slice(4) }), response);
    const isolation = searchParams.has('plain')
      ? {}
      : { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const file = extra[pathname];
    if (file !== undefined) return void response.writeHead(200, isolation).end(readFileSync(file));
    const [type, text] = texts[pathname] ?? [];
    response.writeHead(text ? 200 : 404, { 'content-type': type ?? 'text/plain', ...isolation }).end(text);
  });
  after(() => server.close());
  return server.url;
}

/** A page in a process of its own. */
export async function openInferencePage(url: string): Promise<Page> {
  const browser = await testBrowser();
  const context = await browser.newContext();
  after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'inferencePage' in globalThis);
  return page;
}

/** Gives a model of the tests to the page's models. @returns its row. */
export async function addModel(page: Page, id: string, testModel: TestModel, changes: Partial<ModelRow> = {}): Promise<ModelRow> {
  const row = rowOf(id, testModel, changes);
  const files = testModel.files.map(({ path, bytes }) => ({ path, base64: Buffer.from(bytes).toString('base64') }));
  await page.evaluate(([row, files]) => inferencePage.add(row, files), [row, files] as const);
  return row;
}

/** Bytes that the page's one worker holds after its rubbish was collected: objects and what lies behind arrays, WASM's memory among it. */
export async function workerBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const sessionId = new Promise<string>((found) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => targetInfo.type === 'worker' && found(sessionId));
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const worker = await sessionId;
  let last = 0;
  const ask = (method: string, params = {}): Promise<Record<string, unknown>> => {
    const id = ++last;
    const answer = new Promise<Record<string, unknown>>((found) => {
      session.on('Target.receivedMessageFromTarget', ({ message }) => {
        const read = JSON.parse(message) as { id?: number; result?: Record<string, unknown> };
        if (read.id === id) found(read.result ?? {});
      });
    });
    return session
      .send('Target.sendMessageToTarget', { sessionId: worker, message: JSON.stringify({ id, method, params }) })
      .then(() => answer);
  };
  await ask('HeapProfiler.collectGarbage');
  const heap = await ask('Runtime.getHeapUsage');
  const { result: wasm } = (await ask('Runtime.evaluate', { expression: 'wasmBytes()' })) as { result?: { value?: number } };
  await session.detach();
  return ['usedSize', 'embedderHeapUsedSize', 'backingStorageSize'].reduce((sum, name) => sum + Number(heap[name]), Number(wasm?.value));
}
