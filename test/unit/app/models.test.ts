import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelSizeWords, pictureWords, sizeWords, type ModelInfo, type ModelRow } from '../../../src/core/index.ts';
import { downloadWords, missingWords } from '../../../src/app/download-words.ts';
import { ranWords } from '../../../src/app/ran-words.ts';
import { usedWords } from '../../../src/app/used-words.ts';
import { sortModels } from '../../../src/app/recommended.ts';
import { loadCatalogue } from '../../../src/inference/index.ts';
import { midasLike, rowOf } from '../../fixtures/depth-models.ts';

const info = (id: string, changes: Partial<ModelInfo> = {}, row: Partial<ModelRow> = {}): ModelInfo => ({
  row: rowOf(id, midasLike(), row),
  state: 'absent',
  isOwn: false,
  storedBytes: 0,
  ...changes,
});

test('the catalogue has the recommended models, by what the machine has', async () => {
  const list = (await loadCatalogue()).map((row): ModelInfo => ({ row, state: 'absent', isOwn: false, storedBytes: 0 }));
  const ids = (gpu: boolean): string[] => sortModels(list, gpu).recommended.map((each) => each.info.row.id);
  assert.deepEqual(ids(true), ['depth-anything-v2-small-fp16', 'midas-v21-small', 'tcmonodepth-small']);
  assert.deepEqual(ids(false), ['depth-anything-v2-small-int8', 'midas-v21-small', 'tcmonodepth-small']);
  const { recommended, own, builtIn, more } = sortModels([...list, info('mine', { isOwn: true, state: 'ready' })], false);
  assert.equal(recommended.length + own.length + builtIn.length + more.length, list.filter(({ row }) => row.kind === 'depth').length + 1);
  assert.deepEqual(
    own.map(({ row }) => row.id),
    ['mine'],
  );
  for (const { row } of list) assert.notEqual(modelSizeWords(row), 'size not known', `${row.id} is offered with its size`);
});

test('sizes say when they are not exact, and a part that is here is not fetched again', () => {
  const file = (sizeBytes: number | null, aboutBytes?: number) => ({
    path: 'm.onnx',
    sizeBytes,
    sha256: null,
    ...(aboutBytes !== undefined && { aboutBytes }),
  });
  assert.equal(modelSizeWords(info('a', {}, { files: [file(27_258_801)] }).row), '27 MB');
  assert.equal(modelSizeWords(info('a', {}, { files: [file(null, 165e6)] }).row), 'about 165 MB');
  assert.equal(modelSizeWords(info('a', {}, { files: [file(null)] }).row), 'size not known');
  assert.equal(missingWords(info('a', { state: 'partial', storedBytes: 20e6 }, { files: [file(50e6)] })), '30 MB');
});

test('bytes are told in the unit that suits them, rounded to no more than there is room for', () => {
  const told = [0, 512, 999, 1000, 9_949, 790_123, 999_499, 999_500, 27_258_801, 999_499_999, 999_500_000, 2.1e9, 5e12].map(sizeWords);
  assert.deepEqual(told, [
    '0 bytes',
    '512 bytes',
    '999 bytes',
    '1.0 kB',
    '9.9 kB',
    '790 kB',
    '999 kB',
    '1.0 MB',
    '27 MB',
    '999 MB',
    '1.0 GB',
    '2.1 GB',
    '5000 GB',
  ]);
});

test('what pictures a model takes is told for each rule', () => {
  assert.equal(pictureWords({ rule: 'fixed', width: 384, height: 256 }), '384 × 256 pixels');
  assert.equal(pictureWords({ rule: 'short-side', px: 518, multipleOf: 14 }), 'pictures of about 518 pixels on the shorter side');
  assert.equal(pictureWords({ rule: 'long-side', px: 256, multipleOf: 32 }), 'pictures of about 256 pixels on the longer side');
  assert.equal(pictureWords({ rule: 'area', px: 250, multipleOf: 1 }), 'pictures of any shape, about as many pixels as 250 × 250');
});

test('a download is told in bytes, speed and time left', () => {
  const now = { receivedBytes: 12e6, totalBytes: 27e6, bytesPerSecond: 3.1e6, secondsLeft: 4.8, elsewhere: false };
  assert.equal(downloadWords(now), '12 MB of 27 MB · 3.1 MB/s · 5 s left');
  assert.equal(downloadWords({ ...now, secondsLeft: 600 }), '12 MB of 27 MB · 3.1 MB/s · 10 min left');
  assert.equal(downloadWords({ ...now, totalBytes: null, secondsLeft: null }), '12 MB · 3.1 MB/s');
  assert.match(downloadWords({ ...now, elsewhere: true }), /another window/i);
});

test('what ran and when are told in words', () => {
  assert.equal(ranWords({ provider: 'wasm', threads: 2, runMs: 812 }), 'on the processor, 2 threads · 0.8\u00a0s');
  assert.equal(ranWords({ provider: 'webgpu', threads: 1, runMs: 38 }), 'on the graphics card · 38\u00a0ms');
  const now = new Date(2026, 5, 20, 9).getTime();
  assert.equal(usedWords(undefined, now), 'not used yet');
  assert.equal(usedWords(new Date(2026, 5, 20, 1).getTime(), now), 'used today');
  assert.equal(usedWords(new Date(2026, 5, 19, 23).getTime(), now), 'used yesterday');
  assert.equal(usedWords(new Date(2026, 5, 10).getTime(), now), 'used 10 days ago');
});
