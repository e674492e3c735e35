type Queue = 'convert' | 'look' | 'open';

interface Waiting {
  urgency(): number;
  begin(): void;
}

/** Who is at work in each queue, and who waits there, in the order in which they came. */
const queues = new Map<Queue, { isBusy: boolean; waiting: Waiting[] }>();

function queueOf(name: Queue): { isBusy: boolean; waiting: Waiting[] } {
  const queue = queues.get(name) ?? { isBusy: false, waiting: [] };
  queues.set(name, queue);
  return queue;
}

/** Whether somebody is at work in that queue, or waits there. */
export function isTaken(queue: Queue): boolean {
  return queueOf(queue).isBusy;
}

/**
 * Waits for its turn and runs: a page with twenty photos converts one at a time instead of starting twenty workers at once.
 * @param queue those of different queues do not wait for each other.
 * @param urgency asked of all that wait whenever a turn ends: the smallest number is next, of equal ones the first that came.
 * @throws `signal.reason` at once when cancelled while it waits.
 */
export async function inTurn<T>(signal: AbortSignal, queue: Queue, run: () => Promise<T>, urgency = (): number => 0): Promise<T> {
  await turnOf(signal, queueOf(queue), urgency);
  try {
    signal.throwIfAborted();
    return await run();
  } finally {
    next(queueOf(queue));
  }
}

function turnOf(signal: AbortSignal, queue: { isBusy: boolean; waiting: Waiting[] }, urgency: () => number): Promise<void> {
  if (!queue.isBusy) {
    queue.isBusy = true;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      queue.waiting = queue.waiting.filter((each) => each !== own);
      reject(signal.reason);
    };
    const begin = (): void => {
      signal.removeEventListener('abort', cancel);
      resolve();
    };
    const own: Waiting = { urgency, begin };
    if (signal.aborted) return cancel();
    queue.waiting.push(own);
    signal.addEventListener('abort', cancel, { once: true });
  });
}

function next(queue: { isBusy: boolean; waiting: Waiting[] }): void {
  let best: Waiting | undefined;
  let least = Infinity;
  for (const each of queue.waiting) {
    const urgency = each.urgency();
    if (best !== undefined && !(urgency < least)) continue;
    best = each;
    least = urgency;
  }
  queue.isBusy = best !== undefined;
  queue.waiting = queue.waiting.filter((each) => each !== best);
  best?.begin();
}
