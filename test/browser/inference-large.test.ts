/** A model of MiDaS's true size on WASM: what only shows with real work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { midasShaped } from '../bench/midas-shaped.ts';
import { inferenceServer, openInferencePage, workerBytes } from './inference-browser.ts';
import type { Ask, Outcome } from './inference-page.ts';

const { path, row } = midasShaped();
const url = await inferenceServer({ '/midas.onnx': path });
const page = await openInferencePage(url);
const infer = (more: Partial<Ask> = {}): Promise<Outcome> =>
  page.evaluate((ask) => inferencePage.infer(ask), { model: row.id, width: 960, height: 720, most: 9, ...more });
const scripts: string[] = [];
page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
await page.evaluate(() => inferencePage.start());
/** Adding it anew also lets its session go. */
const add = (): Promise<void> => page.evaluate((row) => inferencePage.addFrom(row, { 'model.onnx': '/midas.onnx' }), row);

test('neither making a session nor a run blocks the page', async () => {
  // On a loaded machine a task may be held up by others, so one good run of three is enough.
  let blockedMs = Infinity;
  for (let i = 0; i < 3 && blockedMs > 0; i++) {
    await add();
    const { result, error, ...rest } = await infer();
    assert.equal(error, undefined, error?.message);
    assert.ok(result!.sessionMs > 0 && result!.values.every(Number.isFinite));
    blockedMs = Math.min(blockedMs, rest.blockedMs);
  }
  assert.equal(blockedMs, 0, 'the longest task in milliseconds, where it is 50 or more');
});

test('its threads load onnxruntime’s own script and not ours again', () => {
  assert.equal(scripts.filter((path) => path === '/worker.js').length, 1);
  assert.equal(scripts.filter((path) => path.endsWith('.wasm')).length, 1);
  assert.ok(
    scripts.every((path) => !path.includes('asyncify')),
    'the larger build is not loaded without a GPU',
  );
});

test('a run that is cancelled in the middle rejects at once, and the next one works', async () => {
  await infer();
  const cancelled = await infer({ abortAfterMs: 60 });
  assert.equal(cancelled.error?.message, 'the test’s own reason');
  assert.ok(cancelled.ms < 1000, `${cancelled.ms} ms`);
  const next = await infer();
  assert.equal(next.error, undefined, next.error?.message);
});

test('memory is back where it was after ten photos', async () => {
  await infer();
  await infer();
  const before = await workerBytes(page);
  for (let i = 0; i < 10; i++) assert.equal((await infer({ width: 960 + i, height: 720 - i })).error, undefined);
  const after = await workerBytes(page);
  assert.ok(before > 2 * row.files[0]!.sizeBytes!, `the model’s file and its session are measured along: ${before}`);
  assert.ok(Math.abs(after / before - 1) < 0.1, `${before} bytes before, ${after} after`);
});
