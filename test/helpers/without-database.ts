/** Runs something in a browser that grants no storage, as some private windows. */
export async function withoutDatabase(work: () => Promise<void>): Promise<void> {
  const real = globalThis.indexedDB;
  const value = {
    open: () => {
      throw new DOMException('no', 'SecurityError');
    },
  };
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value });
  try {
    await work();
  } finally {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: real });
  }
}
