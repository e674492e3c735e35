import type { ConvertInput } from '../pipeline/index.ts';
import type { Desk, PhotoToOpen } from './desk.ts';
import { names, type ChosenFiles } from './files/choose-files.ts';
import type { Messages } from './messages.ts';
import type { Queued, Recent, UnmadePhoto } from './recent.ts';
import { strings } from './strings.ts';

/** How long it can be read what became of several photos. */
const TOLD_MS = 12_000;

/** What is said of the photos of one drop. */
interface Told {
  message: number;
  first: ConvertInput['photo'];
  /** What is true once the first is not being opened after all; empty where nothing is left to say. */
  withoutFirst: string;
}

/** Several photos came at once: the first is opened, all are in the list, and the person is told what became of each. */
export class Several {
  readonly #desk: Desk;
  readonly #recent: Recent;
  readonly #messages: Messages;
  #told: Told | undefined;

  constructor(desk: Desk, recent: Recent, messages: Messages) {
    this.#desk = desk;
    this.#recent = recent;
    this.#messages = messages;
    desk.addEventListener('several', (event) => void this.#take((event as CustomEvent<ChosenFiles>).detail));
    desk.addEventListener('opened', () => this.#told && this.#told.first !== desk.open?.input.photo && this.#end());
    desk.addEventListener(
      'opening',
      (event) => this.#told && this.#told.first !== (event as CustomEvent<PhotoToOpen>).detail.input.photo && this.#end(),
    );
    desk.addEventListener('cancelled', () => this.#firstIsCancelled());
  }

  /** All are in the list at once, also the first, which is being opened: that may be given up. */
  async #take({ others = [], leftOut = [], ...first }: ChosenFiles): Promise<void> {
    const all: UnmadePhoto[] = (others.length ? [first, ...others] : []).map(({ photo, map }) => ({
      title: photo.name,
      input: { photo, ...(map && { map }) },
    }));
    const queued = await this.#recent.queue(all);
    const { run, waiting, open } = this.#desk;
    const { photo } = first;
    const isFirst = [run?.photo, waiting?.photo, open?.input.photo].includes(photo);
    const { words, isBad } = report(all, queued, leftOut, isFirst ? photo : undefined);
    if (!words) return;
    const message = this.#messages.tell(isBad ? 'warning' : 'info', words, { lastsMs: TOLD_MS });
    this.#told = { message, first: photo, withoutFirst: report(all, queued, leftOut, undefined).words };
  }

  /** What was said to be opened first is not. */
  #firstIsCancelled(): void {
    const { open } = this.#desk;
    const told = this.#told;
    if (!told || open?.input.photo === told.first) return;
    this.#end();
    if (told.withoutFirst) this.#messages.tell('info', told.withoutFirst, { lastsMs: TOLD_MS });
  }

  #end(): void {
    if (this.#told) this.#messages.dismiss(this.#told.message);
    this.#told = undefined;
  }
}

/** @param first the photo that is being opened; that it cannot be read is said where it is opened. */
function report(
  all: readonly UnmadePhoto[],
  { kept, unreadable }: Queued,
  leftOut: readonly File[],
  first: ConvertInput['photo'] | undefined,
): { words: string; isBad: boolean } {
  const isOther = ({ input }: UnmadePhoto): boolean => input.photo !== first;
  const broken = unreadable.filter(isOther);
  const opens = first !== undefined && unreadable.every(isOther);
  const count = all.length - unreadable.length - (opens ? 1 : 0);
  const keptCount = kept.filter(isOther).length;
  const words: string[] = [];
  if (opens && all.length) words.push(strings.photos.openedFirst(first.name));
  if (count > 0) words.push(keptWords(keptCount, count, first !== undefined));
  if (broken.length) words.push(strings.photos.unreadable(names(broken.map(({ input }) => input.photo)), broken.length));
  if (leftOut.length) words.push(strings.photos.leftOut(names(leftOut), leftOut.length));
  return { words: words.join(' '), isBad: leftOut.length > 0 || broken.length > 0 || keptCount < count };
}

/** Where the photos of a drop are. */
function keptWords(kept: number, count: number, isBesidesOpen: boolean): string {
  if (kept === count) return strings.photos.kept(count, isBesidesOpen);
  return kept ? strings.photos.keptSome(kept, count, isBesidesOpen) : strings.photos.keptNone(isBesidesOpen);
}
