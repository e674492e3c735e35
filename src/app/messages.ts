import { UnflatError } from '../core/index.ts';
import { Watched } from './watch.ts';

/** Something to tell the person, in its place until dismissed. */
export interface Message {
  id: number;
  tone: 'error' | 'warning' | 'info';
  text: string;
  /** One thing to do about it. */
  action?: { label: string; run(): void };
}

/** What the person is being told; the newest last, at most four. */
export class Messages extends Watched {
  list: readonly Message[] = [];
  #next = 1;

  /** @param lastsMs after which it goes by itself; default: it stays. */
  tell(tone: Message['tone'], text: string, options: { action?: Message['action']; lastsMs?: number } = {}): number {
    const id = this.#next++;
    // The same words twice are one message.
    const others = this.list.filter((message) => message.text !== text);
    this.list = [...others.slice(-3), { id, tone, text, ...(options.action && { action: options.action }) }];
    if (options.lastsMs) setTimeout(() => this.dismiss(id), options.lastsMs);
    this.changed();
    return id;
  }

  /** Shows a failure. A cancelled run is none. */
  fail(error: unknown, about: string): void {
    if (isAbort(error)) return;
    this.tell('error', errorText(error, about));
  }

  dismiss(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
    this.changed();
  }

  /** Takes away what is no longer true once another photo is open. */
  clear(tone: Message['tone']): void {
    this.list = this.list.filter((message) => message.tone !== tone);
    this.changed();
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** An UnflatError says all itself; anything else is our own fault, and says what it was about. */
function errorText(error: unknown, about: string): string {
  if (error instanceof UnflatError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `${about}: something went wrong (${reason}). Try again, or reload the page.`;
}
