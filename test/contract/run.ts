import assert from 'node:assert/strict';
import type { OptionSpec, OptionValues } from '../../src/plugin-api/index.ts';
import { hostContext, type TestContext } from './host-context.ts';

/** The part of node:test's context that the suite needs. */
export interface Tester {
  test(name: string, work: () => void | Promise<void>): Promise<void>;
  diagnostic(message: string): void;
}

/** One method of a plugin, called with fresh input. */
export type Call<T> = (options: OptionValues, context: TestContext) => Promise<T>;

/** Runs something while every fetch fails loudly. */
export async function withoutNetwork(work: () => Promise<void>): Promise<void> {
  const original = globalThis.fetch;
  globalThis.fetch = (address) => {
    throw new assert.AssertionError({
      message: `a plugin may fetch nothing by itself, but asked for ${address instanceof Request ? address.url : String(address)}`,
    });
  };
  try {
    await work();
  } finally {
    globalThis.fetch = original;
  }
}

/** Progress lies in 0..1 and never goes backwards. */
export function checkProgress({ fractions }: TestContext): void {
  fractions.forEach((fraction, i) => {
    assert.ok(fraction >= 0 && fraction <= 1, `progress(${fraction}) must lie in 0..1`);
    assert.ok(fraction >= (fractions[i - 1] ?? 0), `progress went backwards, from ${fractions[i - 1]} to ${fraction}`);
  });
}

/** A signal that is aborted, already or at the first sign of progress, rejects with its own reason and no other. */
export async function checkAbort(
  call: Call<unknown>,
  options: OptionValues,
  contextFor: (signal: AbortSignal) => TestContext = hostContext,
): Promise<void> {
  const before = new AbortController();
  const reason = new Error('cancelled by the contract suite');
  before.abort(reason);
  await rejectsWith(call(options, contextFor(before.signal)), reason, 'a signal that is aborted already');

  const during = new AbortController();
  const context = contextFor(during.signal);
  const progress = context.progress;
  context.progress = (fraction) => {
    progress(fraction);
    if (fraction < 1) during.abort(reason);
  };
  const run = call(options, context);
  await run.catch(() => undefined);
  // Work that was over before it said anything could not be cancelled.
  if (during.signal.aborted)
    await rejectsWith(run, reason, 'a signal aborted while the plugin calls progress (look at it after each call)');
}

async function rejectsWith(run: Promise<unknown>, reason: Error, when: string): Promise<void> {
  const outcome = await run.then(
    () => 'a result',
    (error: unknown) => error,
  );
  assert.equal(outcome, reason, `${when} must reject with signal.reason itself`);
}

/** Whether it is an error for people; strangers' bundles have a class of their own, so names count. */
export function isForPeople(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'UnflatError' && 'code' in error && typeof error.code === 'string' && error.message.length > 15
  );
}

/** Each option in turn at its ends, or at each of its choices, all others at their defaults. */
export function* variations(specs: readonly OptionSpec[], defaults: OptionValues): Generator<OptionValues> {
  for (const spec of specs) {
    const values = endsOf(spec);
    for (const value of values) if (value !== spec.default) yield { ...defaults, [spec.id]: value };
  }
}

function endsOf(spec: OptionSpec): (number | boolean | string)[] {
  if (spec.type === 'boolean') return [true, false];
  if (spec.type === 'choice') return spec.choices.map(({ value }) => value);
  // Whatever a person may write.
  if (spec.type === 'text') return ['', '</script> & "quoted" \u2028', 'x'.repeat(spec.maxLength ?? 1000)];
  if (spec.type === 'path') return ['', '{"unflatPath":1,"keys":[{"at":0,"x":-1},{"at":1,"x":1,"z":1,"zoom":2}]}'];
  return spec.type === 'colour' ? ['#000000', '#ffffff'] : [spec.min, spec.max];
}
