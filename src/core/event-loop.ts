/**
 * Lets a thread handle its messages, input and drawing between two pieces of work. Timers will not do: browsers slow them to
 * one a second in a tab that is out of sight, where a long export often runs, and to one in 4 ms where one follows another.
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

  /** Call it when the work is done: in Node an open one keeps the process running. */
  dispose(): void {
    this.#channel.port1.close();
  }
}
