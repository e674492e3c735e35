import { UnflatError, nextTask, type Progress, type UnflatErrorCode } from '../core/index.ts';
import { findOther3dFile, prepare3d, type Other3dFile } from '../orbit-viewer/index.ts';
import { isSceneFile, type ConvertHooks, type ConvertInput, type Converter, type ConvertSettings } from '../pipeline/index.ts';
import { convertForDesk, filesFor, ownSettings, type Converted, type DeskState } from './convert-for-desk.ts';
import type { AskedFrames, DepthFrom, OpenPhoto, Other3d, PhotoSettings, PhotoToOpen, Preview, Rival, Run, Waiting } from './desk-types.ts';
import { createPlyWorker } from './create-worker.ts';
import { chooseFiles, type ChosenFiles } from './files/choose-files.ts';
import { namedByContent } from './files/named-by-content.ts';
import { isSameSource } from './is-same-source.ts';
import { isAbort, type Messages } from './messages.ts';
import type { Models } from './models.ts';
import { stageWords } from './stage-words.ts';
import { strings } from './strings.ts';
import { Watched } from './watch.ts';

export type * from './desk-types.ts';

/** What is wrong with the files themselves; they fail however often they are tried. */
const UNUSABLE: ReadonlySet<UnflatErrorCode> = new Set([
  'not-an-image',
  'unreadable-image',
  'image-too-large',
  'empty-file',
  'bad-depth',
  'bad-scene',
  'unsupported',
]);

/** 3D files by their names, 3D photos among them. */
const MODEL = /\.(glb|gltf|ply|splat|spz)$/i;

/**
 * What is open, what runs, what is asked for. The last photo wins, and the open one stays until the next is ready.
 * @fires opening when a photo is about to be made a 3D photo, with a PhotoToOpen as detail.
 * @fires unusable when its files turned out to be no photo or no map that can be used, with the same detail.
 * @fires opened when a photo became a 3D photo.
 * @fires cancelled when the person stopped a run: what was asked for is void, also what no run has taken up yet.
 * @fires basic when that was with the built-in model, as nothing better was at hand.
 * @fires several when several photos came, with all as detail: they are kept whatever is asked for meanwhile.
 * @fires preferred when the person chose a model or an inpainter; `preferredModel` and `preferredInpainter` say which.
 */
export class Desk extends Watched {
  open: OpenPhoto | undefined;
  run: Run | undefined;
  waiting: Waiting | undefined;
  /** What the open photo is being made again with; controls show it, and what is open again once it failed or was cancelled. */
  wish: PhotoSettings | undefined;
  /** What the open photo is compared with. */
  rival: Rival | undefined;
  /** The move that is being played; that of a scene which is no longer open is over. */
  preview: Preview | undefined;
  /** A 3D file that is no 3D photo, shown in the open photo's place until a photo is opened or it is closed. */
  other3d: Other3d | undefined;
  /** Settings of the app that every conversion takes. */
  baseSettings: Partial<ConvertSettings> = {};
  /** The model that the person chose last. */
  preferredModel: string | undefined;
  /** What the person chose last to inpaint hidden parts: an inpainter or a model. */
  preferredInpainter: string | undefined;
  readonly converter: Converter;
  readonly models: Models;
  readonly #messages: Messages;
  #controller: AbortController | undefined;
  /** The open photo, while a model still inpaints its hidden parts. */
  #early: OpenPhoto | undefined;
  /** Counts what the person asked for. */
  #wishes = 0;

  constructor(converter: Converter, models: Models, messages: Messages) {
    super();
    this.converter = converter;
    this.models = models;
    this.#messages = messages;
  }

  /** The open photo's depth is from the built-in model. */
  get isBasic(): boolean {
    return this.open?.report.depthModel?.isBundled === true;
  }

  /** The open photo is a 3D photo that was saved as a file: its depth and its hidden parts are part of the file. */
  get isSaved(): boolean {
    return this.open !== undefined && !this.open.originals && isSceneFile(this.open.input.photo);
  }

