import { UnflatError, type Progress, type Scene } from '../core/index.ts';
import type { ConvertHooks, ConvertInput, ConvertReport, ConvertResult, Converter, ConvertSettings } from '../pipeline/index.ts';
import { chooseFiles } from './files/choose.ts';
import { isAbort, type Messages } from './messages.ts';
import type { Models } from './models.ts';
import { conversionFraction, stageWords } from './progress-words.ts';
import { Watched } from './watch.ts';

/** Where a photo's depth comes from: out of its own file, from the person's map, or from a network. */
export type DepthFrom = { kind: 'inside' } | { kind: 'map' } | { kind: 'model'; model: string };

/** Settings that belong to one photo, not to the app. */
export interface PhotoSettings extends Pick<Partial<ConvertSettings>, 'smoothing' | 'depthOptions' | 'depthStrength' | 'emphasis'> {
  /** Default: what is inside the photo or its map, else the preferred network. */
  from?: DepthFrom;
}

/** A photo that lies on the desk: what it was made from and what it became. */
export interface OpenPhoto {
  title: string;
  /** Keeps its map also while the depth comes from elsewhere. */
  input: ConvertInput;
  settings: PhotoSettings;
  /** The photo's file holds depth of its own, as far as is known. */
  hasDepthInside: boolean;
  scene: Scene;
  report: ConvertReport;
}

/** What a photo is opened with. */
export type PhotoToOpen = Pick<OpenPhoto, 'title' | 'input' | 'settings'> & Partial<Pick<OpenPhoto, 'hasDepthInside'>>;

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

/** A photo without depth, waiting for a network or its map. */
export interface Waiting {
  photo: File;
  title: string;
  /** The model that it was made with before, and that is here no longer. */
  missing?: string;
  /** Why the last try did not help. */
  problem?: string;
}

/**
 * What is open, what runs, what is asked for. The last photo wins, and the open one stays until the next is ready.
 * @fires opened when a photo became a 3D photo.
 * @fires preferred when the person chose a network; `preferredModel` says which.
 */
export class Desk extends Watched {
  open: OpenPhoto | undefined;
  run: Run | undefined;
  waiting: Waiting | undefined;
  /** Settings of the app that every conversion takes. */
  baseSettings: Partial<ConvertSettings> = {};
  /** The network that the person chose last. */
  preferredModel: string | undefined;
  readonly converter: Converter;
  readonly models: Models;
  readonly #messages: Messages;
  #controller: AbortController | undefined;
  /** Counts what the person asked for. */
  #wishes = 0;

  constructor(converter: Converter, models: Models, messages: Messages) {
    super();
    this.converter = converter;
    this.models = models;
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
    if (input) await this.#convert({ title: input.photo.name, input, settings: {} });
  }

  /** Opens a photo whose files are known: a sample, or one opened before. */
  async openInput(title: string, load: () => Promise<ConvertInput>, rest: Partial<PhotoToOpen> = {}): Promise<void> {
    const input = await this.#latest(title, load);
    if (input) await this.#convert({ settings: {}, ...rest, title, input });
  }

  /** Gives the open photo, or the one that waits, this depth map. */
  async useMap(map: File): Promise<void> {
    const photo = this.waiting?.photo ?? this.open?.input.photo;
    if (!photo) return;
    const title = this.waiting?.title ?? this.open?.title ?? photo.name;
    const hasDepthInside = !this.waiting && this.open?.hasDepthInside === true;
    await this.#convert({ title, input: { photo, map }, settings: { from: { kind: 'map' } }, hasDepthInside });
  }

  /** Gives the photo that waits, or the open one, its depth by this network, and prefers it from now on. */
  async useModel(model: string): Promise<void> {
    this.preferredModel = model;
    this.dispatchEvent(new Event('preferred'));
    const { waiting, open } = this;
    const from: DepthFrom = { kind: 'model', model };
    if (waiting) await this.#convert({ title: waiting.title, input: { photo: waiting.photo }, settings: { from } });
    else if (open) await this.adjust({ ...open.settings, from });
  }

  /** Fetches a network and gives the photo that was looked at, or one that waits by then, its depth by it. */
  async fetchModel(model: string): Promise<void> {
    const looked = (): ConvertInput['photo'] | undefined => this.waiting?.photo ?? this.open?.input.photo;
    const before = looked();
    if (!(await this.models.fetch(model))) return;
    if (this.waiting || looked() === before) await this.useModel(model);
  }

