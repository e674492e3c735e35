import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photoCamera, type Camera } from '../../../src/core/index.ts';
import { FrameWorkers } from '../../../src/raster/index.ts';
import type { FromRaster, ToRaster } from '../../../src/raster/serve-raster.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const scene = syntheticScene();
const own = photoCamera(scene.lens, scene.width, scene.height);
/** Cameras that can be told from each other. */
const cameras = (count: number): Camera[] => Array.from({ length: count }, (_, n) => ({ ...own, cx: n }));

interface FakeBitmap {
  n: number;
  isClosed: boolean;
  close(): void;
}

/** Workers that answer when told to; a picture is the camera's cx. */
class FakeWorkers {
  readonly asked: { n: number; answer(message?: Partial<FromRaster>): void }[] = [];
  readonly bitmaps: FakeBitmap[] = [];
  started = 0;
  ended = 0;
  readonly create = (): Worker => {
    this.started++;
    const worker = {
      onmessage: undefined as ((event: { data: FromRaster }) => void) | undefined,
      onerror: null,
      terminate: () => void this.ended++,
      postMessage: (message: ToRaster) => {
        if (message.type === 'scene') return;
        const { id, camera } = message;
        const bitmap: FakeBitmap = { n: camera.cx, isClosed: false, close: () => (bitmap.isClosed = true) };
        this.asked.push({
          n: camera.cx,
          answer: (other) => {
            if (!other) this.bitmaps.push(bitmap);
            worker.onmessage?.({ data: { id, ...(other ?? { bitmap }) } as unknown as FromRaster });
          },
        });
      },
    };
    return worker as unknown as Worker;
  };
}

const number = (result: IteratorResult<ImageBitmap>): number => (result.value as unknown as FakeBitmap).n;

test('frames come in the order of the cameras, whichever worker is done first', async () => {
  const fake = new FakeWorkers();
  const workers = new FrameWorkers(scene, { createWorker: fake.create, workers: 3 });
  const frames = workers.frames(cameras(6));
  const first = frames.next();
  await Promise.resolve();
  assert.equal(fake.started, 3);
  for (const { answer } of [...fake.asked].reverse()) answer();
  const got = [number(await first)];
  for (let next = await frames.next(); !next.done; next = await frames.next()) got.push(number(next));
  assert.deepEqual(got, [0, 1, 2, 3, 4, 5]);
  workers.dispose();
  assert.equal(fake.ended, 3);
});

test('no more than two frames a worker are asked for ahead', async () => {
  const fake = new FakeWorkers();
  const workers = new FrameWorkers(scene, { createWorker: fake.create, workers: 2 });
  const frames = workers.frames(cameras(100));
  const first = frames.next();
  await Promise.resolve();
  assert.equal(fake.asked.length, 4);
  for (const { answer } of fake.asked.slice()) answer();
  await first;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(fake.asked.length, 5, 'one taken, one more asked for');
  workers.dispose();
});

test('ending the loop asks for no more, and closes what still comes', async () => {
  const fake = new FakeWorkers();
  const workers = new FrameWorkers(scene, { createWorker: fake.create, workers: 2 });
  const frames = workers.frames(cameras(100));
  const first = frames.next();
  await Promise.resolve();
  fake.asked[0]!.answer();
  await first;
  await frames.return(undefined);
  const asked = fake.asked.length;
  for (const { answer } of fake.asked.slice(1)) answer();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(fake.asked.length, asked);
  assert.deepEqual(
    fake.bitmaps.map(({ isClosed }) => isClosed),
    [false, ...Array.from({ length: asked - 1 }, () => true)],
  );
});

test("a worker's error ends the frames, and so does the end of the workers", async () => {
  const fake = new FakeWorkers();
  const workers = new FrameWorkers(scene, { createWorker: fake.create, workers: 1 });
  const frames = workers.frames(cameras(3));
  const first = frames.next();
  await Promise.resolve();
  fake.asked[0]!.answer({ error: { name: 'UnflatError', code: 'bad-camera', message: "A camera's fx must be a positive number" } });
  await assert.rejects(first, /fx must be a positive number/);
  const pixels = workers.readPixels(own);
  workers.dispose();
  await assert.rejects(pixels, /dispose/);
});
