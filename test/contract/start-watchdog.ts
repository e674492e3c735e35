import { Worker } from 'node:worker_threads';
import type { Watch } from './with-patience.ts';

/**
 * Ends the process of a test whose plugin never gives its thread back, as nothing in that thread can. Reads when that is due, in ms since the Unix epoch
 * (0 = never), and what to say.
 */
const WATCHDOG = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const due = new BigInt64Array(workerData.due);
const letters = new Uint8Array(workerData.letters);
setInterval(() => {
  const at = Number(Atomics.load(due, 0));
  if (at === 0 || Date.now() < at) return;
  writeSync(2, 'unflat/plugin-test: ' + Buffer.from(letters).toString().replace(/\\0+$/, '') + ' The tests were ended.\\n');
  process.kill(process.pid, 'SIGKILL');
}, 100);
`;
const MOST_LETTERS = 600;

let watch: Watch | undefined;

/** Watches the thread that it is called in, from a worker; the same one each time. What it does is said on stderr. */
export function startWatchdog(): Watch {
  if (watch) return watch;
  const shared = { due: new SharedArrayBuffer(8), letters: new SharedArrayBuffer(MOST_LETTERS) };
  new Worker(WATCHDOG, { eval: true, workerData: shared }).unref();
  const due = new BigInt64Array(shared.due);
  const letters = new Uint8Array(shared.letters);
  return (watch = {
    until(atMs, words) {
      const bytes = new TextEncoder().encode(words).subarray(0, MOST_LETTERS);
      letters.set(bytes);
      letters.fill(0, bytes.length);
      Atomics.store(due, 0, BigInt(Math.round(atMs)));
    },
    rest: () => void Atomics.store(due, 0, 0n),
  });
}
