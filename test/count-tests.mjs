// @ts-check
/** A reporter for Node's test runner: at its end one JSON object, how the tests of each file came out, by the file's path. */
import { relative } from 'node:path';

/**
 * @typedef {'tests' | 'pass' | 'fail' | 'cancelled' | 'skipped' | 'todo'} Outcome
 * @typedef {Record<Outcome, number>} Counts
 * @typedef {{ type: string, data: { file?: string, skip?: unknown, todo?: unknown, details?: { type?: string, error?: { failureType?: string } } } }} TestEvent
 */

/** What the runner itself counts as cancelled. */
const CANCELLED = ['cancelledByParent', 'testAborted', 'testTimeoutFailure'];

/** @type {() => Counts} */
export const noCounts = () => ({ tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 });

/** @type {(event: TestEvent) => Outcome} */
function outcomeOf({ type, data: { skip, todo, details } }) {
  if (skip !== undefined && skip !== false) return 'skipped';
  if (todo !== undefined && todo !== false) return 'todo';
  if (type === 'test:pass') return 'pass';
  return CANCELLED.includes(details?.error?.failureType ?? '') ? 'cancelled' : 'fail';
}

/** @param {AsyncIterable<TestEvent>} events */
export default async function* countTests(events) {
  /** @type {Record<string, Counts>} */
  const files = {};
  for await (const event of events) {
    if ((event.type !== 'test:pass' && event.type !== 'test:fail') || event.data.details?.type === 'suite') continue;
    const counts = (files[relative(process.cwd(), event.data.file ?? '').replaceAll('\\', '/')] ??= noCounts());
    counts.tests++;
    counts[outcomeOf(event)]++;
  }
  yield JSON.stringify(files);
}
