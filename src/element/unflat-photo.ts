import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { convertPhoto, isForeign, loadPlugins } from '../convert/index.ts';
import { UnflatError, flatten, nextTask, type Progress, type Scene, type SourceFile } from '../core/index.ts';
import type { ConvertReport, ConvertResult, ConvertSettings } from '../pipeline/index.ts';
import {
  Viewer,
  allowTilt,
  noGraphics,
  offersGraphics,
  softwareDrawing,
  tiltNeedsPermission,
  type Fit,
  type Look,
  type Renderer,
} from '../viewer/index.ts';
import type { WorkerLike } from '../worker/index.ts';
import { distanceToView, pageViews, type PageMember } from './page-views.ts';
import { progressBar } from './progress-bar.ts';
import { sceneBytes } from './scene-bytes.ts';
import { sheetFor } from './sheet-for.ts';
import { Wishes } from './wishes.ts';

/** A hash of all that this build was made of; filled in by the build. */
declare const UNFLAT_BUILD: string;

/** Detail of `load` and `complete`: the scene on the screen and, if the element made it, the report of its conversion. */
export interface LoadDetail {
  /** The scene that is on the screen. */
  scene: Scene;
  /** How the scene was made; absent where it was made elsewhere. */
  report?: ConvertReport;
}

/** Events of `<unflat-photo>`; none of them bubbles. */
export interface UnflatPhotoEventMap {
  /**
   * The first 3D frame is on the screen, of some photos with quickly filled hidden parts; again when 3D comes back after the graphics were lost.
   */
  load: CustomEvent<LoadDetail>;
  /** The final picture is on the screen: after `load`, at once or when the good filling has taken the quick one's place. Once for each `load`. */
  complete: CustomEvent<LoadDetail>;
  /** Progress of the conversion. */
  progress: CustomEvent<Progress>;
  /** The photo cannot be fetched, converted or shown: `message` for people, `error` with its `code`. `preventDefault()` keeps it off the console. */
  error: ErrorEvent;
  /** The WebGL context was lost and did not come back within three seconds; 3D is started again, on the processor if need be. `load` or `error` follows. */
  'graphics-lost': Event;
  /** The photo's width / height, when its shape is known or changes. */
  'aspect-change': CustomEvent<number>;
}

