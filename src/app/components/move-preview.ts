import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Camera, Scene } from '../../core/index.ts';
import type { OutputPlan } from '../../plugin-api/index.ts';
import { createRasterWorker } from '../create-worker.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

type Move = NonNullable<OutputPlan['move']>;

/** Longest side of a picture, in pixels: what two processor cores draw fluently, and what a screen shows. */
const LONGEST_PX = { software: 512, hardware: 1280 };

/** Plays a camera move again and again, as it will be saved: in its own shape and time, but coarser. Pictures that come late are left out. */
@customElement('move-preview')
export class MovePreview extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        cursor: pointer;
      }
      /* Before that the photo behind it is seen. */
      :host([data-shown]) {
        background: #000;
      }
      canvas {
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      button {
        position: absolute;
        left: 12px;
        bottom: 12px;
      }
      p {
        position: absolute;
        right: 12px;
        bottom: 12px;
        max-width: calc(100% - 200px);
        margin: 0;
        padding: 8px 12px;
        border-radius: 10px;
        background: rgb(18 19 23 / 0.7);
        color: #fff;
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) scene!: Scene;
  @property({ attribute: false }) move!: Move;
  @state() private problem = '';
  @query('canvas') private canvas!: HTMLCanvasElement;
  #playing: AbortController | undefined;
  #played: Scene | undefined;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.click());
  }

  override render() {
    return html`<canvas role="img" aria-label=${strings.save.previewAlt}></canvas>
      <button class="glass">${icons.close} ${this.problem || strings.save.stopPreview}</button>
      ${this.move.note === undefined ? nothing : html`<p>${this.move.note}</p>`}`;
  }

  override updated(): void {
    // The move may change while it is played.
    if (this.#played === this.scene) return;
    this.#stop();
    this.#played = this.scene;
    const controller = new AbortController();
    this.#playing = controller;
    this.#play(this.scene, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  #stop(): void {
    this.#playing?.abort();
    this.#played = undefined;
  }

  async #play(scene: Scene, signal: AbortSignal): Promise<void> {
    const { SceneFrames } = await import('../../viewer/index.ts');
    if (signal.aborted) return;
    const frames = new SceneFrames(scene, createRasterWorker);
    try {
      const context = this.canvas.getContext('2d')!;
      for await (const picture of frames.frames(this.#cameras(LONGEST_PX[frames.kind], signal))) {
        if (!signal.aborted) {
          const { width, height } = picture;
          if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
          context.drawImage(picture, 0, 0);
          shade(context, this.move.light);
          this.toggleAttribute('data-shown', true);
        }
        picture.close();
        // A page that nobody sees gets no turn here, so that nothing is drawn for it.
        if (!signal.aborted) await new Promise(requestAnimationFrame);
      }
    } finally {
      frames.dispose();
    }
  }

  /** The camera of the moment, whenever one is asked for. */
  *#cameras(longestPx: number, signal: AbortSignal): Generator<Camera> {
    const began = performance.now();
    while (!signal.aborted) {
      const { cameras, seconds } = this.move;
      const part = ((performance.now() - began) / 1000 / seconds) % 1;
      yield reduced(cameras[Math.min(cameras.length - 1, Math.floor(part * cameras.length))]!, longestPx);
    }
  }
}

/** Darkens a picture by how much light is left from its middle to its corners. */
function shade(context: CanvasRenderingContext2D, light: readonly number[] | undefined): void {
  if (!light || light.length < 2) return;
  const { width, height } = context.canvas;
  const shadow = context.createRadialGradient(width / 2, height / 2, 0, width / 2, height / 2, Math.hypot(width, height) / 2);
  light.forEach((part, n) => {
    // Values of sRGB are light to the power of 1/2.2, about.
    const dark = 1 - Math.min(1, Math.max(0, part)) ** (1 / 2.2);
    shadow.addColorStop(n / (light.length - 1), `rgb(0 0 0 / ${dark})`);
  });
  context.fillStyle = shadow;
  context.fillRect(0, 0, width, height);
}

/** The same view in fewer pixels. */
function reduced(camera: Camera, longestPx: number): Camera {
  const by = Math.min(1, longestPx / Math.max(camera.width, camera.height));
  const [width, height] = [Math.max(1, Math.round(camera.width * by)), Math.max(1, Math.round(camera.height * by))];
  const [across, down] = [width / camera.width, height / camera.height];
  return { ...camera, width, height, fx: camera.fx * across, cx: camera.cx * across, fy: camera.fy * down, cy: camera.cy * down };
}