  /** The open photo's settings as the person wants them: those on their way, else those it has. */
  get wished(): PhotoSettings {
    return this.wish ?? this.open?.settings ?? {};
  }

  /** Title of the photo that is being opened while another one, or none, is still open: what is known of the open one says nothing about it. */
  get coming(): string | undefined {
    const { run, open } = this;
    return run && !run.again && run.photo !== open?.input.photo ? run.title : undefined;
  }

  /** Gets the point of the photo that the person touches next; both from 0 to 1, from the left and from the top. */
  askedPlace: ((x: number, y: number) => void) | undefined;

  /** The stage lets the person touch a point. @param then undefined: not any more. */
  askPlace(then: Desk['askedPlace']): void {
    this.askedPlace = then;
    this.changed();
  }

  /** Frames that the person may drag over the photo now. */
  askedFrames: AskedFrames | undefined;

  /** The stage lets the person drag frames. @param asked undefined: not any more. */
  askFrames(asked: AskedFrames | undefined): void {
    this.askedFrames = asked;
    this.changed();
  }

  /** Plays a move in the open photo's place. */
  play(preview: Preview): void {
    this.preview = preview;
    this.changed();
  }

  stopPreview(): void {
    if (!this.preview) return;
    this.preview = undefined;
    this.changed();
  }

  /** Goes up when a plugin came or went: what lists them asks again. */
  pluginsVersion = 0;

  /** Plugins came, went, or were switched on or off. */
  pluginsChanged(): void {
    this.pluginsVersion++;
    this.changed();
  }

  /** Nothing was asked for yet. */
  get isUntouched(): boolean {
    return this.#wishes === 0;
  }