/** Listeners get the events' own types; all that other elements send stays as it is. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the interface adds no more than the listeners' types.
export interface UnflatPhoto {
  /** Listens to an event; those of {@link UnflatPhotoEventMap} have types of their own. */
  addEventListener<K extends keyof UnflatPhotoEventMap>(
    type: K,
    listener: (this: UnflatPhoto, event: UnflatPhotoEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: UnflatPhoto, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  /** Stops listening to an event. */
  removeEventListener<K extends keyof UnflatPhotoEventMap>(
    type: K,
    listener: (this: UnflatPhoto, event: UnflatPhotoEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: UnflatPhoto, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/**
 * `<unflat-photo>` shows a 3D photo. README.md in this folder says more.
 * @slot - Content on top of the picture, such as a caption or a button.
 * @slot poster - Your own image as the flat photo, visible until the 3D photo is there.
 * @csspart view - The whole picture. Has the focus ring.
 * @csspart poster - The flat photo.
 * @csspart canvas - The 3D photo.
 * @csspart progress - The progress bar.
 * @csspart error - The text shown instead of a photo that cannot be shown.
 * @cssprop [--unflat-background=transparent] - Colour around the photo if it does not fill the element.
 * @cssprop [--unflat-accent=#2f7df6] - Colour of the focus ring and the progress bar.
 * @cssprop [--unflat-fade=0.4s] - Length of the fade from the flat photo to the 3D photo.
 * @cssprop [--unflat-touch-action=pan-y] - What a finger on the photo does to the page. `none`: the page does not scroll.
 */
export class UnflatPhoto extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** The build that it is of: files of other builds do not fit together with it. */
  static readonly build: string = typeof UNFLAT_BUILD === 'undefined' ? '' : UNFLAT_BUILD;

  static #createWorker: (() => WorkerLike) | undefined;
  /** Elements whose photo could not be converted as nothing was there that does so. */
  static readonly #unconverted = new Set<UnflatPhoto>();

  /** Starts the worker that converts photos; set once by whoever bundles the element. Without it only `scene` can be shown. */
  static get createWorker(): (() => WorkerLike) | undefined {
    return UnflatPhoto.#createWorker;
  }
  static set createWorker(start: (() => WorkerLike) | undefined) {
    UnflatPhoto.#createWorker = start;
    if (!start) return;
    for (const element of UnflatPhoto.#unconverted) element.showIn3d();
    UnflatPhoto.#unconverted.clear();
  }

  /** Folder of the built-in depth model, unless an element sets its own; undefined = photos without depth are refused. */
  static model: string | undefined;
  /**
   * The old name of `UnflatPhoto.model`.
   * @deprecated Use `UnflatPhoto.model`; this name will be removed in 0.2.
   */
  static get network(): string | undefined {
    return UnflatPhoto.model;
  }
  static set network(folder: string | undefined) {
    UnflatPhoto.model = folder;
  }
  /** Folder of the HEIC decoder, unless an element sets its own; undefined = HEIC photos that the browser cannot decode are refused. */
  static heic: string | undefined;

  /**
   * Starts a worker that draws where there is no graphics card, from the program `unflat-draw.js`; set once by whoever bundles the element.
   * Without it WebGL alone draws.
   */
  static createDrawer: (() => Worker) | undefined;

  /** Address of the photo. */
  @property({ reflect: true, useDefault: true }) src = '';
  /** Address of its depth map; default: the depth inside the photo, else that of the built-in depth model. */
  @property({ reflect: true, useDefault: true }) depth = '';
  /** Address of the folder `unflat-depth` with the built-in depth model; default: beside the element's file. 'none' = photos without depth are refused. */
  @property({ reflect: true, useDefault: true }) model = '';
  /**
   * The old name of `model`.
   * @deprecated Use `model`; this name will be removed in 0.2.
   */
  @property({ reflect: true, useDefault: true }) network = '';
  /** Address of the folder `unflat-heic` with the decoder for HEIC photos that the browser cannot decode; default: beside the element's file. */
  @property({ reflect: true, useDefault: true }) heic = '';
  /** Description of the photo for people who cannot see it. */
  @property({ reflect: true, useDefault: true }) alt = '';
  /** Address of a picture that is shown until the 3D photo is there; default: the photo itself, of a saved 3D photo none. */
  @property({ reflect: true, useDefault: true }) poster = '';
  /** If the element has another shape than the photo: 'contain' shows all of it, 'cover' fills the element and cuts off the rest. */
  @property({ reflect: true, useDefault: true }) fit: Fit = 'contain';
  /** 'auto': the photo sways and follows the tilt of the device; 'none': it moves only when the visitor moves it. */
  @property({ reflect: true, useDefault: true }) motion: 'auto' | 'none' = 'auto';
  /** How far visitors can look around, 0..1, default 1: the share of the eyebox that is used. */
  @property({ type: Number, reflect: true, useDefault: true }) strength = 1;
  /** 'lazy': the photo is loaded and converted when it comes near the visible part of the page; 'eager': at once. */
  @property({ reflect: true, useDefault: true }) loading: 'lazy' | 'eager' = 'lazy';
  /** Keeps what was converted in this browser, in the page's own storage, so that it opens at once on the next visit. Default: nothing is kept. */
  @property({ type: Boolean, reflect: true }) cache = false;
  /**
   * What draws: 'hardware' (WebGL), 'software' (on the processor, in workers), or 'auto': hardware, and software where the browser has no
   * graphics card or lost it.
   */
  @property({ reflect: true, useDefault: true }) renderer: Renderer = 'auto';
  /** The photo as a file, instead of `src`. */
  @property({ attribute: false }) photo: File | SourceFile | null = null;
  /** The photo’s depth map as a file, instead of `depth`. */
  @property({ attribute: false }) map: File | SourceFile | null = null;
  /** How photos are converted. */
  @property({ attribute: false }) settings: Partial<ConvertSettings> = {};
  /**
   * Addresses of plugins that you trust as your own code, counted from the page's: modules whose default export is made by `unflat/plugin`, and
   * that import only by addresses. They are asked before the built-in ones. Default: none.
   */
  @property({ attribute: false }) plugins: readonly (string | URL)[] = [];
  /** The scene on the screen; set it to show a scene that was made elsewhere. */
  @property({ attribute: false }) scene: Scene | null = null;

  @state() private progress: Progress | undefined;
  @state() private isFailed = false;
  /** It was near the view before, so that its flat photo is loaded. */
  @state() private wasNear = false;
  /** Address of the photo as a flat picture. */
  @state() private flat = '';
  /** What `poster` names cannot be shown. */
  @state() private isPosterBroken = false;
  @state() private isShown = false;
  /** What the page has put into the slot `poster` is a broken picture. */
  @state() private isSlotBroken = false;
  @state() private canvases: readonly HTMLCanvasElement[] = [];
  /** Stands in for the poster of a scene that was given or is shown again, while 3D cannot be shown. */
  @state() private standIn: HTMLCanvasElement | undefined;
  #standInOf: Scene | undefined;
  @query('.view') private view!: HTMLElement;
  /** Made by the page that the element is in, as no other page takes it. */
  #shape: CSSStyleSheet | undefined;
  readonly #wishes = new Wishes();
  #aspect = 0;
  #shapeRule = '';
  /** The photo's own width in pixels: the element's where nothing else gives it one. */
  #naturalWidth = 0;
  #viewer: Viewer | undefined;
  #report: ConvertReport | undefined;
  /** The scene that was made here, as opposed to one that was given. */
  #made: Scene | undefined;
  #isGiven = false;
  #asksAnew = false;
  #run: AbortController | undefined;
  /** A photo is to be converted as soon as it is near. */
  #waits = false;
  /** The run's turn has come: it goes on, wherever the page is scrolled to. */
  #hasBegun = false;
  /** The scene was let go of; its picture is still shown. */
  #isForgotten = false;
  /** The scene's hidden parts are filled in quickly; the good filling follows. */
  #isQuick = false;
  /** `load` was sent of what is on the screen; `complete` was. */
  #isLoaded = false;
  #isComplete = false;
  /** This element may show 3D now. */
  #isAwake = false;
  readonly #member: PageMember = {
    element: this,
    onNear: (isNear) => this.#near(isNear),
    wake: () => this.#wake(),
    rest: () => this.#rest(),
    forget: () => this.#forget(),
  };
  #posterUrl = '';
  #isPlainPoster = false;

  /** Position of the camera in the eyebox: x and y within the unit circle, z −1..1. */
  get look(): Look {
    return this.#viewer?.look ?? { x: 0, y: 0, z: 0 };
  }

  /** Number of frames drawn since the element was last added to the page. */
  get frames(): number {
    return this.#viewer?.frames ?? 0;
  }

  /** Bytes of memory that the scene takes where it is drawn: on the GPU, or in the software renderer's workers. */
  get gpuBytes(): number {
    return this.#viewer?.gpuBytes ?? 0;
  }

  /** Moves the camera to a position in the eyebox, x and y within the unit circle, z −1..1; smoothly or at once. */
  setLook(x: number, y: number, z = 0, atOnce = false): void {
    if (this.#wishes.isLook('setLook', { x, y, z })) this.#viewer?.setLook(x, y, z, atOnce);
  }

  /** Shows exactly this view at once, for example the `look` of another element. */
  showLook(look: Look): void {
    if (this.#wishes.isLook('showLook', look)) this.#viewer?.showLook(look);
  }

  /** Moves the camera back to the photo's own view. */
  resetLook(): void {
    this.setLook(0, 0, 0);
  }

  /**
   * A picture of what the element shows now: the 3D photo as it is on the screen, or the flat photo while there is no 3D.
   * @param type 'image/png', 'image/jpeg' or 'image/webp', default PNG.
   * @param quality of JPEG and WebP, 0..1, default the browser's.
   * @throws UnflatError `unsupported` where there is nothing to show yet, `io` where the flat photo is of a site that lets no page read it.
   */
  async toBlob(type = 'image/png', quality?: number): Promise<Blob> {
    const picture = this.#picture();
    if (!picture) throw new UnflatError('unsupported', 'The element shows no photo yet. Wait for its load event.');
    try {
      return await blobOf(picture, type, quality);
    } catch (cause) {
      throw new UnflatError(
        'io',
        `The picture of ${this.src || 'the photo'} cannot be read. Its server must send Access-Control-Allow-Origin.`,
        {
          cause,
        },
      );
    }
  }

  #picture(): HTMLCanvasElement | HTMLImageElement | undefined {
    const viewer = this.#viewer;
    if (this.isShown && viewer) return viewer.isReleased ? viewer.canvas : viewer.still();
    const image = this.renderRoot.querySelector<HTMLImageElement>('img[part=poster]');
    return this.standIn ?? (image?.complete && image.naturalWidth > 0 ? image : undefined);
  }

  /** True if the tilt of the device can be followed only after `askForTilt`, as on iOS. */
  get needsTiltPermission(): boolean {
    return tiltNeedsPermission();
  }

  /**
   * Asks the visitor for permission to follow the tilt, for all elements of the page; call it in a tap handler. A tap on the photo asks as well.
   * Resolves to whether this element follows the tilt, or will as soon as it shows 3D.
   */
  async askForTilt(): Promise<boolean> {
    return this.#viewer ? this.#viewer.askForTilt() : allowTilt();
  }

  /** Tries 3D again for a photo that is shown flat after an `error` with the code `graphics-lost` or `graphics-unavailable`. */
  showIn3d(): void {
    this.#viewer?.tryAgain();
    if (this.isFailed && !this.scene) void this.#convert();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    pageViews.enter(this.#member);
    // Moved or put back: what was let go has to be taken up again.
    if (!this.hasUpdated) return;
    this.#applyShape();
    if (this.scene) {
      this.#show(this.scene);
      this.#standIn();
      // The good filling was on its way.
      return this.#isQuick ? this.#ask() : undefined;
    }
    this.#setPoster(this.photo ?? (this.src || ''));
    this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    UnflatPhoto.#unconverted.delete(this);
    this.#run?.abort(new DOMException('The element was taken off the page.', 'AbortError'));
    this.#waits = false;
    this.#hide();
    this.#setPoster('');
    pageViews.leave(this.#member);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#dress(root);
    return root;
  }

  /** Moved into another page, as that of a frame: it has left its style sheets behind. */
  adoptedCallback(): void {
    if (this.hasUpdated) this.#dress(this.renderRoot);
  }

  #dress(root: HTMLElement | DocumentFragment): void {
    const page = this.ownerDocument;
    // Without a window there is nothing to see, and nobody who makes sheets.
    if (!page.defaultView) return;
    this.#shape = new page.defaultView.CSSStyleSheet();
    (root as ShadowRoot).adoptedStyleSheets = [sheetFor(page.defaultView), this.#shape];
  }

  protected override firstUpdated(): void {
    const warn = (): void => {
      if (!this.isConnected || !this.alt || this.src || this.photo || this.scene || !UnflatPhoto.createWorker) return;
      console.warn(`<unflat-photo alt="${this.alt}">: there is no photo; give it one: src="photo.jpg".`);
    };
    setTimeout(warn, NO_PHOTO_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A scene from outside takes the place of whatever is being made.
    this.#isGiven = changed.has('scene') && Boolean(this.scene) && this.scene !== this.#made;
    this.#asksAnew = !this.#isGiven && INPUTS.some((name) => changed.has(name));
    if (this.#isGiven || this.#asksAnew) this.#run?.abort(new DOMException('Another photo was opened.', 'AbortError'));
    if (this.#isGiven || this.#asksAnew) this.#isForgotten = false;
    if (this.#isGiven) this.#reset();
    if (this.#asksAnew && (this.src || this.photo)) {
      this.scene = null;
      this.#reset();
      this.#setPoster(this.photo ?? this.src);
    } else if (this.#asksAnew && this.scene && this.scene === this.#made) {
      // The photo was taken away.
      this.scene = null;
      this.#reset();
    }
    if (this.scene) this.#isForgotten = false;
    else if (!this.#isForgotten) this.#hide();
    if (!changed.has('poster')) return;
    this.isPosterBroken = false;
    this.#isPlainPoster = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Not in the template: pages may forbid style attributes.
    const { fit, motion, strength, renderer } = this.#wishes.of(this);
    this.view.style.setProperty('--fit', fit);
    if (this.#asksAnew) this.#ask();
    else if (changed.has('scene') && this.scene) this.#show(this.scene);
    if (changed.has('loading') && this.loading === 'eager' && this.#waits) void this.#convert();
    const viewer = this.#viewer;
    if (!viewer) return;
    if (changed.has('fit')) viewer.fit = fit;
    if (changed.has('motion')) viewer.motion = motion;
    if (changed.has('strength')) viewer.strength = strength;
    if (changed.has('renderer')) viewer.renderer = renderer;
  }

  override render() {
    const { progress, canvases, standIn, isShown } = this;
    const poster = this.#picked;
    canvases.forEach((canvas, i) => canvas.classList.toggle('shown', isShown && i === canvases.length - 1));
    const hasSlotted = !this.isSlotBroken && this.querySelector(':scope > [slot=poster]') !== null;
    const isBlank = this.isFailed && !poster && !standIn && !isShown && !hasSlotted;
    return html`
      <svg class="size" width=${this.#naturalWidth} height="0" aria-hidden="true"></svg>
      <div
        class="view ${isShown ? '' : 'flat'}"
        part="view"
        role="img"
        tabindex="0"
        aria-label=${this.alt || 'Photo'}
        aria-roledescription=${isShown ? '3D photo' : nothing}
        aria-describedby=${isShown ? 'keys' : nothing}
        @pointerenter=${this.#use}
        @focus=${this.#use}
      >
        <slot name=${this.isSlotBroken ? 'broken' : 'poster'} @slotchange=${this.#watchSlot}
          >${
            poster && (this.wasNear || this.loading === 'eager')
              ? html`<img
                  part="poster"
                  crossorigin=${this.#posterMode()}
                  src=${poster}
                  alt=""
                  draggable="false"
                  @load=${this.#posterLoaded}
                  @error=${this.#posterFailed}
                />`
              : (standIn ?? nothing)
          }</slot
        >
        ${canvases}
      </div>
      <div class="over"><slot></slot></div>
      <span id="keys" hidden>Look around with the arrow keys, come closer or go back with plus and minus, return with Home.</span>
      ${progress ? progressBar(progress) : nothing}
      ${isBlank ? html`<p class="error ${this.#aspect ? '' : 'alone'}" part="error" aria-hidden=${this.alt ? 'true' : nothing}>${this.alt || 'This photo cannot be shown.'}</p>` : nothing}
    `;
  }

  /** Forgets what the last photo left on the screen, but not the picture itself. */
  #reset(): void {
    this.progress = undefined;
    this.isFailed = false;
    this.#isQuick = false;
    this.#isLoaded = false;
    this.#isComplete = false;
    this.#naturalWidth = 0;
    this.#report = undefined;
    this.#setPoster('');
  }

  /** Converts the photo now, or when it comes near. */
  #ask(): void {
    this.#waits = true;
    if (this.loading === 'eager' || pageViews.isNear(this.#member)) void this.#convert();
  }

  #near(isNear: boolean): void {
    this.wasNear ||= isNear;
    if (isNear && this.#waits) void this.#convert();
    if (isNear || this.loading === 'eager' || this.#waits || this.#hasBegun || !this.#run) return;
    // Scrolled away before its turn came: others are waited for now.
    this.#run.abort(new DOMException('The photo was scrolled far away.', 'AbortError'));
    this.#waits = true;
  }

  async #convert(): Promise<void> {
    this.#waits = false;
    this.#hasBegun = false;
    const { src, depth, photo, map, settings, heic } = this;
    // oxlint-disable-next-line typescript/no-deprecated -- the old name holds for a version.
    const model = this.model || this.network;
    if (!src && !photo) return;
    const run = (this.#run = new AbortController());
    const { signal } = run;
    this.isFailed = false;
    try {
      if (UnflatPhoto.createWorker && !this.#canDraw) {
        // Who listens may come with the next script.
        await nextTask();
        throw noGraphics();
      }
      const { scene, report } = await convertPhoto(
        {
          photo: photo ?? src,
          // Whoever sets a property to null means its default.
          map: map ?? (depth || ''),
          settings: settings || {},
          model: model === 'none' ? undefined : model || UnflatPhoto.model,
          heic: heic || UnflatPhoto.heic,
          // Asked for when the photo is there: what converts may come with the page's next script.
          get createWorker() {
            return UnflatPhoto.createWorker;
          },
          plugins: await loadPlugins(this.plugins || [], signal),
          surface: 'element',
          cache: this.cache,
          urgency: () => distanceToView(this),
          onBegin: () => (this.#hasBegun ||= !signal.aborted),
        },
        {
          signal,
          onProgress: (progress) => this.#tell(progress, signal),
          onEarly: (early) => {
            if (!signal.aborted && !this.scene) this.#took(early, true);
          },
        },
      );
      signal.throwIfAborted();
      this.#took({ scene, report }, false);
    } catch (error) {
      if (signal.aborted) return;
      if (!UnflatPhoto.createWorker) UnflatPhoto.#unconverted.add(this);
      this.#fail(error);
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  #took({ scene, report }: ConvertResult, isQuick: boolean): void {
    this.#report = report;
    this.#isQuick = isQuick;
    this.#made = scene;
    this.scene = scene;
  }

  /** As far as that can be known before anything is drawn. */
  get #canDraw(): boolean {
    return (UnflatPhoto.createDrawer !== undefined && this.renderer !== 'hardware') || offersGraphics();
  }

  #tell(progress: Progress, signal: AbortSignal): void {
    if (signal.aborted) return;
    // Who looks around already needs no bar.
    if (!this.#isLoaded) this.progress = progress;
    this.dispatchEvent(new CustomEvent('progress', { detail: progress }));
  }

  /** What went wrong is for the page's author; visitors see the flat photo. */
  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.progress = undefined;
    this.isFailed = true;
    this.#standIn();
    if (this.dispatchEvent(new ErrorEvent('error', { error, message, cancelable: true }))) console.error(`<unflat-photo>: ${message}`);
  }

  /** Shows the scene, as soon as the page has graphics for this element. */
  #show(scene: Scene): void {
    if (!this.#viewer) this.#takeShape(scene);
    pageViews.tell(this.#member, { wants: true, holds: scene === this.#made, bytes: sceneBytes(scene) });
    if (this.#isAwake) this.#draw(scene);
  }

  #draw(scene: Scene): void {
    const viewer = (this.#viewer ??= this.#startViewer());
    if (viewer.scene !== scene) viewer.setScene(scene);
    viewer.resume();
    if (viewer.isStopped) this.#standIn();
  }

  #startViewer(): Viewer {
    return new Viewer({
      focus: this.view,
      ...this.#wishes.of(this),
      ...(UnflatPhoto.createDrawer && { software: softwareBy(UnflatPhoto.createDrawer) }),
      onCanvases: (canvases) => this.#take(canvases),
      onTakeOver: () => this.scene && this.#takeShape(this.scene),
      onFirstFrame: () => this.#shown(),
      onLost: () => {
        this.isShown = false;
        this.#isLoaded = false;
        this.#isComplete = false;
        this.#standIn();
      },
      onRestart: () => this.dispatchEvent(new Event('graphics-lost')),
      onFlat: (error) => this.#fail(error),
    });
  }

  /** There are graphics for this element. */
  #wake(): void {
    this.#isAwake = true;
    if (this.scene) this.#draw(this.scene);
  }

  /** Gives the graphics back; the last picture stays. */
  #rest(): void {
    this.#isAwake = false;
    this.#viewer?.release();
    if (!this.isShown) this.#standIn();
  }

  /** Its memory is for photos that are nearer; this one is opened again when it comes near. */
  #forget(): void {
    if (!this.scene || this.scene !== this.#made) return;
    // What still improves it is begun again with it.
    this.#run?.abort(new DOMException('The photo was scrolled far away.', 'AbortError'));
    this.#isForgotten = true;
    this.#isQuick = false;
    this.#isLoaded = false;
    this.#isComplete = false;
    this.#made = undefined;
    this.scene = null;
    this.#viewer?.setScene(null);
    this.#standInOf = undefined;
    this.#waits = true;
  }

  readonly #use = (): void => pageViews.use(this.#member);

  #take(canvases: readonly HTMLCanvasElement[]): void {
    for (const canvas of canvases) {
      canvas.setAttribute('part', 'canvas');
      canvas.setAttribute('aria-hidden', 'true');
    }
    this.canvases = canvases;
  }

  /** The flat photo, where no poster shows it. */
  #standIn(): void {
    const { scene } = this;
    if (!scene) return;
    this.#takeShape(scene);
    if (this.#picked || (this.standIn && this.#standInOf === scene)) return;
    this.#standInOf = scene;
    const { width, height, rgba } = scene.detail ?? flatten(scene);
    const canvas = Object.assign(document.createElement('canvas'), { width, height, className: 'shown' });
    canvas.setAttribute('part', 'poster');
    canvas.setAttribute('aria-hidden', 'true');
    canvas.getContext('2d')?.putImageData(new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
    this.standIn = canvas;
  }

  #dropStandIn(): void {
    this.standIn = undefined;
    // Some 30 MB that nobody else may hold.
    this.#standInOf = undefined;
  }

  #shown(): void {
    const { scene } = this;
    if (!scene) return;
    this.progress = undefined;
    this.isShown = true;
    this.isFailed = false;
    // Not while the 3D photo fades in over it.
    setTimeout(() => this.isShown && this.#dropStandIn(), STAND_IN_MS);
    const report = this.#report;
    const say = (name: 'load' | 'complete'): void =>
      void this.dispatchEvent(new CustomEvent<LoadDetail>(name, { detail: { scene, ...(report && { report }) } }));
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      say('load');
    }
    // Who heard `load` may have asked for another photo.
    if (this.#isQuick || this.#isComplete || this.scene !== scene) return;
    this.#isComplete = true;
    say('complete');
  }

  #hide(): void {
    this.#viewer?.dispose();
    this.#viewer = undefined;
    this.canvases = [];
    this.#dropStandIn();
    this.isShown = false;
    this.#isLoaded = false;
    this.#isComplete = false;
    this.#isAwake = false;
    this.#isForgotten = false;
    pageViews.tell(this.#member, { wants: false, holds: false, bytes: 0 });
  }

  /** The flat photo, to look at until the scene is there. */
  #setPoster(photo: string | File | SourceFile): void {
    if (this.#posterUrl) URL.revokeObjectURL(this.#posterUrl);
    this.#posterUrl = '';
    this.#isPlainPoster = false;
    // A 3D photo opens at once, and is no picture that a browser shows.
    const isModel = /\.glb$/i.test(typeof photo === 'string' ? photo.replace(/[?#].*/s, '') : photo.name);
    if (isModel) {
      this.flat = '';
      return;
    }
    if (typeof photo !== 'string') {
      const blob = photo instanceof Blob ? photo : new Blob([photo.bytes as Uint8Array<ArrayBuffer>]);
      this.#posterUrl = URL.createObjectURL(blob);
    }
    this.flat = typeof photo === 'string' ? photo : this.#posterUrl;
  }

  /** Address of the picture that is shown until the 3D photo is there; '' = none. */
  get #picked(): string {
    return this.isPosterBroken ? this.flat : this.poster || this.flat;
  }

  #posterLoaded(event: Event): void {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    if (this.scene || naturalWidth === 0) return;
    this.#setShape(naturalWidth, naturalHeight, naturalWidth);
  }

  /** The shape of the page's own poster, as long as nothing else has told one. */
  #takeShapeOf(image: HTMLImageElement): void {
    const [width, height] = ['width', 'height'].map((name) => Number(image.getAttribute(name))) as [number, number];
    if (this.#aspect > 0 || this.scene) return;
    if (width > 0 && height > 0) this.#setShape(width, height, width);
    else if (image.naturalWidth > 0) this.#setShape(image.naturalWidth, image.naturalHeight, image.naturalWidth);
  }

  /** Asked for as it is fetched afterwards, so that the browser's cache holds one answer for both. */
  #posterMode(): 'anonymous' | typeof nothing {
    const poster = this.#picked;
    const isForeignPhoto = URL.canParse(poster, document.baseURI) && isForeign(new URL(poster, document.baseURI));
    return isForeignPhoto && !this.#isPlainPoster ? 'anonymous' : nothing;
  }

  /** A browser shows a broken picture's words, cut off: the photo itself stands in for it. A good one gives the element its shape. */
  readonly #watchSlot = (): void => {
    const slotted = this.querySelector(':scope > [slot=poster]');
    const image = slotted && isImage(slotted) ? slotted : slotted?.querySelector('img');
    if (!image) {
      this.isSlotBroken = false;
      return;
    }
    const look = (): void =>
      void image.decode().then(
        () => {
          this.isSlotBroken = false;
          this.#takeShapeOf(image);
        },
        () => (this.isSlotBroken = image.complete && image.naturalWidth === 0),
      );
    // Told by its attributes, the page does not move when it comes.
    this.#takeShapeOf(image);
    image.addEventListener('load', look);
    image.addEventListener('error', look);
    if (image.complete) look();
  };

  /** A photo that this page may not read can be seen all the same; else a browser's sign for a broken picture says nothing. */
  #posterFailed(event: Event): void {
    const isPlain = (event.target as HTMLImageElement).crossOrigin === null;
    const isOwn = this.poster === '' || this.isPosterBroken;
    this.#isPlainPoster = isOwn || !isPlain;
    if (isPlain && isOwn) this.flat = '';
    else if (isPlain) this.isPosterBroken = true;
    this.requestUpdate();
  }

  #takeShape({ width, height, detail }: Scene): void {
    this.#setShape(width, height, detail?.width ?? width);
  }

  /** Without a height of its own the element has the photo's shape; as a sheet, so that any rule of the page wins. @param natural the photo's own width. */
  #setShape(width: number, height: number, natural: number): void {
    const aspect = width / height;
    // A scene may be smaller than its photo, but is no narrower for that.
    this.#naturalWidth ||= natural;
    this.requestUpdate();
    if (this.#aspect === aspect) return;
    this.#aspect = aspect;
    this.#shapeRule = `:host { aspect-ratio: ${width} / ${height}; }`;
    this.#applyShape();
    this.dispatchEvent(new CustomEvent<number>('aspect-change', { detail: aspect }));
  }

  /** Placed by its four edges it has the size that they give: a shape would take the place of the lower one. */
  #applyShape(): void {
    const shape = this.#shape;
    if (!shape) return;
    const style = getComputedStyle(this);
    const isPlaced = /absolute|fixed/.test(style.position);
    // What the page has set, 'auto' included, is told only of elements that are not placed.
    if (isPlaced) shape.replaceSync(':host { position: static !important; }');
    const hasEdges = isPlaced && ![style.top, style.right, style.bottom, style.left].includes('auto');
    shape.replaceSync(hasEdges ? '' : this.#shapeRule);
  }
}

/** The software renderer of each kind of workers: all elements share theirs. */
const drawings = new WeakMap<() => Worker, ReturnType<typeof softwareDrawing>>();
function softwareBy(createDrawer: () => Worker): ReturnType<typeof softwareDrawing> {
  const drawing = drawings.get(createDrawer) ?? softwareDrawing(createDrawer);
  drawings.set(createDrawer, drawing);
  return drawing;
}

/** Of whatever page: that of a frame has classes of its own. */
const isImage = (element: Element): element is HTMLImageElement => element.localName === 'img';

/** @throws DOMException where the picture may not be read. */
function blobOf(picture: HTMLCanvasElement | HTMLImageElement, type: string, quality: number | undefined): Promise<Blob> {
  const canvas = isImage(picture) ? document.createElement('canvas') : picture;
  if (isImage(picture)) {
    Object.assign(canvas, { width: picture.naturalWidth, height: picture.naturalHeight });
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The canvas gave no picture.'))), type, quality);
  });
}

/** Longer than any fade. */
const STAND_IN_MS = 2000;

/** Until then a script may still give it a photo. */
const NO_PHOTO_MS = 2000;

/** What a change of asks for another conversion. */
const INPUTS = ['src', 'depth', 'photo', 'map', 'settings', 'plugins', 'model', 'network', 'heic'] as const;

declare global {
  interface HTMLElementTagNameMap {
    'unflat-photo': UnflatPhoto;
  }
}
