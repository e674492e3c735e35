import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Converter, type ConvertSettings } from '../../../src/pipeline/index.ts';
import { ResultStore } from '../../../src/store/index.ts';
import type { PipelineCall } from '../../../src/pipeline/pipeline-call.ts';
import type { FromWorker, ToAnswerer, WorkerLike } from '../../../src/worker/index.ts';
import { defineOutput } from 'unflat/plugin';
import { photoCamera } from '../../../src/core/index.ts';
import {
  FAKE,
  fakeHost,
  fakeInference,
  fakeModelSource,
  fakeWorker,
  fileOf,
  infoOf,
  rowOf,
  tableOf,
  type FakeOptions,
} from '../../fixtures/pipeline-fixtures.ts';

const noFrames = (): never => assert.fail('no frames are needed');

function setUp(options: FakeOptions = {}, store?: ResultStore) {
  const host = fakeHost(options);
  const workers: ReturnType<typeof fakeWorker>[] = [];
  const converter = new Converter({
    createWorker() {
      const worker = fakeWorker(host);
      workers.push(worker);
      return worker;
    },
    plugins: host.plugins,
    ...(store && { store }),
  });
  return { converter, host, workers };
}

test('a scene comes through the worker, and so do its files', async () => {
  const { converter, host } = setUp();
  const stages = new Set<string>();
  const { scene, report } = await converter.convert({ photo: fileOf('cat.jpg') }, FAKE, { onProgress: ({ stage }) => stages.add(stage) });
  assert.equal(scene.name, 'cat');
  assert.ok(report.triangles > 0 && stages.has('mesh'));
  const { suffix, blob } = await converter.save(scene, 'size', {}, noFrames);
  assert.equal(suffix, '.txt');
  assert.equal(await blob.text(), 'cat 48×32');
  // A scene that the worker does not hold any more is sent to it.
  await converter.convert({ photo: fileOf('dog.jpg') }, FAKE);
  assert.equal(await (await converter.save(scene, 'size', {}, noFrames)).blob.text(), 'cat 48×32');
  await assert.rejects(converter.save(scene, 'gold', {}, noFrames), {
    code: 'bad-plugin',
    message: /Nothing here writes “gold”; choose one of size/,
  });
  assert.equal(host.calls.filter((call) => call === 'write').length, 2);
  converter.dispose();
});

test('a depth map alone comes through the worker, and outputs that need no more are written from it', async () => {
  const { converter, host } = setUp();
  const { scene, report } = await converter.convertDepth({ photo: fileOf('cat.jpg') }, FAKE);
  assert.deepEqual([scene.layers, scene.meshes, scene.depth.disparity.length, report.depthSource], [[], [], 48 * 32, 'depth-fake']);
  assert.ok(!host.calls.includes('inpaint'));
  assert.equal(await (await converter.save(scene, 'size', {}, noFrames)).blob.text(), 'cat 48×32');
  await assert.rejects(converter.convertDepth({ photo: fileOf('cat.jpg') }, { smoothing: 9 }), TypeError);
  converter.dispose();
});

test('of ten photos dropped fast the last wins, and the others end as cancelled', async () => {
  const { converter, workers } = setUp({ onEstimate: () => new Promise((resume) => setTimeout(resume, 20)) });
  const runs = Array.from({ length: 10 }, (_, i) => converter.convert({ photo: fileOf(`${i}.jpg`) }, FAKE));
  const ends = await Promise.allSettled(runs);
  for (const end of ends.slice(0, 9)) {
    assert.equal(end.status, 'rejected');
    assert.equal(end.status === 'rejected' && (end.reason as Error).name, 'AbortError');
  }
  const last = ends[9]!;
  assert.equal(last.status === 'fulfilled' && last.value.scene.name, '9');
  assert.equal(workers.length, 1, 'a worker that listens is not replaced');
  converter.dispose();
});

