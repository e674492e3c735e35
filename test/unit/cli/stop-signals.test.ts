import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StopSignals } from '../../../src/cli/stop-signals.ts';

test('a signal that comes again on the way out ends nothing; without a stop nothing stays caught', async () => {
  const count = (): number => process.listenerCount('SIGTERM');
  const before = count();
  await new StopSignals().dispose();
  assert.equal(count(), before);
  const stop = new StopSignals();
  process.emit('SIGTERM', 'SIGTERM');
  const start = performance.now();
  await stop.dispose();
  assert.ok(performance.now() - start > 200, 'it leaves time for the second');
  assert.ok(stop.signal.aborted);
  assert.equal(count(), before + 1);
  process.emit('SIGTERM', 'SIGTERM');
  process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT').removeAllListeners('SIGHUP');
});