  /** Takes what a person dropped, picked, pasted or shared. */
  async openFiles(given: readonly File[]): Promise<void> {
    if (!given.length) return;
    this.#forgetFailures();
    const about = given[0]?.name ?? strings.app.yourFiles;
    const photo = this.open?.input.photo;
    const open = photo instanceof File && !isSceneFile(photo) ? photo : undefined;
    const chosen = await this.#latest(about, async () => {
      const files = await namedByContent(given);
      const other = await findOther3dFile(files);
      if (other) return other;
      // Models among photos are left out: no photo's path reads them.
      const isModel = await Promise.all(files.map(async (file) => files.length > 1 && (await findOther3dFile([file])) !== undefined));
      const models = files.filter((_, n) => isModel[n]);
      const photos = files.filter((_, n) => !isModel[n]);
      const found = await chooseFiles(photos, this.waiting?.photo, this.isBasic ? open : undefined, open);
      const all = models.length > 0 ? { ...found, leftOut: [...(found.leftOut ?? []), ...models] } : found;
      if (all.others || all.leftOut) this.dispatchEvent(new CustomEvent<ChosenFiles>('several', { detail: all }));
      return all;
    });
    if (!chosen) return;
    if ('file' in chosen) return this.#openOther3d(chosen);
    const { others: _others, leftOut: _leftOut, ...input } = chosen;
    await this.#convert({ title: input.photo.name, input, settings: {} });
  }

  async #openOther3d(found: Other3dFile): Promise<void> {
    const { file, kind, companions } = found;
    // The open photo stays as it is.
    await this.#run({ title: file.name, again: true }, async (hooks) => {
      // The part of the app that shows it comes while it is read.
      const stage = import('./components/orbit-stage.ts');
      const prepared = await prepare3d(found, { createPlyWorker, signal: hooks.signal! });
      await stage;
      hooks.signal!.throwIfAborted();
      // A second model is no part of the first.
      const areLeftOut = companions.length > 0 && (kind !== 'gltf' || companions.some(({ name }) => MODEL.test(name)));
      const isWhole = kind !== 'gltf' || companions.length === 0 || areLeftOut;
      this.other3d = { title: file.name, file: isWhole ? file : undefined, sizeBytes: file.size, prepared };
      if (areLeftOut) this.#messages.tell('info', strings.other3d.alone(file.name), { lastsMs: 12_000 });
    });
  }

  /** Back to the open photo. */
  closeOther3d(): void {
    this.other3d = undefined;
    this.changed();
  }

  /** Opens a photo whose files are known: a sample, or one opened before. */
  async openInput(title: string, load: () => Promise<ConvertInput>, rest: Partial<PhotoToOpen> = {}): Promise<void> {
    this.#forgetFailures();
    const input = await this.#latest(title, async () => {
      const found = await load();
      const other =
        (rest.isOther3d || MODEL.test(found.photo.name)) && found.photo instanceof File ? await findOther3dFile([found.photo]) : undefined;
      return other ?? found;
    });
    if (!input) return;
    if ('file' in input) return this.#openOther3d(input);
    await this.#convert({ settings: {}, ...rest, title, input });
  }

  /** What went wrong with the last photo is of no use beside the next. */
  #forgetFailures(): void {
    this.#messages.clear('error');
  }

  /** Gives the open photo, or the one that waits, this depth map. */
  async useMap(map: File): Promise<void> {
    if (!this.waiting && this.open?.originals && !(await this.#latest(this.open.title, () => this.#original()))) return;
    const photo = this.waiting?.photo ?? this.open?.input.photo;
    if (!photo) return;
    const title = this.waiting?.title ?? this.open?.title ?? photo.name;
    const hasDepthInside = !this.waiting && this.open?.hasDepthInside === true;
    await this.#convert({ title, input: { photo, map }, settings: { from: { kind: 'map' } }, hasDepthInside });
  }

  /** Gives the photo that waits, or the open one, its depth by this model, and prefers it from now on. */
  async useModel(model: string): Promise<void> {
    this.preferredModel = model;
    this.dispatchEvent(new Event('preferred'));
    const { waiting, open } = this;
    const from: DepthFrom = { kind: 'model', model };
    if (waiting) await this.#convert({ title: waiting.title, input: { photo: waiting.photo }, settings: { from } });
    else if (open) await this.adjust({ ...this.wished, from });
  }

  /** Fetches a model and gives the photo that was looked at, or one that waits by then, its depth by it. */
  async fetchModel(model: string): Promise<void> {
    const looked = (): ConvertInput['photo'] | undefined => this.waiting?.photo ?? this.open?.input.photo;
    const before = looked();
    if (!(await this.models.fetch(model))) return;
    if (this.waiting || looked() === before) await this.useModel(model);
  }

  /** Has the open photo's hidden parts inpainted by this inpainter, and prefers it from now on. Depth and layers stay as they are. */
  async useInpainter(inpainter: string): Promise<void> {
    this.preferredInpainter = inpainter;
    this.dispatchEvent(new Event('preferred'));
    const { open, rival } = this;
    if (!open) return;
    if (rival?.settings.inpainter === inpainter) return this.takeRival();
    await this.adjust({ ...this.wished, inpainter, inpaintOptions: {} });
  }

  /** Fetches a model for hidden parts and uses it, if the same photo is looked at by then. */
  async fetchInpaintModel(model: string): Promise<void> {
    const before = this.open?.input.photo;
    if ((await this.models.fetch(model)) && this.open?.input.photo === before) await this.useInpainter(model);
  }

  /** Inpaints the open photo's hidden parts once more, by another inpainter, and lays the result beside it. */
  async compareWith(inpainter: string): Promise<void> {
    const open = this.open?.originals ? await this.#latest(this.open.title, () => this.#original()) : this.open;
    if (!open) return;
    const settings: PhotoSettings = { ...open.settings, inpainter, inpaintOptions: {} };
    await this.#run({ title: open.title, again: true }, async (hooks) => {
      const { scene, report } = await this.converter.convert(filesFor(open.input, settings.from), this.settingsFor(settings), hooks);
      hooks.signal?.throwIfAborted();
      if (this.open === open) this.rival = { settings, scene, report };
    });
  }

  /** The compared filling is the better one: the two change places. Nothing is inpainted again. */
  takeRival(): void {
    const { open, rival } = this;
    if (!open || !rival) return;
    this.preferredInpainter = rival.settings.inpainter;
    this.open = { ...open, ...rival };
    this.rival = { settings: open.settings, scene: open.scene, report: open.report };
    this.dispatchEvent(new Event('preferred'));
    this.dispatchEvent(new Event('opened'));
    this.changed();
  }

  stopComparing(): void {
    this.rival = undefined;
    this.changed();
  }

  /** Makes the open photo again with other settings; the picture stays until the new one is there, or for good if that fails. Not a saved 3D photo. */
  async adjust(settings: PhotoSettings): Promise<void> {
    if (!this.open || this.isSaved) return;
    this.wish = settings;
    this.changed();
    const open = this.open.originals ? await this.#latest(this.open.title, () => this.#original()) : this.open;
    if (this.wish !== settings) return;
    if (!open) return this.#forgetWish();
    const photo: PhotoToOpen = { title: open.title, input: open.input, hasDepthInside: open.hasDepthInside, settings };
    if (isSameSource(settings.from, open.settings.from)) return this.#convert(photo, true);
    const depthOptions = await this.#latest(open.title, () => this.#fitting(settings));
    if (this.wish !== settings) return;
    if (!depthOptions) this.#forgetWish();
    else await this.#convert({ ...photo, settings: { ...settings, depthOptions } }, true);
  }

  /** The settings as the converter takes them. */
  settingsFor(settings: PhotoSettings): Partial<ConvertSettings> {
    return { ...this.baseSettings, ...ownSettings(settings) };
  }

  /** Options are the source's own: of those of the last source, another one gets what it knows. Which way is near it finds out anew. */
  async #fitting({ from, depthOptions = {} }: PhotoSettings): Promise<Record<string, number | boolean | string>> {
    const model = from?.kind === 'model' ? from.model : undefined;
    const id = this.models.find(model)?.row.plugin;
    const sources = await this.converter.listPlugins('depth');
    const named = from?.kind === 'plugin' ? from.plugin : id;
    const source = sources.find((plugin) =>
      model === undefined && from?.kind !== 'plugin' ? plugin.readsDepthFiles : plugin.id === named,
    );
    const known = new Set(source?.options.map((option) => option.id));
    known.delete('flip');
    return Object.fromEntries(Object.entries(depthOptions).filter(([option]) => known.has(option)));
  }

  cancel(): void {
    this.#controller?.abort(new DOMException('Cancelled.', 'AbortError'));
    this.run = undefined;
    this.wish = undefined;
    // A wish that was still to become a run is void as well.
    this.#wishes++;
    this.#settle();
    this.dispatchEvent(new Event('cancelled'));
    this.changed();
  }

  #forgetWish(): void {
    this.wish = undefined;
    this.changed();
  }

  /** Leaves the photo without depth aside. */
  stopWaiting(): void {
    this.waiting = undefined;
    this.changed();
  }

  /** The open photo with the files that it was made from. */
  async #original(): Promise<OpenPhoto | undefined> {
    const { open } = this;
    if (!open?.originals) return open;
    const input = await open.originals();
    if (this.open !== open) return undefined;
    const { originals: _, ...rest } = open;
    this.open = { ...rest, input };
    this.changed();
    return this.open;
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
    const { title, input } = photo;
    if (!again) this.dispatchEvent(new CustomEvent<PhotoToOpen>('opening', { detail: photo }));
    await this.#run(
      { title, again, ...(again ? { wish: photo.settings } : { photo: input.photo }) },
      async (hooks) => {
        let isShown = false;
        const show = ({ result, settings }: Converted): OpenPhoto => {
          const hasDepthInside = settings.from?.kind === 'inside' || photo.hasDepthInside === true;
          const { originals } = photo;
          this.open = { title, input, settings, hasDepthInside, ...(originals && { originals }), ...result };
          this.rival = undefined;
          this.waiting = undefined;
          this.other3d = undefined;
          this.#early = undefined;
          // A better filling of what is shown is no reason to take away that a file could not be saved meanwhile.
          if (!isShown) this.#messages.clear('error');
          isShown = true;
          this.dispatchEvent(new Event('opened'));
          return this.open;
        };
        const onEarly = (early: Converted): void =>
          void nextTask().then(() => {
            if (hooks.signal?.aborted) return;
            this.#early = show(early);
            this.changed();
          });
        const tell = (warning: string): void => void this.#messages.tell('warning', warning, { lastsMs: 12_000 });
        const { converter, baseSettings, preferredModel, preferredInpainter } = this;
        const state: DeskState = { converter, baseSettings, preferredModel, preferredInpainter };
        const converted = await convertForDesk(photo, state, { ...hooks, onEarly });
        // Taking the scene out of the message was one task; showing it is another.
        await nextTask();
        hooks.signal?.throwIfAborted();
        const { result, settings } = converted;
        show(converted);
        for (const warning of result.report.warnings) tell(warning);
        if (!photo.settings.from && this.isBasic) this.dispatchEvent(new Event('basic'));
        if (settings.from?.kind === 'model' || result.report.inpaint.model) void this.models.refresh();
      },
      (error) => {
        if (this.#asks(error, photo, again)) return true;
        if (this.waiting?.photo !== input.photo || !(error instanceof UnflatError)) {
          if (!again && error instanceof UnflatError && UNUSABLE.has(error.code))
            this.dispatchEvent(new CustomEvent<PhotoToOpen>('unusable', { detail: photo }));
          return false;
        }
        this.waiting = { ...this.waiting, problem: error.message };
        return true;
      },
    );
  }

  /** One run takes over from the one before. @param handled whether a failure was dealt with; others are told. */
  async #run(
    { wish, ...about }: Pick<Run, 'title' | 'again' | 'photo'> & { wish?: PhotoSettings },
    work: (hooks: ConvertHooks) => Promise<void>,
    handled: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    const controller = this.#takeOver();
    const { signal } = controller;
    this.run = { ...about, words: strings.progress.gettingReady, fraction: 0 };
    this.wish = wish;
    this.changed();
    const onProgress = (progress: Progress): void => {
      if (signal.aborted) return;
      this.run = { ...about, words: stageWords(progress), fraction: progress.overall };
      this.changed();
    };
    try {
      await work({ signal, onProgress });
    } catch (error) {
      if (!signal.aborted && !isAbort(error) && !handled(error)) this.#messages.fail(error, about.title);
    } finally {
      if (this.#controller === controller) {
        this.run = undefined;
        this.wish = undefined;
        this.#settle();
        this.changed();
      }
    }
  }

  /** What a model was to inpaint and did not stays as it was inpainted in haste, and is called by that name. */
  #settle(): void {
    if (this.#early && this.open === this.#early)
      this.open = { ...this.open, settings: { ...this.open.settings, inpainter: this.open.report.inpainter, inpaintOptions: {} } };
    this.#early = undefined;
  }

  /** Nothing gives this photo its depth: the person is asked. @returns whether that is what the error says. */
  #asks(error: unknown, { title, input, settings }: PhotoToOpen, again: boolean): boolean {
    if (!(error instanceof UnflatError) || !(input.photo instanceof File) || again) return false;
    const missing = error.code === 'no-model' && settings.from?.kind === 'model' ? settings.from.model : undefined;
    // Not even what is built in could be read.
    const isBuiltInGone = error.code === 'no-model' && !settings.from && !input.map;
    const isLost = error.code === 'bad-depth' && !settings.from;
    if (!missing && !isBuiltInGone && ((error.code !== 'no-depth' && !isLost) || input.map)) return false;
    if (isBuiltInGone || isLost) this.#messages.tell('warning', error.message, { lastsMs: 20_000 });
    this.waiting = { photo: input.photo, title, ...(missing !== undefined && { missing }) };
    return true;
  }
}
