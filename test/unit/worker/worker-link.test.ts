import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerCalls,
  WorkerLink,
  type AnswerHooks,
  type ToWorker,
  type WorkerLike,
  type WorkerScope,
  type WorkerStart,
} from '../../../src/worker/index.ts';

type Call = { add: number[] } | { hang: true };
type Note = { seen: number };
interface Start {
  offset: number;
}

/** A worker in this thread that adds numbers up to an offset it is told at its start, and notes each of them. */
function adder(answered: Call[]): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  const scope: WorkerScope = { onmessage: null, postMessage: (message, transfer) => port2.postMessage(message, transfer) };
  let offset = NaN;
  const calls = answerCalls<Call, Note>(scope, async (call, { signal, notify }: AnswerHooks<Note>) => {
    answered.push(call);
    if ('hang' in call) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    for (const seen of call.add) notify({ seen });
    return { value: call.add.reduce((sum, value) => sum + value, offset) };
  });
  port2.onmessage = ({ data }: MessageEvent<ToWorker<Call, Start>>) => {
    if (data.type === 'start') offset = data.start.offset;
    else void calls.receive(data);
  };
  scope.postMessage({ type: 'ready' }, []);
  const worker: WorkerLike = {
    onmessage: null,
    onerror: null,
    postMessage: (message, transfer = []) => port1.postMessage(message, transfer),
    terminate: () => (port1.close(), port2.close()),
  };
  port1.onmessage = (event) => worker.onmessage?.(event);
  return worker;
}

function setUp(start: () => WorkerStart<Start> | Promise<WorkerStart<Start>>, attempts = 2) {
  const workers: WorkerLike[] = [];
  const answered: Call[] = [];
  const link = new WorkerLink<Call, Note, Start>({
    createWorker: () => (workers.push(adder(answered)), workers.at(-1)!),
    start,
    onEvent: () => {},
    task: 'adds',
    advice: 'Try again.',
    attempts,
    patienceMs: () => Infinity,
  });
  return { link, workers, answered };
}
const die = (worker: WorkerLike): void => worker.onerror?.({ message: 'crash', preventDefault() {} } as ErrorEvent);

test('calls wait for a start that takes its time, and notes come before the answer', async (t) => {
  let begin: (start: WorkerStart<Start>) => void = () => {};
  const { link, answered } = setUp(() => new Promise((resolve) => (begin = resolve)));
  t.after(() => link.dispose(new Error('over')));
  const seen: number[] = [];
  const sum = link.request<number>(() => ({ add: [1, 2] }), { onNote: (note) => seen.push(note.seen) });
  const controller = new AbortController();
  const unwanted = link.request(() => ({ add: [9] }), { signal: controller.signal });
  controller.abort(new Error('no more'));
  await assert.rejects(unwanted, /no more/);
  begin({ start: { offset: 100 } });
  assert.equal(await sum, 103);
  assert.deepEqual([seen, answered], [[1, 2], [{ add: [1, 2] }]], 'what was given up before the start is never sent');
});

test('a call is made anew for each worker, and given up after as many deaths as are allowed', async (t) => {
  let start = 0;
  const { link, workers, answered } = setUp(() => ({ start: { offset: start++ } }));
  t.after(() => link.dispose(new Error('over')));
  let composed = 0;
  const call = link.request(() => (composed++, { hang: true as const }));
  assert.equal(await link.request(() => ({ add: [1] })), 1);
  die(workers[0]!);
  assert.equal(await link.request(() => ({ add: [1] })), 2, 'the second worker was told its own start');
  die(workers[1]!);
  await assert.rejects(call, { code: 'io', message: 'The part that adds stopped unexpectedly (crash). Try again.' });
  assert.deepEqual([composed, answered.filter((one) => 'hang' in one).length, workers.length, link.generation > 1], [2, 2, 2, true]);
  assert.equal(await link.request(() => ({ add: [1] })), 3);
});

test('a start that fails is the answer of what waited for it', async () => {
  const { link } = setUp(() => Promise.reject(new Error('no list of models')));
  await assert.rejects(
    link.request(() => ({ add: [1] })),
    { code: 'io', message: /could not be started\. .*\(Error: no list of models\)/ },
  );
});
