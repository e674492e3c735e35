import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { UnflatError, type InferRequest, type ModelRow } from '../../../src/core/index.ts';
import { Inference, InferenceClient, serveInference, type InferenceStart, type Runtimes } from '../../../src/inference/index.ts';
import { type WorkerLike, type WorkerScope } from '../../../src/worker/index.ts';
import { ThreadsError } from '../../../src/inference/runtime.ts';
import { FakeRuntimes } from '../../fixtures/fake-runtime.ts';
import { MemoryModels } from '../../fixtures/memory-models.ts';
import { rowOf } from '../../fixtures/depth-models.ts';
import { rgbInput } from '../../fixtures/rgb-input.ts';

const IMAGE = { width: 2, height: 2, rgba: new Uint8ClampedArray(16).fill(255) };
const ASK: InferRequest = { model: 'model', image: IMAGE };

function models(): MemoryModels {
  const source = new MemoryModels();
  const input = rgbInput(1, 1);
  const files = [{ path: 'model.onnx', bytes: new Uint8Array(1) }];
  source.put(rowOf('model', { input, output: { name: null, meaning: 'disparity' }, files }), files);
  return source;
}

/** A worker in this thread, behind a MessageChannel; deaf while `isDeaf`, as one is in the middle of a WASM run. */
class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  isDeaf = false;
  isStopped = false;
  readonly #channel = new MessageChannel();
  readonly #late: (() => void)[] = [];

  constructor(serve: (scope: WorkerScope) => void) {
    const { port1, port2 } = this.#channel;
    const scope: WorkerScope = { onmessage: null, postMessage: (message, transfer) => port2.postMessage(message, transfer) };
    port2.onmessage = (event) => (this.isDeaf ? this.#late.push(() => scope.onmessage?.(event)) : scope.onmessage?.(event));
    port1.onmessage = (event) => this.onmessage?.(event);
    serve(scope);
  }

  /** Takes what came meanwhile. */
  hear(): void {
    this.isDeaf = false;
    for (const take of this.#late.splice(0)) take();
  }

  postMessage(message: unknown): void {
    this.#channel.port1.postMessage(message);
  }

  terminate(): void {
    this.isStopped = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

interface SetUp {
  rows?: () => Promise<readonly ModelRow[]>;
  idleMs?: number;
  /** The worker script cannot be loaded. */
  isMissing?: boolean;
}

function setUp({ isMissing, ...options }: SetUp = {}) {
  const source = models();
  const fake = new FakeRuntimes();
  const workers: FakeWorker[] = [];
  const starts: InferenceStart[] = [];
  const inference = new Inference({
    ...options,
    createWorker() {
      const worker = new FakeWorker((scope) => {
        if (!isMissing) serveInference({ scope, runtimes: fake.runtimes, source: (start) => (starts.push(start), source) });
      });
      if (isMissing) setTimeout(() => worker.onerror?.({ message: 'not found', preventDefault() {} } as ErrorEvent));
      workers.push(worker);
      return worker;
    },
  });
  cleanups.push(() => inference.dispose());
  return { source, fake, workers, starts, inference };
}

/** A run that lasts until it is let go. */
function holdRuns(fake: FakeRuntimes): { started: Promise<void>; release(): void } {
  let release = (): void => {};
  let begin = (): void => {};
  const started = new Promise<void>((resolve) => (begin = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  fake.behaviour.wasm = { run: async () => (begin(), await held, { type: 'float32', dims: [1], data: Float32Array.of(7) }) };
  return { started, release };
}

test('nothing starts before it is needed; then one worker does it all', async () => {
  const { inference, workers, starts } = setUp({
    rows: async () => [rowOf('own', { input: {} as never, output: {} as never, files: [] })],
  });
  assert.equal(workers.length, 0);
  const [listed, run] = await Promise.all([inference.models(), inference.infer(ASK)]);
  assert.deepEqual([listed.map(({ row }) => row.id), [...run.output.data], workers.length], [['model'], [1], 1]);
  assert.deepEqual(
    starts.map(({ rows }) => rows.map(({ id }) => id)),
    [['own']],
  );
});

/** Models whose workers start WASM with as many threads as they are told, which is noted. @param open what making a session does. */
function setUpThreads(open: (threads: number | undefined, onThreads: (isStarting: boolean) => void) => void | Promise<void>): {
  inference: Inference;
  told: (number | undefined)[];
} {
  const told: (number | undefined)[] = [];
  const source = models();
  const runtimes = ({ threads }: InferenceStart): Runtimes => {
    told.push(threads);
    const fake = new FakeRuntimes();
    fake.behaviour.wasm = { open: (_, onThreads) => open(threads, onThreads) };
    return fake.runtimes;
  };
  const inference = new Inference({
    createWorker: () => new FakeWorker((scope) => serveInference({ scope, runtimes, source: () => source })),
    idleMs: 20,
  });
  cleanups.push(() => inference.dispose());
  return { inference, told };
}

test('where threads cannot be started another worker is asked, once, with one thread, as are all that come later', async () => {
  const { inference, told } = setUpThreads((threads) => {
    if (threads !== 1) throw new ThreadsError('not allowed');
  });
  assert.deepEqual([...(await inference.infer(ASK)).output.data], [1]);
  assert.deepEqual(told, [undefined, 1]);
  await wait(100);
  assert.deepEqual([...(await inference.infer(ASK)).output.data], [1]);
  assert.deepEqual(told, [undefined, 1, 1], 'the worker that came after a rest knows it');
});

test('a worker that falls silent while its threads start is replaced by one with one thread; one that still speaks is waited for, and so is a session in the making', async (t) => {
  // Node's own mock keeps an interval that is cleared from inside.
  const ticks = new Set<() => void>();
  t.mock.method(globalThis, 'setInterval', (tick: () => void) => (ticks.add(tick), tick));
  t.mock.method(globalThis, 'clearInterval', (tick: () => void) => void ticks.delete(tick));
  let say: (isStarting: boolean) => void = () => {};
  let finish = (): void => {};
  let began = (): void => {};
  const { inference, told } = setUpThreads((threads, onThreads) => {
    if (threads === 1) return;
    say = onThreads;
    say(true);
    began();
    return new Promise((resolve) => (finish = resolve));
  });
  /** The page's seconds; what a worker says arrives between them. */
  const seconds = async (count: number, isSpeaking: boolean): Promise<void> => {
    for (let i = 0; i < count; i++) {
      if (isSpeaking) say(true);
      await wait(2);
      for (const tick of [...ticks]) tick();
    }
  };
  const isMaking = new Promise<void>((resolve) => (began = resolve));
  const patient = inference.infer(ASK);
  await isMaking;
  await seconds(60, true);
  say(false);
  await wait(20);
  await seconds(60, false);
  assert.deepEqual(told, [undefined]);
  finish();
  assert.deepEqual([...(await patient).output.data], [1]);

  const hung = setUpThreads((threads, onThreads) => {
    if (threads === 1) return;
    onThreads(true);
    return new Promise(() => {});
  });
  const run = hung.inference.infer(ASK);
  let isOver = false;
  void run.then(() => (isOver = true));
  for (let i = 0; i < 200 && !isOver; i++) await seconds(1, false);
  assert.ok(isOver, 'the run hangs with the worker');
  assert.deepEqual([...(await run).output.data], [1]);
  assert.deepEqual(hung.told, [undefined, 1]);
});

test('a run that is cancelled while threads fail to start leaves no worker behind that nothing can run in', async () => {
  let begin = (): void => {};
  let fail = (): void => {};
  const began = new Promise<void>((resolve) => (begin = resolve));
  const starting = new Promise<void>((_, reject) => (fail = () => reject(new ThreadsError('threads do not answer'))));
  let starts = 0;
  const { inference, told } = setUpThreads((threads) => {
    begin();
    if (threads === 1) return;
    // As with the real one, a second start waits for the first, which never ends.
    return starts++ === 0 ? starting : new Promise(() => {});
  });
  const controller = new AbortController();
  const run = inference.infer(ASK, controller.signal);
  await began;
  controller.abort(new Error('another photo'));
  await assert.rejects(run, /another photo/);
  const next = inference.infer(ASK);
  await wait(20); // the worker hears of the cancel
  fail();
  assert.deepEqual([...(await next).output.data], [1]);
  assert.deepEqual(told, [undefined, 1]);
});

test('errors keep their class, code and words on the way', async () => {
  const { inference } = setUp();
  await assert.rejects(
    inference.infer({ ...ASK, model: 'nobody' }),
    (error) => error instanceof UnflatError && error.code === 'no-model' && /nobody/.test(error.message),
  );
});

test('a cancelled run rejects at once, with the caller’s own reason, and the worker is kept where it hears', async () => {
  const { inference, fake, workers } = setUp();
  const { started, release } = holdRuns(fake);
  const controller = new AbortController();
  const reason = new Error('another photo');
  const run = inference.infer(ASK, controller.signal);
  await started;
  controller.abort(reason);
  await assert.rejects(run, (error) => error === reason);
  release();
  assert.deepEqual([...(await inference.infer(ASK)).output.data], [7]);
  assert.equal(workers.length, 1);
  await assert.rejects(inference.infer(ASK, AbortSignal.abort(reason)), (error) => error === reason);
});

test('a deaf worker is replaced when something else waits, and what waits is asked again', async () => {
  const { inference, workers } = setUp();
  await inference.infer(ASK);
  workers[0]!.isDeaf = true;
  const controller = new AbortController();
  const first = inference.infer(ASK, controller.signal);
  controller.abort();
  await assert.rejects(first, { name: 'AbortError' });
  const start = performance.now();
  const second = await inference.infer(ASK);
  assert.deepEqual([[...second.output.data], workers.length, workers[0]!.isStopped], [[1], 2, true]);
  const ms = performance.now() - start;
  assert.ok(ms > 1500 && ms < 4000, `${ms} ms`);
});

test('a deaf worker for which nobody waits is left to finish, and keeps its sessions', async () => {
  const { inference, workers } = setUp();
  await inference.infer(ASK);
  workers[0]!.isDeaf = true;
  const controller = new AbortController();
  const run = inference.infer(ASK, controller.signal);
  controller.abort();
  await assert.rejects(run);
  await wait(2300);
  assert.deepEqual([workers.length, workers[0]!.isStopped], [1, false]);
});

test('a worker that makes the session which the next photo needs is not replaced for being deaf', async () => {
  const { inference, workers, fake } = setUp();
  let opened = (): void => {};
  fake.behaviour.wasm = { open: () => new Promise((resolve) => (opened = resolve)) };
  const controller = new AbortController();
  let isOpening = (): void => {};
  const opening = new Promise<void>((resolve) => (isOpening = resolve));
  const first = inference.infer(ASK, controller.signal, (phase) => phase === 'session' && isOpening());
  await opening;
  workers[0]!.isDeaf = true;
  controller.abort();
  await assert.rejects(first);
  const second = inference.infer(ASK);
  await wait(2500);
  assert.equal(workers.length, 1);
  workers[0]!.hear();
  opened();
  assert.deepEqual([[...(await second).output.data], fake.log.filter((line) => line.startsWith('open')).length], [[1], 1]);
});

test('what a dying worker was asked is asked again, once; a run that kills two is given up with a reason', async () => {
  const { inference, fake, workers } = setUp();
  const die = (worker: FakeWorker): void => worker.onerror?.({ message: 'it crashed', preventDefault() {} } as ErrorEvent);
  const first = holdRuns(fake);
  const run = inference.infer(ASK);
  await first.started;
  fake.behaviour.wasm = {};
  die(workers[0]!);
  assert.deepEqual([[...(await run).output.data], workers.length], [[1], 2]);

  const { started } = holdRuns(fake);
  const deadly = inference.infer(ASK);
  deadly.catch(() => {});
  await started;
  die(workers[1]!);
  await wait(30);
  assert.equal(fake.log.filter((line) => line === 'run wasm').length, 4, 'it was asked again');
  die(workers[2]!);
  await assert.rejects(
    deadly,
    (error) => error instanceof UnflatError && error.code === 'io' && /stopped unexpectedly \(it crashed\)/.test(error.message),
  );
});

test('a worker that cannot be started is a clear error', async () => {
  const { inference } = setUp({ isMissing: true });
  await assert.rejects(inference.models(), {
    code: 'io',
    message: /could not be started\. Check the connection and reload the page\. \(not found\)/,
  });
});

test('used-up memory brings a new worker; what waits is not lost', async () => {
  const { inference, fake, workers } = setUp();
  fake.behaviour.wasm = { open: () => Promise.reject(new Error('std::bad_alloc')) };
  const first = inference.infer(ASK);
  await assert.rejects(first, { code: 'out-of-memory' });
  fake.behaviour.wasm = {};
  assert.deepEqual([...(await inference.infer(ASK)).output.data], [1]);
  assert.equal(workers.length, 2);
});

test('an idle worker goes, and comes again', async () => {
  const { inference, workers } = setUp({ idleMs: 30 });
  await inference.infer(ASK);
  await wait(100);
  assert.ok(workers[0]!.isStopped);
  assert.deepEqual([...(await inference.infer(ASK)).output.data], [1]);
  assert.equal(workers.length, 2);
});

test('an idle worker stays while it holds models that nothing else keeps', async () => {
  const { inference, workers, source } = setUp({ idleMs: 30 });
  const list = source.list.bind(source);
  source.list = async () => (await list()).map((info) => ({ ...info, isPassing: true }));
  await inference.infer(ASK);
  await wait(150);
  assert.equal(workers[0]!.isStopped, false);
});

test('another thread shares the sessions through its port, with phases, cancel and errors', async () => {
  const { inference, fake, source } = setUp();
  await inference.infer(ASK);
  const client = new InferenceClient(inference.connect());
  cleanups.push(() => client.dispose());
  const phases: string[] = [];
  assert.deepEqual([...(await client.infer(ASK, undefined, (phase) => phases.push(phase))).output.data], [1]);
  assert.deepEqual([phases, source.reads, (await client.models()).length], [['run'], 1, 1]);
  await assert.rejects(client.infer({ ...ASK, model: 'nobody' }), { code: 'no-model' });
  const { started, release } = holdRuns(fake);
  const controller = new AbortController();
  const run = client.infer(ASK, controller.signal);
  await started;
  controller.abort(new Error('mine'));
  await assert.rejects(run, { message: 'mine' });
  release();
});

test('when the other thread is stopped, what ran for it is cancelled', async () => {
  const { inference, fake } = setUp();
  const ended = new AbortController();
  const client = new InferenceClient(inference.connect(ended.signal));
  cleanups.push(() => client.dispose());
  const { started, release } = holdRuns(fake);
  void client.infer(ASK).catch(() => {});
  void client.infer(ASK).catch(() => {});
  await started;
  ended.abort();
  await wait(30);
  release();
  await inference.infer(ASK);
  assert.equal(fake.log.filter((line) => line === 'run wasm').length, 2, 'the second of its runs never began');
});

test('listeners hear when models change, until they are let go', async () => {
  const { inference } = setUp();
  let changes = 0;
  const stop = inference.onChange(() => changes++);
  await inference.remove('model');
  assert.equal(changes, 1);
  await assert.rejects(inference.infer(ASK), { code: 'no-model' });
  stop();
  await inference.fetch('model');
  assert.equal(changes, 1);
});

test('disposing ends what runs, and can be done twice', async () => {
  const { inference, fake, workers } = setUp();
  const { started } = holdRuns(fake);
  const run = inference.infer(ASK);
  await started;
  inference.dispose();
  inference.dispose();
  await assert.rejects(run, { name: 'AbortError' });
  assert.ok(workers[0]!.isStopped);
});
