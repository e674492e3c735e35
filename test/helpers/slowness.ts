/** What it takes to fill 100 MB of fresh memory on a common machine: an assumption, about 1.7 GB/s. */
const USUAL_MS = 60;

/**
 * How many times slower than usual this machine hands out memory now, at least 1: virtual machines that give memory back to their host
 * can be ten times slower, whatever the code does. Bounds in milliseconds are multiplied by it.
 */
export function slowness(): number {
  const times = [1, 2, 3].map((value) => {
    const start = performance.now();
    Buffer.alloc(100e6, value);
    return performance.now() - start;
  });
  return Math.max(1, Math.min(...times) / USUAL_MS);
}
