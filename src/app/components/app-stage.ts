import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Scene } from '../../core/index.ts';
import type { LoadDetail, UnflatPhoto } from '../../element/index.ts';
import '../../element/index.ts';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import type { Messages } from '../messages.ts';
import { shared } from '../styles/shared.ts';
import { stageStyles } from '../styles/stage.ts';
import { sceneThumbnail } from '../thumbnail.ts';
import { Watch } from '../watch.ts';
import './compare-view.ts';
import './fill-compare.ts';
import type { Hold } from './fill-compare.ts';
import './run-progress.ts';

/** After this the hint has been read. */
const HINT_MS = 7000;

/**
 * The picture, as large as there is room, and what floats over it.
 * @fires aspect-change with width / height as detail.
 * @fires toggle-full-screen
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
  @state() private shown: Scene | undefined;
  @state() private asksForTilt = false;
  @state() private compares = false;
  /** How the camera is held while two fillings are compared. */
  @state() private hold: Hold = 'right';
  @query('unflat-photo') private photo!: UnflatPhoto;
  @query('.ambient') private ambient!: HTMLCanvasElement;
  #aspect = 0;
  #wasDrawing = false;
  #hinted = false;
  #ambientOf: unknown;

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  override render() {
    const { open, rival } = this.desk;
    const sways = rival ? this.hold === 'sway' : this.sway;
    return html`
      <canvas class="ambient" width="48" height="36" aria-hidden="true"></canvas>
      <div class="frame" ?data-empty=${!this.ready && !this.placeholder}>
        ${this.placeholder && !this.ready ? html`<img class="placeholder" src=${this.placeholder.url} alt="" />` : nothing}
        <unflat-photo
          .scene=${open?.scene ?? null}
          fit="cover"
          .motion=${sways ? 'auto' : 'none'}
          alt=${open ? `3D photo: ${open.title}` : '3D photo'}
          ?data-ready=${this.ready}
          @aspect-change=${({ detail }: CustomEvent<number>) => this.#setAspect(detail)}
          @load=${this.#onLoad}
          @error=${this.#onError}
          @pointerdown=${() => (this.hint = false)}
          @keydown=${() => (this.hint = false)}
        ></unflat-photo>
        ${rival && open
          ? html`<fill-compare .open=${open} .rival=${rival} .photo=${this.photo} @hold-change=${({ detail }: CustomEvent<Hold>) => (this.hold = detail)}></fill-compare>`
          : this.compares && open
            ? html`<compare-view .scene=${open.scene}></compare-view>`
            : nothing}
        <div class="tools">
          ${this.asksForTilt
            ? html`<button class="icon glass" aria-label="Look around by tilting" title="Look around by tilting" @click=${this.#askForTilt}>
                ${icons.tilt}
              </button>`
            : nothing}
          ${rival
            ? html`<button class="icon glass" aria-label="Stop comparing" title="Stop comparing" @click=${() => this.desk.stopComparing()}>${icons.close}</button>`
            : html`<button
                class="icon glass"
                aria-label="Compare photo, depth and 3D"
                title="Compare photo, depth and 3D"
                aria-pressed=${this.compares}
                ?disabled=${!open}
                @click=${() => (this.compares = !this.compares)}
              >
                ${icons.compare}
              </button>`}
          <button class="icon glass" aria-label="Reset view" title="Reset view" ?disabled=${!open} @click=${this.#reset}>${icons.reset}</button>
          <button
            class="icon glass"
            aria-label=${this.fullScreen ? 'Leave full screen' : 'Full screen'}
            title=${this.fullScreen ? 'Leave full screen' : 'Full screen'}
            @click=${() => this.dispatchEvent(new Event('toggle-full-screen'))}
          >
            ${this.fullScreen ? icons.leaveFullScreen : icons.fullScreen}
          </button>
        </div>
        <p class="hint" ?data-shown=${this.hint && !this.desk.run && !this.compares && !rival} aria-hidden="true">Drag to look around</p>
      </div>
      <run-progress .desk=${this.desk} .drawing=${this.#isDrawing ? (open?.title ?? '') : ''}></run-progress>
    `;
  }

  get #isDrawing(): boolean {
    const { open } = this.desk;
    return open !== undefined && open.scene !== this.shown;
  }

  override updated(): void {
    if (this.#wasDrawing !== this.#isDrawing) {
      this.#wasDrawing = this.#isDrawing;
      this.dispatchEvent(new CustomEvent<boolean>('drawing-change', { detail: this.#isDrawing }));
    }
    const { placeholder } = this;
    if (placeholder && !this.ready && !this.desk.open) this.#setAspect(placeholder.width / placeholder.height);
    const scene = this.desk.open?.scene;
    if (scene && this.#ambientOf !== scene) {
      this.#ambientOf = scene;
      void this.#paintAmbient();
    }
  }

  /** The app around it gives the picture its place, and has to know its shape. */
  #setAspect(aspect: number): void {
    if (this.#aspect === aspect) return;
    this.#aspect = aspect;
    this.style.setProperty('--aspect', String(aspect));
    this.dispatchEvent(new CustomEvent<number>('aspect-change', { detail: aspect }));
  }

  #onError(event: ErrorEvent): void {
    this.shown = this.desk.open?.scene;
    this.messages.fail(event.error, this.desk.open?.title ?? 'The picture');
  }

  #onLoad({ detail }: CustomEvent<LoadDetail>): void {
    this.shown = detail.scene;
    this.ready = true;
    this.asksForTilt = this.photo.needsTiltPermission && matchMedia('(pointer: coarse)').matches;
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

  focusPhoto(): void {
    this.photo.focus({ preventScroll: true });
  }

  #reset(): void {
    this.photo.resetLook();
  }

  /** The room around the picture takes up its light. */
  async #paintAmbient(): Promise<void> {
    const scene = this.desk.open?.scene;
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
