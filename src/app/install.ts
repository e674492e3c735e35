import { Watched } from './watch.ts';

/** What browsers that can install apps hand to a page. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Whether this browser offers to install the app, and the way to do it. */
export class Install extends Watched {
  #event: InstallEvent | undefined;
  readonly #done = new AbortController();

  constructor(target: EventTarget = window) {
    super();
    const { signal } = this.#done;
    target.addEventListener(
      'beforeinstallprompt',
      (event) => {
        // The browser's own banner would come at a moment that nobody chose.
        event.preventDefault();
        this.#set(event as InstallEvent);
      },
      { signal },
    );
    target.addEventListener('appinstalled', () => this.#set(undefined), { signal });
  }

  get isOffered(): boolean {
    return this.#event !== undefined;
  }

  /** Asks, in the browser's own words; call it in a tap. An offer can be used once. */
  async ask(): Promise<void> {
    const event = this.#event;
    if (!event) return;
    this.#set(undefined);
    await event.prompt();
  }

  dispose(): void {
    this.#done.abort();
  }

  #set(event: InstallEvent | undefined): void {
    this.#event = event;
    this.changed();
  }
}

/** On iPhones and iPads the person installs by hand. */
export function installsByHand(): boolean {
  return (navigator as { standalone?: boolean }).standalone === false;
}
