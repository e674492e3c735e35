import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ThreadsError } from '../../../src/inference/runtime.ts';
import { withThreads } from '../../../src/inference/with-threads.ts';

/** A thread that answers what it is asked when the test says so. */
class FakeThread extends EventTarget {
  static made: FakeThread[] = [];
  readonly asked: unknown[] = [];

  constructor() {
    super();
    FakeThread.made.push(this);
  }

  postMessage(message: unknown): void {
    this.asked.push(message);
  }

  answer(): void {
    this.dispatchEvent(new Event('message'));
  }
}

const scope = globalThis as { Worker?: unknown };
const before = scope.Worker;
beforeEach(() => {
  FakeThread.made = [];
  scope.Worker = FakeThread;
  mock.timers.enable({ apis: ['setInterval'] });
});
afterEach(() => {
  mock.timers.reset();
  scope.Worker = before;
});

/** As the runtime starts: threads are made, loading and compiling goes on beside that, then all are given what they run and waited for. */
function begin(threads: number): { load(): void; result: Promise<string> } {
  let loaded = (): void => {};
  const isLoaded = new Promise<void>((resolve) => (loaded = resolve));
  const result = withThreads(async () => {
    const made = Array.from({ length: threads }, () => new Worker('thread.mjs'));
    await isLoaded;
    await Promise.all(
      made.map((thread) => new Promise((resolve) => (thread.addEventListener('message', resolve), thread.postMessage('load')))),
    );
    return 'session';
  });
  return { load: loaded, result };
}

/** Lets promises settle between the ticks. */
async function seconds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resume) => setImmediate(resume));
    mock.timers.tick(1000);
  }
  await new Promise((resume) => setImmediate(resume));
}

async function isOpen(result: Promise<unknown>): Promise<boolean> {
  return (
    (await Promise.race([
      result.then(
        () => 'over',
        () => 'over',
      ),
      new Promise((resume) => setImmediate(resume, 'open')),
    ])) === 'open'
  );
}

test('threads that answer give the session, and everything is as it was before', async () => {
  const { load, result } = begin(3);
  load();
  await seconds(1);
  assert.deepEqual(
    FakeThread.made.map(({ asked }) => asked),
    [['load'], ['load'], ['load']],
    'what they are asked gets through',
  );
  for (const thread of FakeThread.made) thread.answer();
  assert.equal(await result, 'session');
  assert.equal(scope.Worker, FakeThread);
});

test('threads that never answer are given up, also where others did', async () => {
  const { load, result } = begin(3);
  load();
  await seconds(20);
  FakeThread.made[1]!.answer();
  await seconds(29);
  assert.ok(await isOpen(result), 'each answer begins the wait anew');
  await seconds(1);
  await assert.rejects(result, ThreadsError);
  assert.equal(scope.Worker, FakeThread);
});

test('it says every second that it is there, from before the first thread is made until the last has answered', async () => {
  const told: [boolean, number][] = [];
  let loaded = (): void => {};
  const isLoaded = new Promise<void>((resolve) => (loaded = resolve));
  const result = withThreads(
    async () => {
      const made = [1, 2].map(() => new Worker('thread.mjs'));
      await isLoaded;
      for (const thread of made) thread.postMessage('load');
      await new Promise(() => {});
    },
    (isStarting) => told.push([isStarting, FakeThread.made.length]),
  );
  assert.deepEqual(told.splice(0), [[true, 0]], 'a thread that is made may already hang');
  await seconds(3);
  assert.deepEqual(told.splice(0), Array(3).fill([true, 2]));
  loaded();
  await seconds(1);
  FakeThread.made[0]!.answer();
  await seconds(1);
  assert.deepEqual(told.splice(0), Array(2).fill([true, 2]), 'one thread is still waited for');
  FakeThread.made[1]!.answer();
  assert.deepEqual(told.splice(0), [[false, 2]]);
  await seconds(40);
  assert.ok(await isOpen(result));
  assert.deepEqual(told, [], 'a session is made in silence');
});

test('a slow machine is not hurried: loading may take any time, and threads may take as long as that', async () => {
  const { load, result } = begin(2);
  await seconds(300);
  assert.ok(await isOpen(result), 'what threads run is still being loaded');
  load();
  await seconds(299);
  assert.ok(await isOpen(result));
  FakeThread.made[0]!.answer();
  await seconds(250);
  FakeThread.made[1]!.answer();
  assert.equal(await result, 'session');
});

test('once all threads have answered a session may take any time', async () => {
  let finish = (): void => {};
  const result = withThreads(async () => {
    const thread = new Worker('thread.mjs');
    thread.postMessage('load');
    await new Promise((resolve) => thread.addEventListener('message', resolve));
    await new Promise<void>((resolve) => (finish = resolve));
    return 'session';
  });
  await seconds(1);
  FakeThread.made[0]!.answer();
  await seconds(600);
  assert.ok(await isOpen(result));
  finish();
  assert.equal(await result, 'session');
});

test('a thread whose script is kept out is told at once', async () => {
  const { result } = begin(2);
  await seconds(1);
  FakeThread.made[0]!.dispatchEvent(new Event('error'));
  await assert.rejects(result, ThreadsError);
});
