/**
 * Runs something once the page was in view for so long without a break: what a hidden page was refused it may get when it is shown.
 * @returns stops waiting; idempotent.
 */
export function afterInView(ms: number, run: () => void): () => void {
  const cleanup = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    cleanup.abort();
    clearTimeout(timer);
  };
  const apply = (): void => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible') return;
    timer = setTimeout(() => {
      stop();
      run();
    }, ms);
  };
  document.addEventListener('visibilitychange', apply, { signal: cleanup.signal });
  apply();
  return stop;
}
