import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AskedFrame, AskedFrames } from '../desk-types.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

/** Smallest frame, in parts of the largest. */
const SMALLEST = 0.1;
/** What a key changes, in parts of the photo or of the largest frame. */
const KEY_STEP = 0.01;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Lies over the picture and shows frames that the person drags by their inside and makes larger or smaller by a corner. */
@customElement('frame-picker')
export class FramePicker extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        overflow: hidden;
        touch-action: none;
      }
      .view {
        position: absolute;
        min-height: 0;
        padding: 0;
        border: 2px solid #fff;
        border-radius: 0;
        outline-offset: -6px;
        box-shadow:
          0 0 0 1px rgb(0 0 0 / 60%),
          inset 0 0 0 1px rgb(0 0 0 / 60%);
        cursor: move;
        transition: none;
      }
      .view,
      .view:hover {
        background: none;
      }
      .view.last {
        border-style: dashed;
      }
      .name {
        position: absolute;
        top: 0;
        left: 0;
        padding: 1px 8px;
        background: #fff;
        color: #000;
        font-size: 13px;
        white-space: nowrap;
        pointer-events: none;
      }
      .last .name {
        right: 0;
        left: auto;
      }
      .corner {
        position: absolute;
        right: -2px;
        bottom: -2px;
        width: 28px;
        height: 28px;
        border: 2px solid #fff;
        background: rgb(0 0 0 / 60%);
        cursor: nwse-resize;
      }
      .done {
        position: absolute;
        left: 12px;
        bottom: 12px;
        z-index: 3;
      }
    `,
  ];

  @property({ attribute: false }) asked!: AskedFrames;
  /** While one is dragged; then what was asked for counts again. */
  @state() private moved: readonly AskedFrame[] | undefined;

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.view')?.focus({ preventScroll: true });
  }

  override render() {
    const { asked } = this;
    const frames = this.moved ?? asked.frames;
    return html`${frames.map(({ label, x, y, size }, i) => {
        return html`<button
          class="view ${i > 0 ? 'last' : ''}"
          aria-label=${strings.save.frame(label, Math.round(100 * x), Math.round(100 * y), Math.round(100 * size))}
          @keydown=${(event: KeyboardEvent) => this.#onKey(event, i)}
          @pointerdown=${(event: PointerEvent) => this.#drag(event, i)}
        >
          <span class="name">${label}</span><span class="corner"></span>
        </button>`;
      })}
      <button class="glass done" @click=${() => asked.done()}>${icons.check} ${strings.save.framesDone}</button>
      <span class="spoken" role="status">${strings.save.dragFrames}</span>`;
  }

  override updated(): void {
    const { asked } = this;
    const frames = this.moved ?? asked.frames;
    const percent = (part: number): string => `${100 * part}%`;
    // As properties: the app's policy allows no style attributes.
    this.renderRoot.querySelectorAll<HTMLElement>('.view').forEach((view, i) => {
      const { x, y, size } = frames[i]!;
      const [width, height] = [size * asked.largest.width, size * asked.largest.height];
      Object.assign(view.style, {
        left: percent(x - width / 2),
        top: percent(y - height / 2),
        width: percent(width),
        height: percent(height),
        // The smaller one lies above: otherwise it could not be reached.
        zIndex: String(frames.filter((other) => other.size > size).length),
      });
    });
  }

  #onKey(event: KeyboardEvent, i: number): void {
    const { key } = event;
    const frame = this.asked.frames[i]!;
    const [right = 0, down = 0] = ARROWS[key] ?? [];
    const larger = key === '+' ? 1 : key === '-' ? -1 : 0;
    if (key === 'Escape') this.asked.done();
    if (!right && !down && !larger) return;
    event.preventDefault();
    this.asked.change(
      i,
      this.#inside({ ...frame, x: frame.x + right * KEY_STEP, y: frame.y + down * KEY_STEP, size: frame.size + larger * KEY_STEP }),
    );
  }

  #drag(event: PointerEvent, i: number): void {
    if (event.button !== 0) return;
    const view = event.currentTarget as HTMLElement;
    const isCorner = (event.target as HTMLElement).classList.contains('corner');
    const { width, height } = this.getBoundingClientRect();
    const from = this.asked.frames[i]!;
    const { largest } = this.asked;
    view.setPointerCapture(event.pointerId);
    const move = (now: PointerEvent): void => {
      const [across, down] = [(now.clientX - event.clientX) / width, (now.clientY - event.clientY) / height];
      // The middle stays when a corner is pulled.
      const grown = Math.max((2 * across) / largest.width, (2 * down) / largest.height);
      const shrunk = Math.min((2 * across) / largest.width, (2 * down) / largest.height);
      const by = Math.abs(grown) > Math.abs(shrunk) ? grown : shrunk;
      const frame = this.#inside(isCorner ? { ...from, size: from.size + by } : { ...from, x: from.x + across, y: from.y + down });
      this.moved = this.asked.frames.map((each, n) => (n === i ? frame : each));
    };
    const end = (): void => {
      for (const [type, listener] of [
        ['pointermove', move],
        ['pointerup', end],
        ['pointercancel', end],
      ] as const)
        view.removeEventListener(type, listener as EventListener);
      const frame = this.moved?.[i];
      if (frame) this.asked.change(i, frame);
      this.moved = undefined;
    };
    view.addEventListener('pointermove', move);
    view.addEventListener('pointerup', end);
    view.addEventListener('pointercancel', end);
  }

  /** A frame never leaves the photo. */
  #inside({ label, x, y, size }: AskedFrame): AskedFrame {
    const { largest } = this.asked;
    const part = Math.min(1, Math.max(SMALLEST, size));
    const within = (middle: number, length: number): number => Math.min(1 - length / 2, Math.max(length / 2, middle));
    return { label, size: part, x: within(x, part * largest.width), y: within(y, part * largest.height) };
  }
}
