import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Progress, Scene, SourceFile } from '../core/index.ts';
import type { ConvertReport, ConvertSettings, WorkerLike } from '../pipeline/index.ts';
import { Viewer, tiltNeedsPermission, type Fit, type Look } from '../viewer/index.ts';
import { convertPhoto } from './convert-photo.ts';
import { progressBar } from './progress-bar.ts';
import { styles } from './styles.ts';

/** What `load` says: the scene that is on the screen, and how it was made, where it was made here. */
export interface LoadDetail {
  scene: Scene;
  report?: ConvertReport;
}

/** Events of `<unflat-photo>`; none of them bubbles. */
export interface UnflatPhotoEventMap {
  load: CustomEvent<LoadDetail>;
  progress: CustomEvent<Progress>;
  error: ErrorEvent;
  /** The photo's width / height, as its shape changes. */
  'aspect-change': CustomEvent<number>;
}

/** `<unflat-photo>`: a photo that one can look around in. README.md lists attributes, events, parts and CSS properties. */
export class UnflatPhoto extends LitElement {
  static override styles = styles;
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };

  /** Starts the worker that converts photos; set once by whoever bundles the element. Without it only `scene` can be shown. */
  static createWorker: (() => WorkerLike) | undefined;
  /** Where the built-in network lies unless an element says otherwise; undefined = photos without depth are refused. */
  static network: string | undefined;

  /** Address of the photo. */
  @property() src = '';
  /** Address of its depth map; default: the depth inside the photo. */
  @property() depth = '';
  /** Address of the folder `unflat-depth`, which estimates the depth of photos that have none; default: beside the element's file. 'none' = they are refused. */
  @property() network = '';
  /** What the photo shows, for those who cannot see it. */
  @property() alt = '';
  /** How the photo lies in a box of another shape. */
  @property({ reflect: true }) fit: Fit = 'contain';
  /** 'auto': sway and tilt; 'none': only the hand moves it. */
  @property() motion: 'auto' | 'none' = 'auto';
  /** How far one can look around, 0..1. */
  @property({ type: Number }) strength = 1;
  /** The photo as a file, instead of `src`. */
  @property({ attribute: false }) photo: File | SourceFile | null = null;
  /** Its depth map as a file, instead of `depth`. */
  @property({ attribute: false }) map: File | SourceFile | null = null;
  /** How photos are converted. */
  @property({ attribute: false }) settings: Partial<ConvertSettings> = {};
  /** What is shown; set it to show a scene that was made elsewhere. */
  @property({ attribute: false }) scene: Scene | null = null;

  @state() private progress: Progress | undefined;
  @state() private problem = '';
  @state() private poster = '';
  @state() private isShown = false;
  @state() private canvas: HTMLCanvasElement | undefined;
  @query('.view') private view!: HTMLElement;
  readonly #shape = new CSSStyleSheet();
  #aspect = 0;
  #viewer: Viewer | undefined;
  #report: ConvertReport | undefined;
  /** The scene that was made here, as opposed to one that was given. */
  #made: Scene | undefined;
  #isGiven = false;
  #asksAnew = false;
  #run: AbortController | undefined;
  #posterUrl = '';

  /** Where the camera is in the eyebox: x and y together within the unit circle, z −1..1. */
  get look(): Look {
    return this.#viewer?.look ?? { x: 0, y: 0, z: 0 };
  }

  /** Frames drawn since the picture was last put on the page. */
  get frames(): number {
    return this.#viewer?.frames ?? 0;
  }

  /** Bytes of GPU memory of the scene's textures and buffers. */
  get gpuBytes(): number {
    return this.#viewer?.gpuBytes ?? 0;
  }

  /** Goes to a place in the eyebox, x and y together within the unit circle, z −1..1; smoothly or at once. */
  setLook(x: number, y: number, z = 0, atOnce = false): void {
    this.#viewer?.setLook(x, y, z, atOnce);
  }

  /** Shows exactly that view, at once: what another element's `look` is. */
  showLook(look: Look): void {
    this.#viewer?.showLook(look);
  }

  /** Back to the photo's own view. */
  resetLook(): void {
    this.setLook(0, 0, 0);
  }

  /** Whether the tilt of the device can be followed only after `askForTilt`, as on iOS. */
  get needsTiltPermission(): boolean {
    return tiltNeedsPermission();
  }

  /** Asks to follow the device's tilt; call it in a tap. Answers whether it is followed. A tap on the picture asks as well. */
  async askForTilt(): Promise<boolean> {
    return (await this.#viewer?.askForTilt()) ?? false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved or put back: what was let go has to be taken up again.
    if (!this.hasUpdated) return;
    if (this.scene) return this.#show(this.scene);
    this.#setPoster(this.photo ?? this.src);
    void this.#convert();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort(new DOMException('The element was taken off the page.', 'AbortError'));
    this.#hide();
    this.#setPoster('');
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    if (root instanceof ShadowRoot) root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#shape];
    return root;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A scene from outside takes the place of whatever is being made.
    this.#isGiven = changed.has('scene') && this.scene !== null && this.scene !== this.#made;
    this.#asksAnew = !this.#isGiven && INPUTS.some((name) => changed.has(name));
    if (this.#isGiven || this.#asksAnew) this.#run?.abort(new DOMException('Another photo was opened.', 'AbortError'));
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
    if (!this.scene) this.#hide();
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Not in the template: pages may forbid style attributes.
    this.view.style.setProperty('--fit', fitOf(this.fit));
    if (this.#asksAnew) void this.#convert();
    else if (changed.has('scene') && this.scene) this.#show(this.scene);
    const viewer = this.#viewer;
    if (!viewer) return;
    if (changed.has('fit')) viewer.fit = fitOf(this.fit);
    if (changed.has('motion')) viewer.motion = this.motion === 'none' ? 'none' : 'auto';
    if (changed.has('strength')) viewer.strength = this.strength;
  }

  override render() {
    const { progress, problem, poster, canvas, isShown } = this;
    canvas?.classList.toggle('shown', isShown);
    return html`
      <div
        class="view ${isShown ? '' : 'flat'}"
        part="view"
        role="img"
        tabindex="0"
        aria-label=${this.alt || 'Photo'}
        aria-roledescription=${isShown ? '3D photo' : nothing}
      >
        ${poster ? html`<img part="poster" src=${poster} alt="" draggable="false" @load=${this.#posterLoaded} @error=${this.#posterFailed} />` : nothing} ${canvas ?? nothing}
      </div>
      <slot></slot>
      ${progress && !problem ? progressBar(progress) : nothing}
      ${problem ? html`<p class="error ${this.#aspect ? '' : 'alone'}" part="error" role="alert">${problem}</p>` : nothing}
    `;
  }

  /** Forgets what the last photo left on the screen, but not the picture itself. */
  #reset(): void {
    this.progress = undefined;
    this.problem = '';
    this.#report = undefined;
    this.#setPoster('');
  }

  async #convert(): Promise<void> {
    const { src, depth, photo, map, settings, network } = this;
    if (!src && !photo) return;
    const run = (this.#run = new AbortController());
    const { signal } = run;
    try {
      const { scene, report } = await convertPhoto(
        {
          photo: photo ?? src,
          map: map ?? depth,
          settings,
          network: network === 'none' ? undefined : network || UnflatPhoto.network,
          createWorker: UnflatPhoto.createWorker,
        },
        { signal, onProgress: (progress) => this.#tell(progress, signal) },
      );
      signal.throwIfAborted();
      this.#report = report;
      this.#made = scene;
      this.scene = scene;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #tell(progress: Progress, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.progress = progress;
    this.dispatchEvent(new CustomEvent('progress', { detail: progress }));
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.progress = undefined;
    this.problem = message;
    this.dispatchEvent(new ErrorEvent('error', { error, message }));
  }

  #show(scene: Scene): void {
    if (!this.#viewer) {
      this.#setShape(scene.width, scene.height);
      // A canvas whose context was given back cannot be used again.
      this.canvas = document.createElement('canvas');
      this.canvas.setAttribute('part', 'canvas');
      this.canvas.setAttribute('aria-hidden', 'true');
      this.#viewer = new Viewer(this.canvas, {
        focus: this.view,
        fit: fitOf(this.fit),
        motion: this.motion === 'none' ? 'none' : 'auto',
        strength: this.strength,
        onTakeOver: () => this.scene && this.#setShape(this.scene.width, this.scene.height),
        onFirstFrame: () => this.#shown(),
        onError: (error) => this.#fail(error),
      });
    }
    this.#viewer.setScene(scene);
  }

  #shown(): void {
    const { scene } = this;
    if (!scene) return;
    this.progress = undefined;
    this.isShown = true;
    const report = this.#report;
    this.dispatchEvent(new CustomEvent<LoadDetail>('load', { detail: { scene, ...(report && { report }) } }));
  }

  #hide(): void {
    this.#viewer?.dispose();
    this.#viewer = undefined;
    this.canvas = undefined;
    this.isShown = false;
  }

  /** The flat photo, to look at until the scene is there. */
  #setPoster(photo: string | File | SourceFile): void {
    if (this.#posterUrl) URL.revokeObjectURL(this.#posterUrl);
    this.#posterUrl = '';
    if (typeof photo !== 'string') {
      const blob = photo instanceof Blob ? photo : new Blob([photo.bytes as Uint8Array<ArrayBuffer>]);
      this.#posterUrl = URL.createObjectURL(blob);
    }
    this.poster = typeof photo === 'string' ? photo : this.#posterUrl;
  }

  #posterLoaded(event: Event): void {
    const { naturalWidth, naturalHeight } = event.target as HTMLImageElement;
    if (this.scene || naturalWidth === 0) return;
    this.#setShape(naturalWidth, naturalHeight);
    this.requestUpdate();
  }

  /** What is wrong is said in words; a browser's sign for a broken picture says nothing. */
  #posterFailed(): void {
    this.poster = '';
  }

  /** Without a height of its own the element has the photo's shape; as a sheet, so that any rule of the page wins. */
  #setShape(width: number, height: number): void {
    const aspect = width / height;
    if (this.#aspect === aspect) return;
    this.#aspect = aspect;
    this.#shape.replaceSync(`:host { aspect-ratio: ${width} / ${height}; }`);
    this.dispatchEvent(new CustomEvent<number>('aspect-change', { detail: aspect }));
  }
}

/** What a change of asks for another conversion. */
const INPUTS = ['src', 'depth', 'photo', 'map', 'settings', 'network'] as const;

function fitOf(fit: string): Fit {
  return fit === 'cover' ? 'cover' : 'contain';
}

declare global {
  interface HTMLElementTagNameMap {
    'unflat-photo': UnflatPhoto;
  }
}