test('the signal’s own reason comes back, at once', async () => {
  const { converter } = setUp({
    onEstimate: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const run = converter.convert({ photo: fileOf('a.jpg') }, FAKE, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 30);
  await assert.rejects(run, (error) => error === reason);
  await assert.rejects(
    converter.convert({ photo: fileOf('a.jpg') }, FAKE, { signal: AbortSignal.abort(reason) }),
    (error) => error === reason,
  );
  converter.dispose();
});

test('errors keep their class, code and cause across the worker', async () => {
  const { converter } = setUp({
    onEstimate: () => {
      throw new TypeError('options.exact must be true or false');
    },
  });
  await assert.rejects(
    converter.convert({ photo: fileOf('a.jpg') }, FAKE),
    (error) => error instanceof TypeError && error.message === 'options.exact must be true or false',
  );
  await assert.rejects(converter.convert({ photo: fileOf('a.jpg') }, { ...FAKE, depthSource: 'depth-none' }), {
    name: 'UnflatError',
    code: 'bad-plugin',
  });
  await assert.rejects(converter.convert({ photo: fileOf('a.jpg') }, { longerSidePx: 1 }), /settings\.longerSidePx/);
  converter.dispose();
});

test('a deaf worker is replaced, and what was asked since is asked again', async () => {
  const host = fakeHost();
  const workers: WorkerLike[] = [];
  let deafWasStopped = false;
  const converter = new Converter({
    createWorker() {
      // The first worker starts well and then never answers, as one in an endless loop.
      const deaf: WorkerLike = { postMessage: () => {}, terminate: () => (deafWasStopped = true), onmessage: null, onerror: null };
      const worker = workers.length ? fakeWorker(host) : deaf;
      if (!workers.length)
        setTimeout(() => deaf.onmessage?.(new MessageEvent('message', { data: { type: 'ready' } satisfies FromWorker<never> })));
      workers.push(worker);
      return worker;
    },
  });
  const first = converter.convert({ photo: fileOf('a.jpg') }, FAKE);
  const cancelled = assert.rejects(first, { name: 'AbortError' });
  await new Promise((resume) => setTimeout(resume, 20));
  const start = performance.now();
  const { scene } = await converter.convert({ photo: fileOf('b.jpg') }, FAKE);
  await cancelled;
  assert.equal(scene.name, 'b');
  assert.ok(deafWasStopped);
  assert.equal(workers.length, 2);
  assert.ok(performance.now() - start < 2000);
  converter.dispose();
});

test('a worker that holds the photo that is still wanted is waited for', async () => {
  const host = fakeHost();
  let workers = 0;
  let delayMs = 0;
  const converter = new Converter({
    createWorker() {
      workers++;
      const worker = fakeWorker(host);
      const send = worker.postMessage.bind(worker);
      // Messages reach it late, as when a stage takes long.
      return Object.assign(worker, {
        postMessage: (message: unknown) => (delayMs ? void setTimeout(send, delayMs, message) : send(message)),
      });
    },
  });
  const photo = fileOf('a.jpg');
  await converter.convert({ photo }, FAKE);
  delayMs = 800;
  const first = assert.rejects(converter.convert({ photo }, { ...FAKE, smoothing: 2 }), { name: 'AbortError' });
  await converter.convert({ photo }, { ...FAKE, smoothing: 0 });
  await first;
  assert.equal(workers, 1);
  assert.equal(host.calls.filter((call) => call === 'decode').length, 1);
  converter.dispose();
});

test('a worker that dies fails its requests with what to do, and the next request gets a new one', async () => {
  const host = fakeHost();
  let count = 0;
  const converter = new Converter({
    createWorker() {
      const worker: WorkerLike = { postMessage: () => {}, terminate: () => {}, onmessage: null, onerror: null };
      if (count++) return fakeWorker(host);
      setTimeout(() => worker.onerror?.({ message: 'boom' } as ErrorEvent));
      return worker;
    },
  });
  await assert.rejects(converter.convert({ photo: fileOf('a.jpg') }, FAKE), {
    code: 'io',
    message: /could not be started\. Check the connection.*\(boom\)/,
  });
  assert.equal((await converter.convert({ photo: fileOf('a.jpg') }, FAKE)).scene.name, 'a');
  converter.dispose();
});

test('files travel once, as long as the same ones are meant', async () => {
  const host = fakeHost();
  const sent: ToAnswerer<PipelineCall>[] = [];
  const converter = new Converter({
    createWorker() {
      const worker = fakeWorker(host);
      return Object.assign(worker, {
        postMessage: ((send) => (message: ToAnswerer<PipelineCall>) => (sent.push(message), send(message)))(
          worker.postMessage.bind(worker) as (message: ToAnswerer<PipelineCall>) => void,
        ),
      });
    },
  });
  const photo = fileOf('a.jpg');
  await converter.convert({ photo }, FAKE);
  await converter.convert({ photo }, { ...FAKE, smoothing: 0.5 });
  const preview = await converter.previewDepth(FAKE, 24);
  assert.deepEqual([preview.width, preview.height], [24, 16]);
  assert.deepEqual(
    sent.flatMap((message) => (message.type === 'call' && 'photo' in message.call ? [message.call.photo.file !== undefined] : [])),
    [true, false, false],
  );
  converter.dispose();
});

test('of quick previews the last wins; without a photo there is none', async () => {
  const { converter } = setUp();
  await assert.rejects(converter.previewDepth(FAKE), /call convert first/);
  await converter.convert({ photo: fileOf('a.jpg') }, FAKE);
  const previews = await Promise.allSettled([0.2, 0.4, 0.6].map((smoothing) => converter.previewDepth({ ...FAKE, smoothing }, 32)));
  assert.deepEqual(
    previews.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
  await assert.rejects(converter.previewDepth(FAKE, 1000), /sizePx must be a number from 16 to 384/);
  converter.dispose();
});

test('the same photo with the same settings comes out of the store, under its new name', async () => {
  const store = new ResultStore({ name: 'converter-test' });
  const first = setUp({}, store);
  const made = await first.converter.convert({ photo: fileOf('a.jpg') }, FAKE);
  while (!(await store.list()).length) await new Promise((resume) => setTimeout(resume, 10));
  first.converter.dispose();

  const second = setUp({}, store);
  const bytes = fileOf('a.jpg').bytes;
  const found = await second.converter.convert({ photo: { name: 'renamed.jpg', bytes } }, FAKE);
  assert.deepEqual([found.report.stored, found.scene.name, second.host.calls.length], [true, 'renamed', 0]);
  assert.deepEqual([found.report.warnings, found.report.notes], [made.report.warnings, ['a gain map lies inside']]);
  assert.deepEqual(
    found.scene.layers.map(({ disparity }) => disparity),
    made.scene.layers.map(({ disparity }) => disparity),
  );
  assert.equal(await (await second.converter.save(found.scene, 'size', {}, noFrames)).blob.text(), 'renamed 48×32');
  assert.equal((await second.converter.convert({ photo: { name: 'a.jpg', bytes } }, { ...FAKE, smoothing: 0 })).report.stored, false);
  second.converter.dispose();
});

test('a photo that comes out of the store is inpainted again on its layers, and is the same as one made from the start', async () => {
  const store = new ResultStore({ name: 'refill-test' });
  const photo = fileOf('a.jpg');
  const first = setUp({}, store);
  await first.converter.convert({ photo }, FAKE);
  await kept(store, 1);
  first.converter.dispose();

  const second = setUp({}, store);
  assert.equal((await second.converter.convert({ photo }, FAKE)).report.stored, true);
  const grey: Partial<ConvertSettings> = { ...FAKE, inpaintOptions: { grey: 99 } };
  const again = await second.converter.convert({ photo }, grey);
  assert.deepEqual(Object.keys(again.report.timesMs), ['decode', 'inpaint']);
  assert.deepEqual([...new Set(second.host.calls)], ['inpaint'], 'neither the photo was decoded nor its depth looked for');
  assert.deepEqual(
    [again.report.stored, again.report.depthSource, again.report.originalWidth, again.report.warnings, again.report.notes],
    [false, 'depth-fake', 96, ['decoded with care', 'guessed'], ['a gain map lies inside']],
  );
  await kept(store, 2);
  second.converter.dispose();

  const scratch = setUp();
  const { scene } = await scratch.converter.convert({ photo }, grey);
  assert.deepEqual(again.scene, scene);
  scratch.converter.dispose();

  // What was inpainted again can be inpainted again again on the next visit.
  const third = setUp({}, store);
  const last = await third.converter.convert({ photo: { ...photo, name: 'b.jpg' } }, { ...FAKE, inpaintOptions: { grey: 3 } });
  assert.deepEqual([Object.keys(last.report.timesMs), last.scene.name], [['decode', 'inpaint'], 'b']);
  assert.deepEqual(last.scene.meshes, scene.meshes);
  third.converter.dispose();
});

test('a model’s depth is kept with the result: the next visit only sharpens it anew, in previews too', async () => {
  const store = new ResultStore({ name: 'depth-test' });
  const photo = fileOf('a.jpg');
  const visit = (own?: ResultStore) => {
    const host = fakeHost();
    const plugins = { ...host.plugins, ...tableOf(fakeModelSource(host.calls)) };
    const inference = fakeInference([infoOf(rowOf('small'))]);
    const converter = new Converter({
      createWorker: () => fakeWorker({ ...host, plugins, inference }),
      plugins,
      ...(own && { store: own }),
    });
    return { converter, calls: host.calls, inference };
  };
  const net: Partial<ConvertSettings> = { depthSource: 'small', inpainter: 'inpaint-fake' };
  const first = visit(store);
  const made = await first.converter.convert({ photo }, net);
  await kept(store, 1);
  first.converter.dispose();

  const second = visit(store);
  assert.equal((await second.converter.convert({ photo }, net)).report.stored, true);
  await second.converter.previewDepth({ ...net, smoothing: 2 }, 32);
  const smooth = await second.converter.convert({ photo }, { ...net, smoothing: 2 });
  assert.deepEqual(Object.keys(smooth.report.timesMs), ['sharpen', 'tear', 'grow', 'mesh', 'inpaint'], 'the preview has decoded the photo');
  assert.deepEqual(smooth.report.depthModel, made.report.depthModel);
  assert.deepEqual([second.inference.requests.length, second.calls.filter((call) => call.startsWith('depth')).length], [0, 0]);
  // Another photo, model or answer is another depth.
  await second.converter.convert({ photo }, { ...net, depthOptions: { mirror: true } });
  assert.equal(second.inference.requests.length, 2);
  second.converter.dispose();

  const scratch = visit();
  assert.deepEqual((await scratch.converter.convert({ photo }, { ...net, smoothing: 2 })).scene, smooth.scene);
  scratch.converter.dispose();
});

/** Waits until so many results are in the store. */
async function kept(store: ResultStore, count: number): Promise<void> {
  while ((await store.list()).length < count) await new Promise((resume) => setTimeout(resume, 10));
}

test('disposing ends what runs, and twice is once', async () => {
  const { converter, workers } = setUp({ onEstimate: () => new Promise(() => {}) });
  const run = converter.convert({ photo: fileOf('a.jpg') }, FAKE);
  await new Promise((resume) => setTimeout(resume, 20));
  converter.dispose();
  converter.dispose();
  await assert.rejects(run, { name: 'AbortError' });
  assert.ok(workers[0]?.terminated);
  await assert.rejects(converter.convert({ photo: fileOf('a.jpg') }, FAKE), /disposed/);
});

test('an output that renders frames runs on this side, and its cancel gives the signal’s own reason', async () => {
  const { converter, workers } = setUp();
  const video = defineOutput({
    id: 'output-frames',
    label: 'Frames',
    options: [],
    products: [{ id: 'frames', label: 'Frames' }],
    needsFrames: true,
    supports: () => true,
    async write({ scene, frames }, { signal, progress, warn }) {
      let count = 0;
      for await (const frame of frames([photoCamera(scene.lens, 8, 8), photoCamera(scene.lens, 8, 8)])) count += frame.width;
      progress(1);
      warn('small');
      if (signal.aborted) throw new Error('wrapped by a careless plugin');
      return { suffix: '.frames', blob: new Blob([String(count)]) };
    },
  });
  const { scene } = await converter.convert({ photo: fileOf('a.jpg') }, FAKE);
  const here = new Converter({ createWorker: () => assert.fail('the worker has no frames'), plugins: tableOf(video) });
  const said: unknown[] = [];
  const controller = new AbortController();
  const frames = async function* (cameras: Iterable<unknown>): AsyncGenerator<ImageBitmap> {
    for (const _ of cameras) yield { width: 8 } as ImageBitmap;
  };
  const hooks = {
    signal: controller.signal,
    onProgress: ({ stage }: { stage: string }) => said.push(stage),
    onWarning: (message: string) => said.push(message),
  };
  assert.equal(await (await here.save(scene, 'frames', {}, frames, hooks)).blob.text(), '16');
  assert.deepEqual(said, ['encode', 'small']);
  const cancelling = async function* (): AsyncGenerator<ImageBitmap> {
    controller.abort('enough');
    yield { width: 8 } as ImageBitmap;
  };
  await assert.rejects(here.save(scene, 'frames', {}, cancelling, hooks), (reason) => reason === 'enough');
  assert.equal(workers.length, 1);
  converter.dispose();
  here.dispose();
});

test('plugins are listed by kind, without loading the others', async () => {
  const { converter } = setUp();
  assert.deepEqual(
    (await converter.listPlugins()).map(({ id, kind }) => [id, kind]),
    [
      ['depth-fake', 'depth'],
      ['inpaint-fake', 'inpaint'],
      ['output-fake', 'output'],
    ],
  );
  const lazy = new Converter({
    createWorker: () => assert.fail(),
    plugins: { 'depth-broken': () => Promise.reject(new Error('offline')), 'output-never': () => assert.fail() },
  });
  const [broken] = await lazy.listPlugins('depth');
  assert.match(String(broken?.supported), /“depth-broken” could not be loaded/);
});
