import { UnflatError, type Scene } from '../core/index.ts';
import type { ConvertInput, ConvertReport, Converter, ConvertSettings } from '../pipeline/index.ts';
import { chooseFiles } from './files/choose.ts';
import { isAbort, type Messages } from './messages.ts';
import { conversionFraction, stageWords } from './progress-words.ts';
import { Watched } from './watch.ts';

/** Settings that belong to one photo, not to the app. */
export type PhotoSettings = Pick<Partial<ConvertSettings>, 'smoothing' | 'depthOptions'>;

/** A photo that lies on the desk: what it was made from and what it became. */
export interface OpenPhoto {
  title: string;
  input: ConvertInput;
  settings: PhotoSettings;
  scene: Scene;
  report: ConvertReport;
}

/** A conversion on its way. */
export interface Run {
  title: string;
  /** Plain words for what is happening. */
  words: string;
  /** 0..1 of the whole conversion. */
  fraction: number;
  /** The photo that is already open is being made again, with other settings. */
  again: boolean;
}

/** A photo without depth, waiting for its map. */
export interface Waiting {
  photo: File;
  title: string;
}

/** What is open, what runs, what is asked for. The last photo wins, and the open one stays until the next is ready. */
export class Desk extends Watched {
  open: OpenPhoto | undefined;
  run: Run | undefined;
  waiting: Waiting | undefined;
  /** Settings of the app that every conversion takes. */
  baseSettings: Partial<ConvertSettings> = {};
  readonly converter: Converter;
  readonly #messages: Messages;
  #controller: AbortController | undefined;
  /** Counts what the person asked for. */
  #wishes = 0;

  constructor(converter: Converter, messages: Messages) {
    super();
    this.converter = converter;
    this.#messages = messages;
  }

  /** Nothing was asked for yet. */
  get isUntouched(): boolean {
    return this.#wishes === 0;
  }

  /** Takes what a person dropped, picked, pasted or shared. */
  async openFiles(files: readonly File[]): Promise<void> {
    if (!files.length) return;
    const about = files[0]?.name ?? 'Your files';
    const input = await this.#latest(about, () => chooseFiles(files, this.waiting?.photo));
    if (input) await this.#convert({ title: input.photo.name, input, settings: {} }, this.#takeOver());
  }

  /** Opens a photo whose files are known: a sample, or one opened before. */
  async openInput(title: string, load: () => Promise<ConvertInput>, settings: PhotoSettings = {}): Promise<void> {
    const input = await this.#latest(title, load);
    if (input) await this.#convert({ title, input, settings }, this.#takeOver());
  }

  /** Gives the open photo, or the one that waits, this depth map. */
  async useMap(map: File): Promise<void> {
    const photo = this.waiting?.photo ?? this.open?.input.photo;
    if (!photo) return;
    const title = this.waiting?.title ?? this.open?.title ?? photo.name;
    await this.#convert({ title, input: { photo, map }, settings: {} }, this.#takeOver());
  }

  /** Makes the open photo again with other settings. */
  async adjust(settings: PhotoSettings): Promise<void> {
    if (!this.open) return;
    const { title, input } = this.open;
    this.open = { ...this.open, settings };
    await this.#convert({ title, input, settings }, this.#takeOver(), true);
  }

  cancel(): void {
    this.#controller?.abort(new DOMException('Cancelled.', 'AbortError'));
    this.run = undefined;
    this.changed();
  }

  /** Leaves the photo without depth aside. */
  stopWaiting(): void {
    this.waiting = undefined;
    this.changed();
  }

  /** What to open, unless something else was asked for meanwhile. A failure here leaves the conversion under way alone. */
  async #latest<T>(about: string, load: () => Promise<T>): Promise<T | undefined> {
    const wish = ++this.#wishes;
    try {
      const loaded = await load();
      return wish === this.#wishes ? loaded : undefined;
    } catch (error) {
      this.#messages.fail(error, about);
      return undefined;
    }
  }

  #takeOver(): AbortController {
    this.#wishes++;
    this.#controller?.abort(new DOMException('Another photo was opened.', 'AbortError'));
    this.#controller = new AbortController();
    return this.#controller;
  }

  async #convert(photo: Omit<OpenPhoto, 'scene' | 'report'>, controller: AbortController, again = false): Promise<void> {
    const { signal } = controller;
    const { title, input, settings } = photo;
    this.run = { title, words: 'Getting ready', fraction: 0, again };
    this.changed();
    try {
      const result = await this.converter.convert(
        input,
        { ...this.baseSettings, ...settings },
        {
          signal,
          onProgress: (progress) => {
            if (signal.aborted) return;
            this.run = { title, words: stageWords(progress), fraction: conversionFraction(progress), again };
            this.changed();
          },
        },
      );
      // Taking the scene out of the message was one task; showing it is another.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return;
      this.open = { ...photo, ...result };
      this.waiting = undefined;
      this.#messages.clear('error');
      for (const warning of result.report.warnings) this.#messages.tell('warning', warning, { lastsMs: 12_000 });
      this.dispatchEvent(new Event('opened'));
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (error instanceof UnflatError && error.code === 'no-depth' && !input.map && input.photo instanceof File) {
        this.waiting = { photo: input.photo, title };
      } else {
        this.#messages.fail(error, title);
      }
    } finally {
      if (this.#controller === controller) {
        this.run = undefined;
        this.changed();
      }
    }
  }
}
