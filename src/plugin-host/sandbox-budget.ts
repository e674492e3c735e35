/** What a plugin in its sandbox may take; what goes over is stopped. */
export interface SandboxBudget {
  /** Milliseconds for starting and for describing itself. */
  startMs: number;
  /** Milliseconds for which it may work without saying anything: progress, a question, a result. */
  silentMs: number;
  /** Milliseconds that one call may take in all. */
  callMs: number;
  /** Milliseconds in which a cancelled call has to end. */
  abortMs: number;
  /** Messages that one call may send. */
  messages: number;
}

/** Chosen generously: a plugin that works is never stopped by them on a slow device, and one that hangs is within half a minute. */
export const SANDBOX_BUDGET: SandboxBudget = { startMs: 15_000, silentMs: 30_000, callMs: 600_000, abortMs: 3000, messages: 20_000 };
