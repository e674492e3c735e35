import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastValue } from '../../../src/pipeline/last-value.ts';

/** Something that is made when one says so. */
function slow<T>(value: T) {
  let finish = (): void => {};
  let fail: (reason: unknown) => void = () => {};
  const made = new Promise<T>((resolve, reject) => {
    finish = () => resolve(value);
    fail = reject;
  });
  made.catch(() => {});
  let times = 0;
  return { make: () => (times++, made), finish: () => finish(), fail: (reason: unknown) => fail(reason), times: () => times };
}

test('what two runs want at the same time is made once', async () => {
  const last = new LastValue<string>();
  const first = slow('depth');
  const second = slow('other');
  const both = [last.get('key', first.make), last.get('key', second.make)];
  first.finish();
  assert.deepEqual(await Promise.all(both), ['depth', 'depth']);
  assert.deepEqual([first.times(), second.times()], [1, 0]);
});

test('who waited makes it itself when the other run is cancelled', async () => {
  const last = new LastValue<string>();
  const first = slow('depth');
  const second = slow('again');
  const cancelled = last.get('key', first.make);
  const waiting = last.get('key', second.make);
  first.fail(new DOMException('Cancelled.', 'AbortError'));
  second.finish();
  await assert.rejects(cancelled, { name: 'AbortError' });
  assert.equal(await waiting, 'again');
});

test('waiting ends with the reason of the one who waits, and the other run goes on', async () => {
  const last = new LastValue<string>();
  const first = slow('depth');
  const stop = new AbortController();
  const running = last.get('key', first.make);
  const waiting = last.get('key', first.make, stop.signal);
  const reason = new DOMException('A newer preview was asked for.', 'AbortError');
  stop.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  first.finish();
  assert.equal(await running, 'depth');
});

test('another key does not wait, and the last one made is remembered', async () => {
  const last = new LastValue<string>();
  const first = slow('a');
  const a = last.get('a', first.make);
  assert.equal(await last.get('b', async () => 'b'), 'b');
  first.finish();
  assert.equal(await a, 'a');
  assert.equal(await last.get('a', async () => 'made anew'), 'a');
});
