import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { UnflatError, nextTask } from '../../core/index.ts';
import type { LoadDetail, UnflatPhoto } from '../../element/index.ts';
import '../../element/index.ts';
import type { Desk } from '../desk.ts';
import { blobOf, flatPhoto, type FlatPhoto, type Shown } from '../flat-photo.ts';
import { icons } from '../icons.ts';
import type { Messages } from '../messages.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';
import { stageStyles } from '../styles/stage.ts';
import { sceneThumbnail } from '../scene-thumbnail.ts';
import { Watch } from '../watch.ts';
import './compare-view.ts';
import './inpaint-compare.ts';
import './frame-picker.ts';
import './move-preview.ts';
import './sample-preview.ts';
import './place-picker.ts';
import type { Hold } from './inpaint-compare.ts';
import './run-progress.ts';
import { stageButtons } from './stage-buttons.ts';

/** After this the hint has been read. */
const HINT_MS = 5000;

/**
 * The picture, as large as there is room, and what floats over it.
 * @fires aspect-change with width / height as detail.
 * @fires toggle-full-screen
 * @fires title-change with the title of what is on the screen, flat or in 3D.
 * @fires drawing-change with whether what is open is still on its way to the screen.
 */
@customElement('app-stage')
export class AppStage extends LitElement {
  static override styles = [shared, stageStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) messages!: Messages;
  /** A flat picture to show until the first 3D photo is there. */
  @property({ attribute: false }) placeholder: { url: string; width: number; height: number } | undefined;
  @property({ type: Boolean }) sway = true;
  @property({ type: Boolean, reflect: true, attribute: 'full-screen' }) fullScreen = false;
  @state() private hint = false;
  @state() private ready = false;
  /** The scene that is on the screen, or cannot be. */
  @state() private shown: Shown | undefined;
  /** What is being opened, shown flat, and its width / height once it can be seen. */
  @state() private flat: FlatPhoto | undefined;
  @state() private flatAspect = 0;
  @state() private asksForTilt = false;
  @state() private compares = false;
  /** How the camera is held while two fillings are compared. */
  @state() private hold: Hold = 'right';
  @query('unflat-photo') private photo!: UnflatPhoto;
  @query('.ambient') private ambient!: HTMLCanvasElement;
  #aspect = 0;
  /** Width / height of the 3D photo on the screen. */
  #photoAspect = 0;
  /** Title of the 3D photo on the screen. */
  #shownTitle = '';
  #title = '';
  #flatUrl = '';
  #wasDrawing = false;
  #hinted = false;
  /** What was said last of the graphics. */
  #graphicsMessage = 0;
  #ambientOf: unknown;

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#setFlat(undefined);
  }

  protected override willUpdate(_: PropertyValues<this>): void {
    const { open } = this.desk;
    // What it was made from took the place of a finished 3D photo.
    if (open && this.shown?.scene === open.scene) this.shown = { scene: open.scene, photo: open.input.photo };
    this.#setFlat(flatPhoto(this.desk, this.shown, this.flat));
  }

  override render() {
    const { open, rival, askedPlace, askedFrames } = this.desk;
    const { flat } = this;
    const sways = rival ? this.hold === 'sway' : this.sway;
    const preview = this.#preview;
    return html`
      <canvas class="ambient" width="48" height="36" aria-hidden="true"></canvas>
      <div class="frame" ?data-empty=${!this.ready && !this.placeholder}>
        ${this.placeholder && !this.ready ? html`<img class="placeholder" src=${this.placeholder.url} alt="" decoding="sync" />` : nothing}
        ${
          flat
            ? html`<img
                class="flat"
                src=${this.#flatUrl}
                alt=${strings.stage.flatAlt(flat.title)}
                decoding="async"
                draggable="false"
                ?data-shown=${this.flatAspect > 0}
                @load=${this.#onFlatLoad}
              />`
            : nothing
        }
        <unflat-photo
          .scene=${open?.scene ?? null}
          fit="cover"
          .motion=${sways && !this.flatAspect && !preview && !this.#asksForPlace ? 'auto' : 'none'}
          alt=${open ? strings.stage.altOf(open.title) : strings.stage.alt}
          ?data-ready=${this.ready}
          @aspect-change=${({ detail }: CustomEvent<number>) => this.#onPhotoAspect(detail)}
          @load=${this.#onLoad}
          @error=${this.#onError}
          @graphics-lost=${this.#onGraphicsLost}
          @pointerdown=${() => (this.hint = false)}
          @keydown=${() => (this.hint = false)}
        ></unflat-photo>
        ${
          rival && open
            ? html`<inpaint-compare
                .open=${open}
                .rival=${rival}
                .photo=${this.photo}
                @hold-change=${({ detail }: CustomEvent<Hold>) => (this.hold = detail)}
              ></inpaint-compare>`
            : this.compares && open && !this.flatAspect
              ? html`<compare-view .scene=${open.scene}></compare-view>`
              : nothing
        }
        ${
          preview
            ? 'move' in preview
              ? html`<move-preview .scene=${preview.scene} .move=${preview.move} @click=${() => this.desk.stopPreview()}></move-preview>`
              : html`<sample-preview .desk=${this.desk} .preview=${preview}></sample-preview>`
            : nothing
        }
        ${this.#asksForPlace && askedPlace ? html`<place-picker .desk=${this.desk}></place-picker>` : nothing}
        ${this.#asksForPlace && askedFrames ? html`<frame-picker .asked=${askedFrames}></frame-picker>` : nothing}
        <div class="tools">
          ${
            this.asksForTilt
              ? html`<button class="icon glass" aria-label=${strings.stage.tilt} title=${strings.stage.tilt} @click=${this.#askForTilt}>
                  ${icons.tilt}
                </button>`
              : nothing
          }
          ${
            rival
              ? html`<button
                  class="icon glass"
                  aria-label=${strings.stage.stopComparing}
                  title=${strings.stage.stopComparing}
                  @click=${() => this.desk.stopComparing()}
                >
                  ${icons.close}
                </button>`
              : html`<button
                  class="icon glass"
                  aria-label=${strings.stage.compare}
                  title=${strings.stage.compare}
                  aria-pressed=${this.compares}
                  ?disabled=${!open}
                  @click=${() => (this.compares = !this.compares)}
                >
                  ${icons.compare}
                </button>`
          }
          ${stageButtons(
            !open || this.flatAspect > 0,
            () => this.#reset(),
            this.fullScreen,
            () => this.dispatchEvent(new Event('toggle-full-screen')),
          )}
        </div>
        <p
          class="hint"
          ?data-shown=${this.hint && !this.desk.run && !this.compares && !rival && !preview && !this.#asksForPlace}
          aria-hidden="true"
        >
          ${strings.stage.hint}
        </p>
      </div>
      <run-progress .desk=${this.desk} .drawing=${this.#isDrawing ? (open?.title ?? '') : ''}></run-progress>
    `;
  }

  get #asksForPlace(): boolean {
    const { askedPlace, askedFrames, open, rival } = this.desk;
    return (askedPlace ?? askedFrames) !== undefined && open !== undefined && !rival && !this.flatAspect;
  }

  /** Of what is on the screen. */
  get #preview(): Desk['preview'] {
    const { preview, open, rival } = this.desk;
    return preview && !rival && !this.flatAspect && preview.scene === open?.scene ? preview : undefined;
  }

  get #isDrawing(): boolean {
    const { open } = this.desk;
    return open !== undefined && open.scene !== this.shown?.scene;
  }

  override updated(): void {
    // A point of the photo is where the photo's own camera sees it.
    if (this.#asksForPlace) this.photo.resetLook();
    if (this.#wasDrawing !== this.#isDrawing) {
      this.#wasDrawing = this.#isDrawing;
      this.dispatchEvent(new CustomEvent<boolean>('drawing-change', { detail: this.#isDrawing }));
    }
    const { placeholder } = this;
    if (this.flatAspect) this.#setAspect(this.flatAspect);
    else if (this.#photoAspect) this.#setAspect(this.#photoAspect);
    else if (placeholder && !this.ready) this.#setAspect(placeholder.width / placeholder.height);
    const title = (this.flatAspect && this.flat?.title) || this.#shownTitle;
    if (this.#title !== title) {
      this.#title = title;
      this.dispatchEvent(new CustomEvent<string>('title-change', { detail: title }));
    }
    const scene = this.desk.open?.scene;
    if (scene && this.#ambientOf !== scene) {
      this.#ambientOf = scene;
      void this.#drawAmbient();
    }
  }

  /** The app around it gives the picture its place, and has to know its shape. */
  #setAspect(aspect: number): void {
    if (this.#aspect === aspect) return;
    this.#aspect = aspect;
    this.style.setProperty('--aspect', String(aspect));
    this.dispatchEvent(new CustomEvent<number>('aspect-change', { detail: aspect }));
  }

  #onPhotoAspect(aspect: number): void {
    this.#photoAspect = aspect;
    if (!this.flatAspect) this.#setAspect(aspect);
  }

  #setFlat(flat: FlatPhoto | undefined): void {
    if (flat?.photo === this.flat?.photo) return;
    if (this.#flatUrl) URL.revokeObjectURL(this.#flatUrl);
    this.#flatUrl = flat ? URL.createObjectURL(blobOf(flat.photo)) : '';
    this.flat = flat;
    this.flatAspect = 0;
  }

  /** What the browser cannot show flat is not shown, and what was open stays in sight. */
  #onFlatLoad(event: Event): void {
    const { naturalWidth, naturalHeight, src } = event.target as HTMLImageElement;
    if (src === this.#flatUrl && naturalHeight) this.flatAspect = naturalWidth / naturalHeight;
  }

  #onError(event: ErrorEvent): void {
    // It is said in the app's own way.
    event.preventDefault();
    const error: unknown = event.error;
    const { open } = this.desk;
    if (open) this.shown = { scene: open.scene, photo: open.input.photo };
    this.messages.dismiss(this.#graphicsMessage);
    if (!isGraphics(error)) return this.messages.fail(error, this.desk.open?.title ?? strings.stage.picture);
    // The photo is there, flat.
    if (this.desk.open) this.#shownTitle = this.desk.open.title;
    this.ready = true;
    this.#graphicsMessage = this.messages.tell('warning', error.message, {
      action: { label: strings.stage.tryAgain, run: () => this.photo.showIn3d() },
    });
  }

  #onGraphicsLost(): void {
    this.messages.dismiss(this.#graphicsMessage);
    this.#graphicsMessage = this.messages.tell('info', strings.stage.graphicsLost);
  }

  #onLoad({ detail }: CustomEvent<LoadDetail>): void {
    this.messages.withdraw(this.#graphicsMessage);
    const { open } = this.desk;
    // What was opened meanwhile is still to come.
    if (open && detail.scene === open.scene) {
      this.shown = { scene: open.scene, photo: open.input.photo };
      this.#shownTitle = open.title;
    }
    this.ready = true;
    this.asksForTilt = this.photo.needsTiltPermission;
    if (this.#hinted) return;
    this.#hinted = true;
    this.hint = true;
    setTimeout(() => (this.hint = false), HINT_MS);
  }

  /** A refusal is an answer: the hand goes on looking around, and the button goes. */
  async #askForTilt(): Promise<void> {
    await this.photo.askForTilt();
    this.asksForTilt = false;
  }

  /** Where the person looks from, as `UnflatPhoto.look` gives it. */
  get look(): UnflatPhoto['look'] {
    return this.photo.look;
  }

  focusPhoto(): void {
    this.photo.focus({ preventScroll: true });
  }

  #reset(): void {
    this.photo.resetLook();
  }

  /** The room around the picture takes up its light. */
  async #drawAmbient(): Promise<void> {
    const scene = this.desk.open?.scene;
    // Showing the scene was one task; its light is another.
    await nextTask();
    if (scene !== this.desk.open?.scene) return;
    const bitmap = scene && (await sceneThumbnail(scene, 48));
    if (!bitmap) return;
    const { ambient } = this;
    const context = ambient.getContext('2d');
    if (scene === this.desk.open?.scene && context) {
      context.filter = 'blur(4px) saturate(1.7)';
      context.drawImage(bitmap, -6, -6, ambient.width + 12, ambient.height + 12);
      ambient.classList.add('lit');
    }
    bitmap.close();
  }
}

function isGraphics(error: unknown): error is UnflatError {
  return error instanceof UnflatError && (error.code === 'graphics-lost' || error.code === 'graphics-unavailable');
}