  /** Makes the open photo again with other settings; the picture stays until the new one is there, or for good if that fails. */
  async adjust(settings: PhotoSettings): Promise<void> {
    const { open } = this;
    if (!open) return;
    const photo: PhotoToOpen = { title: open.title, input: open.input, hasDepthInside: open.hasDepthInside, settings };
    if (isSame(settings.from, open.settings.from)) return this.#convert(photo, true);
    const depthOptions = await this.#latest(open.title, () => this.#fitting(settings));
    if (depthOptions) await this.#convert({ ...photo, settings: { ...settings, depthOptions } }, true);
  }

  /** The settings as the converter takes them. */
  settingsFor({ from, ...settings }: PhotoSettings): Partial<ConvertSettings> {
    return { ...this.baseSettings, ...settings, depthSource: from?.kind === 'model' ? from.model : 'depth-map' };
  }

  /** Options are the source's own: of those of the last source, another one gets what it knows. Which way is near it finds out anew. */
  async #fitting({ from, depthOptions = {} }: PhotoSettings): Promise<Record<string, number | boolean | string>> {
    const id = from?.kind === 'model' ? this.models.find(from.model)?.row.plugin : 'depth-map';
    const source = (await this.converter.listPlugins('depth')).find((plugin) => plugin.id === id);
    const known = new Set(source?.options.map((option) => option.id));
    known.delete('flip');
    return Object.fromEntries(Object.entries(depthOptions).filter(([option]) => known.has(option)));
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

  async #convert(photo: PhotoToOpen, again = false): Promise<void> {
    const controller = this.#takeOver();
    const { signal } = controller;
    const { title, input } = photo;
    this.run = { title, words: 'Getting ready', fraction: 0, again };
    this.changed();
    const onProgress = (progress: Progress): void => {
      if (signal.aborted) return;
      this.run = { title, words: stageWords(progress), fraction: conversionFraction(progress), again };
      this.changed();
    };
    try {
      const { result, from } = await this.#result(photo, { signal, onProgress });
      // Taking the scene out of the message was one task; showing it is another.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return;
      const hasDepthInside = from.kind === 'inside' || photo.hasDepthInside === true;
      this.open = { title, input, settings: { ...photo.settings, from }, hasDepthInside, ...result };
      this.waiting = undefined;
      this.#messages.clear('error');
      for (const warning of result.report.warnings) this.#messages.tell('warning', warning, { lastsMs: 12_000 });
      this.dispatchEvent(new Event('opened'));
      if (from.kind === 'model') void this.models.refresh();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (this.#asks(error, photo, again)) return;
      if (this.waiting?.photo === input.photo && error instanceof UnflatError) this.waiting = { ...this.waiting, problem: error.message };
      else this.#messages.fail(error, title);
    } finally {
      if (this.#controller === controller) {
        this.run = undefined;
        this.changed();
      }
    }
  }

  /** Nothing gives this photo its depth: the person is asked. @returns whether that is what the error says. */
  #asks(error: unknown, { title, input, settings }: PhotoToOpen, again: boolean): boolean {
    if (!(error instanceof UnflatError) || !(input.photo instanceof File) || again) return false;
    const missing = error.code === 'no-model' && settings.from?.kind === 'model' ? settings.from.model : undefined;
    if (!missing && (error.code !== 'no-depth' || input.map)) return false;
    this.waiting = { photo: input.photo, title, ...(missing !== undefined && { missing }) };
    return true;
  }

  /**
   * What the photo or its map says comes before what a network guesses. The network is named here and not left
   * to `auto`, so that the same photo with the same network is kept under one key however it came to it.
   */
  async #result({ input, settings }: PhotoToOpen, hooks: ConvertHooks): Promise<{ result: ConvertResult; from: DepthFrom }> {
    const convert = async (from: DepthFrom): Promise<{ result: ConvertResult; from: DepthFrom }> => {
      const files = from.kind === 'map' ? input : { photo: input.photo };
      return { result: await this.converter.convert(files, this.settingsFor({ ...settings, from }), hooks), from };
    };
    if (settings.from) return convert(settings.from);
    try {
      return await convert({ kind: input.map ? 'map' : 'inside' });
    } catch (error) {
      if (input.map || !(error instanceof UnflatError) || error.code !== 'no-depth') throw error;
      const info = await this.models.forNewPhoto(this.preferredModel);
      hooks.signal?.throwIfAborted();
      if (!info) throw error;
      return convert({ kind: 'model', model: info.row.id });
    }
  }
}

function isSame(a: DepthFrom | undefined, b: DepthFrom | undefined): boolean {
  return a?.kind === b?.kind && (a?.kind !== 'model' || b?.kind !== 'model' || a.model === b.model);
}
