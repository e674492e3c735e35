import { UnflatError, pluginStack } from '../core/index.ts';
import { strings } from './strings.ts';
import { Watched } from './watch.ts';

/** Something to tell the person, in its place until dismissed. */
export interface Message {
  id: number;
  tone: 'error' | 'warning' | 'info';
  text: string;
  /** Where in its file a plugin failed, for its author; not shown. */
  stack?: string;
  /** One thing to do about it. */
  action?: { label: string; run(): void };
}

/** How a message behaves. */
export interface MessageOptions {
  action?: Message['action'];
  /** Milliseconds after which it goes by itself; default: it stays. They do not run while messages are held. */
  lastsMs?: number;
  /** Called once, when the message goes, however it does. */
  onGone?(): void;
  stack?: string | undefined;
}

interface Kept {
  message: Message;
  toldAt: number;
  onGone?: (() => void) | undefined;
  leftMs?: number | undefined;
  timer?: ReturnType<typeof setTimeout> | undefined;
  since?: number;
}

const MOST = 4;

/** What the person is being told; the newest last, at most four. */
export class Messages extends Watched {
  #kept: readonly Kept[] = [];
  #next = 1;
  readonly #holds = new Set<string>();

  get list(): readonly Message[] {
    return this.#kept.map(({ message }) => message);
  }

  /** While the next picture is on its way, or a message is looked at, none goes by itself. Each `why` is held and let go on its own. */
  hold(why: string, held: boolean): void {
    if (held) this.#holds.add(why);
    else this.#holds.delete(why);
    for (const kept of this.#kept) {
      if (this.#holds.size) stop(kept);
      else this.#start(kept);
    }
  }

  /** @returns the message's id. */
  tell(tone: Message['tone'], text: string, { action, lastsMs, onGone, stack }: MessageOptions = {}): number {
    const id = this.#next++;
    const kept: Kept = {
      toldAt: Date.now(),
      message: { id, tone, text, ...(action && { action }), ...(stack !== undefined && { stack }) },
      onGone,
      leftMs: lastsMs,
    };
    // The same words twice are one message.
    this.#remove(({ message }) => message.text === text);
    const tooMany = new Set(this.#kept.slice(0, Math.max(0, this.#kept.length - MOST + 1)));
    this.#remove((each) => tooMany.has(each));
    this.#kept = [...this.#kept, kept];
    if (!this.#holds.size) this.#start(kept);
    this.changed();
    return id;
  }

  /** Shows a failure. A cancelled run is none. */
  fail(error: unknown, about: string): void {
    if (isAbort(error)) return;
    const text = errorText(error, about);
    const action = /reload (the|this) page/i.test(text) && { label: strings.app.reload, run: () => location.reload() };
    const stack = pluginStack(error);
    if (stack !== undefined) console.error(`${text}\n${stack}`);
    this.tell('error', text, { ...(action && { action }), stack });
  }

  dismiss(id: number): void {
    this.#remove(({ message }) => message.id === id);
    this.changed();
  }

  /** Takes away what is over, once it was there long enough to be read. */
  withdraw(id: number): void {
    const kept = this.#kept.find(({ message }) => message.id === id);
    if (!kept) return;
    const left = kept.toldAt + LEAST_MS - Date.now();
    if (left <= 0) this.dismiss(id);
    else setTimeout(() => this.dismiss(id), left);
  }

  /** Takes away what is no longer true once another photo is open. */
  clear(tone: Message['tone']): void {
    this.#remove(({ message }) => message.tone === tone);
    this.changed();
  }

  #remove(isMeant: (kept: Kept) => boolean): void {
    const gone = this.#kept.filter(isMeant);
    this.#kept = this.#kept.filter((kept) => !gone.includes(kept));
    for (const kept of gone) {
      stop(kept);
      kept.onGone?.();
    }
  }

  #start(kept: Kept): void {
    if (!kept.leftMs || kept.timer !== undefined) return;
    kept.since = Date.now();
    kept.timer = setTimeout(() => this.dismiss(kept.message.id), kept.leftMs);
  }
}

/** Stops its clock; what is left runs when it is started again, at least long enough to be read. */
function stop(kept: Kept): void {
  if (kept.timer === undefined) return;
  clearTimeout(kept.timer);
  kept.timer = undefined;
  kept.leftMs = Math.max(LEAST_MS, (kept.leftMs ?? 0) - (Date.now() - (kept.since ?? 0)));
}

/** A message that was waited with, or is over at once, stays at least so long. */
const LEAST_MS = 4000;

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** A part of the app that is loaded late did not come; each engine has its own words for it. */
export function isPartMissing(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|importing a module script failed/i.test(error.message);
}

/** An UnflatError says all itself; anything else is our own fault, and says what it was about. */
function errorText(error: unknown, about: string): string {
  if (error instanceof UnflatError) return error.message;
  if (isPartMissing(error)) return strings.messages.partMissing;
  const reason = error instanceof Error ? error.message : String(error);
  return strings.messages.wentWrongWith(about, reason);
}
