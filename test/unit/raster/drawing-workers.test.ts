import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { photoCamera, translation, type Camera, type UnflatError } from '../../../src/core/index.ts';
import { DrawingWorkers, SoftwareRenderer, prepareScene, serveRaster, type Band, type RasterScope } from '../../../src/raster/index.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const scene = syntheticScene();
const camera: Camera = { ...photoCamera(scene.lens, 160, 120), c2w: translation(0.02, -0.01, 0.01) };
const never = (): boolean => false;

/** Workers of this thread. @param spoil sees each message before its worker does, and may throw instead of it. */
class LocalWorkers {
  readonly posted: { worker: number; type: string; buffer?: ArrayBuffer }[] = [];
  started = 0;
  ended = 0;
  readonly #ports: MessagePort[] = [];
  readonly #workers: Worker[] = [];

  readonly create = (): Worker => {
    const index = this.started++;
    const { port1, port2 } = new MessageChannel();
    this.#ports.push(port1);
    const scope: RasterScope = { onmessage: null, postMessage: (message, transfer) => port2.postMessage(message, transfer as never) };
    serveRaster(scope);
    port2.on('message', (data: unknown) => scope.onmessage?.({ data } as MessageEvent<never>));
    const worker = {
      onmessage: null as ((event: { data: unknown }) => void) | null,
      onerror: null,
      onmessageerror: null,
      postMessage: (message: { type: string; buffer?: ArrayBuffer }, transfer: never[]) => {
        this.posted.push({ worker: index, type: message.type, ...(message.buffer && { buffer: message.buffer }) });
        port1.postMessage(message, transfer);
      },
      terminate: () => {
        this.ended++;
        port1.close();
      },
    };
    port1.on('message', (data: unknown) => worker.onmessage?.({ data }));
    this.#workers.push(worker as unknown as Worker);
    return worker as unknown as Worker;
  };

  fail(worker: number, message: string): void {
    this.#workers[worker]!.onerror?.({ message } as ErrorEvent);
  }

  close(): void {
    for (const port of this.#ports) port.close();
  }
}

function joined(bands: readonly Band[], width: number, height: number): Uint8ClampedArray {
  const whole = new Uint8ClampedArray(width * height * 4);
  for (const { y, rgba } of bands) whole.set(rgba, y * width * 4);
  return whole;
}

test('the bands of several workers are the picture that one renderer draws, however the rows are shared', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const open = await new DrawingWorkers(local.create, 3).open(scene, never);
  assert.ok(open && open.bytes > 0);
  const whole = new SoftwareRenderer(prepareScene(scene)).draw(camera).rgba;
  for (let n = 0; n < 4; n++) {
    const got = joined(await open.draw(camera), camera.width, camera.height);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - whole[i]!)), 0);
    assert.ok(worst <= 2, `off by ${worst}`);
  }
});

test('a picture of fewer rows than workers is drawn', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const open = await new DrawingWorkers(local.create, 3).open(scene, never);
  const bands = await open!.draw({ ...camera, height: 1 });
  assert.deepEqual(
    bands.map(({ height }) => height),
    [1],
  );
});

test('a scene goes to all workers through the same little memory, whatever its size', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const large = { ...scene, detail: { width: 2000, height: 1500, rgba: new Uint8ClampedArray(2000 * 1500 * 4).fill(99) } };
  const open = await new DrawingWorkers(local.create, 2).open(large, never);
  const pieces = local.posted.filter(({ type }) => type === 'piece');
  assert.ok(pieces.length >= 12);
  assert.ok(
    pieces.every(({ buffer }) => buffer!.byteLength === 0),
    'handed over, not copied',
  );
  assert.equal(large.detail.rgba.length, 12_000_000, 'and the scene is still the page’s');
  assert.ok((await open!.draw(camera)).length > 0);
});

test('layers come one after the other, and each is made ready before the next one comes', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  await new DrawingWorkers(local.create, 1).open(scene, never);
  const types = local.posted.map(({ type }) => type).filter((type, n, all) => type !== all[n - 1]);
  const ofLayers = scene.layers.flatMap(() => ['piece', 'prepare']);
  assert.deepEqual(types.slice(0, 1 + ofLayers.length), ['open', ...ofLayers]);
});

test('a photo that is too large to draw is said to be just that, by its code and without blame on the workers', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const huge = { ...scene, layers: scene.layers.map((layer) => ({ ...layer, width: 30_000, height: 30_000 })) };
  const workers = new DrawingWorkers(local.create, 2);
  await assert.rejects(
    workers.open(huge, never),
    ({ code, message }: UnflatError) => code === 'image-too-large' && /too large to draw/.test(message),
  );
  assert.ok(await workers.open(scene, never), 'and the next photo is drawn');
});

test('what is late is closed, and so is what a viewer has finished with', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const workers = new DrawingWorkers(local.create, 2);
  assert.equal(await workers.open(scene, () => true), undefined);
  const closed = (): number => local.posted.filter(({ type }) => type === 'close').length;
  assert.equal(closed(), 2);
  const open = await workers.open(scene, never);
  open!.close();
  open!.close();
  assert.equal(closed(), 4);
  await assert.rejects(open!.draw(camera), /not open/);
});

test('a failure names the worker and says what to do; the next scene gets new workers', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  const workers = new DrawingWorkers(local.create, 2);
  const open = await workers.open(scene, never);
  const drawing = open!.draw(camera);
  local.fail(1, 'out of memory');
  const isSaid = ({ code, message }: UnflatError): boolean => {
    assert.equal(code, 'graphics-unavailable');
    assert.match(message, /^Drawing worker 2 of 2 of the software renderer stopped unexpectedly \(out of memory\)\. .*reload the page/);
    return true;
  };
  await assert.rejects(drawing, isSaid);
  assert.equal(local.ended, 2);
  const again = await workers.open(scene, never);
  assert.equal(local.started, 4);
  assert.equal((await again!.draw(camera)).length, 2);
  await assert.rejects(again!.draw({ ...camera, fx: NaN }), /Drawing worker \d of 2 .* failed \(A camera's fx/);
});

test('workers that do not start are said so', async () => {
  const workers = new DrawingWorkers(() => {
    throw new Error('blocked by the page’s policy');
  }, 2);
  await assert.rejects(workers.open(scene, never), /Drawing worker 1 of 2 .* could not be started \(blocked by the page’s policy\)/);
});

test('where threads share memory, a program that is missing is said to be so while the scene is on its way', async (t) => {
  const local = new LocalWorkers();
  t.after(() => local.close());
  Object.assign(globalThis, { crossOriginIsolated: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'crossOriginIsolated'));
  const workers = new DrawingWorkers(local.create, 2);
  const fails = (): boolean => (local.fail(0, 'not found'), false);
  await assert.rejects(workers.open(scene, fails), /could not be started \(not found\)\. Check the connection/);
});
