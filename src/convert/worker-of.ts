/** Starts a worker from its program's text, a plain script. */
export function workerOf(text: string, name: string): Worker {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(url, { name });
  } finally {
    // The worker has fetched it by then or is about to; a moment later nobody needs it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
