/** Messages out of a sandbox as a hostile plugin would write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
