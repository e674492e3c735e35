import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import type { ModelRow } from '../../src/core/index.ts';
import { addModel, inferenceServer, openInferencePage } from './inference-browser.ts';

/** What PyTorch answered before the weights were rounded: models/training/reference.py. */
const reference = JSON.parse(readFileSync(join(root, 'test/fixtures/unflat-depth-basic.json'), 'utf8')) as {
  size: number;
  every: number;
  values: number[];
};
const rows = (JSON.parse(readFileSync(join(root, 'models/catalogue.json'), 'utf8')) as { models: ModelRow[] }).models;
const row = rows.find(({ id }) => id === 'unflat-basic')!;

const page = await openInferencePage(await inferenceServer());

for (const provider of ['wasm', 'webgpu'] as const) {
  test(`the built-in depth model answers on ${provider} as it did in PyTorch`, { timeout: 240_000 }, async (t) => {
    const hasGpu = await page.evaluate(async () =>
      Boolean(await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter()),
    );
    if (provider === 'webgpu' && !hasGpu) return t.skip('this browser has no WebGPU');
    await page.evaluate((query) => inferencePage.start(query), provider === 'webgpu' ? '?gpu' : undefined);
    const files = row.files.map(({ path }) => ({ path, bytes: new Uint8Array(readFileSync(join(root, 'models', path))) }));
    const model = `built-in-${provider}`;
    // A small picture, as a program stands in for the graphics card here.
    const input = { ...row.input, size: { rule: 'fixed', width: reference.size, height: reference.size } as const };
    await addModel(page, model, { input, output: row.output, files }, { providers: [provider] });
    const { size, every } = reference;
    const { result, error } = await page.evaluate((ask) => inferencePage.infer(ask), { model, width: size, height: size });
    assert.equal(error, undefined, error?.message);
    assert.deepEqual([result?.provider, result?.dims], [provider, [1, 1, size, size]]);
    const at = (n: number): number =>
      result!.values[(Math.floor(n / (size / every)) * every + every / 2) * size + (n % (size / every)) * every + every / 2]!;
    const range = Math.max(...reference.values) - Math.min(...reference.values);
    // The answer is of any shift, and rounded weights shift it.
    const shift = reference.values.reduce((sum, value, n) => sum + value - at(n), 0) / reference.values.length;
    const errors = reference.values.map((value, n) => Math.abs(value - shift - at(n)) / range);
    const mean = errors.reduce((sum, off) => sum + off) / errors.length;
    assert.ok(range > 0 && errors.every((off) => off < 0.05), `off by ${Math.max(...errors)} of the range`);
    assert.ok(mean < 0.01, `off by ${mean} of the range, more than rounded weights explain`);
  });
}
