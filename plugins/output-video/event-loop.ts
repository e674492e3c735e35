/**
 * Lets the page handle input and paint between two frames. Timers will not do: browsers slow
 * them to one a second in a tab that is out of sight, where a long export often runs.
 */
export class EventLoop {
  readonly #channel = new MessageChannel();
  #resume: (() => void) | undefined;

  constructor() {
    this.#channel.port1.onmessage = () => this.#resume?.();
  }

  /** Resolves in a task of its own. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#channel.port2.postMessage(undefined);
    });
  }

  dispose(): void {
    this.#channel.port1.close();
  }
}
