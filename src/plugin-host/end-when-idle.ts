import type { SandboxCalls } from './sandbox-calls.ts';

/** A sandbox that nothing is asked of for so long is taken away, in ms. */
const IDLE_MS = 20_000;

/** Ends a sandbox once nothing was asked of it for a while; what is at work stays, however long it takes. */
export function endWhenIdle(calls: SandboxCalls): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  calls.onIdle = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (calls.isIdle) calls.stop();
    }, IDLE_MS);
  };
}
