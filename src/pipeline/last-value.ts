/** Remembers the last result of a stage under the key of what it was made from. */
export class LastValue<T> {
  #key: string | undefined;
  #value: T | undefined;
  #making: { key: string; value: Promise<T> } | undefined;

  /** The remembered value, whatever its key. */
  get value(): T | undefined {
    return this.#value;
  }

  /**
   * The remembered value, or a new one, which takes its place; a failure changes nothing. Who asks for what another run is making
   * just now waits for that one, and makes it itself should that run be cancelled or fail.
   * @param signal ends the waiting for another run, with its reason.
   */
  async get(key: string, make: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.#key !== key) {
      const other = this.#making?.key === key ? this.#making.value : undefined;
      if (!other) return this.#make(key, make);
      await orAborted(
        other.catch(() => {}),
        signal,
      );
    }
    return this.#value as T;
  }

  async #make(key: string, make: () => Promise<T>): Promise<T> {
    const making = (this.#making = { key, value: make() });
    try {
      const value = await making.value;
      this.#key = key;
      this.#value = value;
      return value;
    } finally {
      if (this.#making === making) this.#making = undefined;
    }
  }
}

function orAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
