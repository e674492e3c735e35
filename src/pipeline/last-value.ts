/** Remembers the last result of a stage under the key of what it was made from. */
export class LastValue<T> {
  #key: string | undefined;
  #value: T | undefined;

  /** The remembered value, or a new one, which takes its place; a failure changes nothing. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#key === key) return this.#value as T;
    const value = await make();
    this.#key = key;
    this.#value = value;
    return value;
  }
}
