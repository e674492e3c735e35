import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertPhoto } from '../../../src/convert/convert-photo.ts';
import type { Progress } from '../../../src/core/index.ts';
import { defineDepthSource, UnflatError } from 'unflat/plugin';
import { boxDepth, fakeHost, fakeWorker, fileOf, tableOf } from '../../fixtures/pipeline-fixtures.ts';

const inside = defineDepthSource({
  id: 'depth-inside',
  label: 'Inside',
  readsDepthFiles: true,
  options: [],
  supports: () => true,
  detect: async ({ photo }) => photo.name.startsWith('portrait'),
  async estimate({ photo }) {
    if (!photo.name.startsWith('portrait')) throw new UnflatError('no-depth', `${photo.name} holds no depth. Bring its depth map.`);
    return { depth: boxDepth(photo.width, photo.height) };
  },
});

/** A page without the bundled model. */
function page() {
  const host = fakeHost();
  const plugins = { ...tableOf(inside), 'inpaint-fake': host.plugins['inpaint-fake']! };
  let workers = 0;
  const convert = (name: string, onProgress?: (progress: Progress) => void) =>
    convertPhoto(
      {
        photo: fileOf(name),
        map: '',
        settings: {},
        model: undefined,
        heic: undefined,
        createWorker: () => (workers++, fakeWorker({ ...host, plugins })),
        surface: 'script',
      },
      { signal: new AbortController().signal, ...(onProgress && { onProgress }) },
    );
  const decoded = (): number => host.calls.filter((call) => call === 'decode').length;
  return { convert, decoded, workers: () => workers };
}

test('a photo with depth inside is decoded once where there is no model, and its progress never goes back', async () => {
  const { convert, decoded, workers } = page();
  const told: Progress[] = [];
  const { report } = await convert('portrait.jpg', (each) => told.push(each));
  assert.deepEqual([decoded(), workers(), report.depthChoice.from], [1, 1, 'inside']);
  assert.equal(told[0]?.stage, 'decode');
  told.forEach(({ overall }, i) => assert.ok(overall >= (told[i - 1]?.overall ?? 0), told.map((each) => each.overall).join(' ')));
  assert.equal(told.at(-1)?.overall, 1);
});

test('one without depth is refused before others are converted, and no worker waits with a decoded photo', async () => {
  const { convert, decoded, workers } = page();
  const order: string[] = [];
  const names = ['portrait a.jpg', 'portrait b.jpg', 'plain.jpg'];
  const ends = await Promise.allSettled(
    names.map((name) =>
      convert(name).then(
        () => order.push(name),
        (error: unknown) => {
          order.push(name);
          throw error;
        },
      ),
    ),
  );
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
  );
  assert.ok(order.indexOf('plain.jpg') < order.indexOf('portrait b.jpg'), order.join());
  assert.ok(decoded() <= 4 && workers() <= 4, `${decoded()} photos decoded, ${workers()} workers`);
});
