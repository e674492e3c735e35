/** Messages out of a sandbox as a hostile plugin would write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endWhenIdle } from '../../../src/plugin-host/end-when-idle.ts';
import { SandboxCalls } from '../../../src/plugin-host/sandbox-calls.ts';

/** Calls into a sandbox that sends what it likes. */
function hostile(messages?: number): { calls: SandboxCalls; send(data: unknown): void; ended: () => boolean } {
  const port = { onmessage: null as ((event: { data: unknown }) => void) | null, onmessageerror: null, postMessage() {}, close() {} };
  let isEnded = false;
  const calls = new SandboxCalls({
    port: port as unknown as MessagePort,
    id: 'depth-mine',
    label: 'Mine',
    end: () => (isEnded = true),
    ...(messages !== undefined && { budget: { messages } }),
  });
  return { calls, send: (data) => port.onmessage?.({ data }), ended: () => isEnded };
}

test('what is no number is not made one: the plugin is stopped and named, and nothing of its own runs here', async () => {
  const long: unknown[] = [];
  long.length = 2 ** 28;
  for (const id of [{ toString: 1, valueOf: 1 }, long, [[1]], '1', undefined, null, Symbol('1')]) {
    const { calls, send, ended } = hostile();
    send({ type: 'ready' });
    send({ type: 'progress', id });
    assert.ok(ended());
    await assert.rejects(
      calls.call({ method: 'describe', input: {} }),
      /The plugin “Mine” \(depth-mine\) sent something that is no message/,
    );
  }
});

test('messages that belong to no call are counted, too', async () => {
  for (const stray of [{ type: 'warn', id: 999, message: 'x' }, { type: 'ready' }]) {
    const { calls, send, ended } = hostile(100);
    send({ type: 'ready' });
    for (let i = 0; i < 99; i++) send(stray);
    assert.ok(!ended());
    send(stray);
    assert.ok(ended());
    await assert.rejects(calls.call({ method: 'describe', input: {} }), /sent too many messages/);
  }
});

test('a message that cannot be looked at stops the plugin and not the host', () => {
  const { send, ended } = hostile();
  send(
    Object.defineProperty({}, 'type', {
      get() {
        throw new Error('boo');
      },
    }),
  );
  assert.ok(ended());
});

test('the pixels of a photo are sent once for all calls in a row that are about them, and stay here', async () => {
  const posted: { id: number; pixels?: unknown }[] = [];
  const port = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    postMessage: (message: { id: number }) => void posted.push(message),
    close() {},
  };
  const calls = new SandboxCalls({ port: port as unknown as MessagePort, id: 'depth-mine', label: 'Mine', end() {} });
  port.onmessage!({ data: { type: 'ready' } });
  const [one, other] = [new Uint8ClampedArray([1, 2, 3, 4]), new Uint8ClampedArray([5, 6, 7, 8])];
  for (const pixels of [one, one, other, other, one, undefined, one]) {
    const call = calls.call({ method: 'estimate', input: {}, ...(pixels && { pixels }) });
    await new Promise((done) => setTimeout(done));
    port.onmessage!({ data: { type: 'result', id: posted.at(-1)!.id } });
    await call;
  }
  assert.deepEqual(
    posted.map(({ pixels }) => pixels),
    [one, 'kept', other, 'kept', one, undefined, 'kept'],
  );
  assert.notEqual(posted[0]!.pixels, one, 'a copy goes');
  assert.deepEqual([one.length, other.length], [4, 4]);
});

test('a sandbox ends 20 s after its last call, and never in the middle of one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { calls, send, ended } = hostile();
  endWhenIdle(calls);
  send({ type: 'ready' });
  let id = 0;
  const start = async (): Promise<() => Promise<void>> => {
    const call = calls.call({ method: 'estimate', input: {} });
    for (let i = 0; i < 10; i++) await Promise.resolve();
    const number = ++id;
    return async () => {
      send({ type: 'result', id: number });
      await call;
    };
  };
  await (
    await start()
  )();
  t.mock.timers.tick(19_000);
  const end = await start();
  t.mock.timers.tick(19_000);
  assert.ok(!ended(), 'it was ended at its work');
  await end();
  t.mock.timers.tick(19_000);
  assert.ok(!ended());
  t.mock.timers.tick(1000);
  assert.ok(ended());
});
