import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedReport, reportOf } from '../../../src/cli/run-report.ts';
import type { ConvertReport } from '../../../src/pipeline/index.ts';

const model = { id: 'm', label: 'M', provider: 'webgpu', threads: 1, sessionMs: 1, runMs: 2 } as const;
const report = {
  depthSource: 'depth-a',
  depthModel: model,
  inpainter: 'inpaint-b',
  inpaint: { plugin: 'inpaint-b', runs: 0 },
  depthChoice: { from: 'model', why: 'best', id: 'm' },
  inpaintChoice: { why: 'without-model', id: 'inpaint-b' },
} as unknown as ConvertReport;

test('the report says which plugins ran, and where their models did', () => {
  const photo = reportOf('a.jpg', { report, timesMs: {}, warnings: [], notes: [], errors: [] }, [], 0);
  assert.deepEqual(photo.plugins, { depth: 'depth-a', inpaint: 'inpaint-b' });
  assert.deepEqual(photo.executionProviders, { depth: 'webgpu' }, 'the inpainter used no model');
});

test('the report says what was chosen and why', () => {
  const photo = reportOf('a.jpg', { report, timesMs: {}, warnings: [], notes: [], errors: [] }, [], 0);
  assert.deepEqual([photo.depthChoice, photo.inpaintChoice], [report.depthChoice, report.inpaintChoice]);
});

test('the report says what drew the frames, where there were any', () => {
  const result = { report, timesMs: {}, warnings: [], notes: [], errors: [] };
  assert.equal(reportOf('a.jpg', { ...result, renderer: 'software' }, [], 0).renderer, 'software');
  assert.equal('renderer' in reportOf('a.jpg', result, [], 0), false);
});

test('the old keys stay for a version', () => {
  const photo = reportOf('a.jpg', { report, timesMs: {}, warnings: [], notes: [], errors: [] }, [], 0);
  // oxlint-disable-next-line typescript/no-deprecated -- the old key is kept for a version.
  assert.deepEqual(photo.providers, photo.plugins);
  // oxlint-disable-next-line typescript/no-deprecated -- as above.
  assert.deepEqual([photo.fill, photo.inpaint], [report.inpaint, report.inpaint]);
});

test('a photo that failed ran nothing', () => {
  const photo = failedReport('a.jpg', 'not-found', 'a.jpg is not there.');
  assert.deepEqual([photo.plugins, photo.executionProviders, photo.depthChoice], [{}, {}, undefined]);
});
