import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from '../icons.ts';
import type { Message, Messages } from '../messages.ts';
import { strings } from '../strings.ts';
import { SIDEWAYS, UPRIGHT } from '../styles/media.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';

/** Characters of the text and its button from which both on one line would leave the text too narrow; the panel is 340 px wide. */
const LONG = 28;

/** As long, in ms, nothing that has just come or moved takes a press: it may have been meant for what was there before. */
const SETTLE_MS = 400;

/** A phone, upright or on its side. */
const SMALL = '(max-width: 760px), (max-height: 560px)';

/** Errors, warnings and news, each with a way to put it away: the newest one or two, the others behind a button. An older one keeps its place when another comes. */
@customElement('app-messages')
export class AppMessages extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: end;
        container-type: inline-size;
        overflow: hidden auto;
        scrollbar-width: thin;
      }
      .message {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        margin: 0 12px 12px;
        padding: 4px 4px 4px 14px;
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: 0 0 0 1px var(--line);
        animation: arrive 0.22s ease-out;
      }
      /* The first of them keeps off what is above it. */
      :host > :first-child {
        margin-top: 12px;
      }
      .message:last-child {
        margin-bottom: max(12px, env(safe-area-inset-bottom));
      }
      :host([settling]) button {
        pointer-events: none;
      }
      .message > svg {
        margin-top: 12px;
        color: var(--muted);
      }
      .error > svg {
        color: var(--danger);
      }
      .warning > svg {
        color: var(--accent);
      }
      .text {
        flex: 1;
        min-width: 0;
        padding: 11px 0;
        font-size: 14px;
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      button {
        flex: none;
      }
      .more {
        padding-inline: 10px;
        color: var(--muted);
        font-size: 13px;
      }
      .long {
        flex-wrap: wrap;
        row-gap: 0;
      }
      .long .text {
        flex-basis: calc(100% - 120px);
        padding-bottom: 8px;
      }
      .long .action,
      .more {
        order: 1;
        margin-left: 20px;
      }
      .long .action ~ .more {
        margin-left: 0;
      }
      @media ${UPRIGHT}, ${SIDEWAYS} {
        .message {
          column-gap: 6px;
          margin: 0 8px 8px;
          padding-left: 12px;
        }
        :host > :first-child {
          margin-top: 8px;
        }
      }
      /* All of the width is the words', and the buttons are below. */
      @container (max-width: 300px) {
        .message {
          flex-wrap: wrap;
        }
        .message > svg {
          display: none;
        }
        .message .text {
          flex-basis: 100%;
          padding: 6px 8px 0 0;
          font-size: 13px;
          line-height: 1.35;
        }
        .message .action,
        .message .more {
          order: 0;
          margin-left: -10px;
          padding-inline: 10px;
        }
        .message .close {
          margin-left: auto;
        }
      }
      @media (forced-colors: active) {
        .message {
          border: 1px solid CanvasText;
        }
      }
      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateY(10px);
        }
      }
    `,
  ];

  @property({ attribute: false }) messages!: Messages;
  /** All are shown, not only the newest. */
  @state() private all = false;
  readonly #small = matchMedia(SMALL);
  readonly #onSmall = (): void => this.requestUpdate();
  /** Ids of those that are shown, in their order. */
  #shown = '';
  #settled = 0;

  constructor() {
    super();
    new Watch(this, () => this.messages);
    for (const [type, held] of [
      ['pointerenter', true],
      ['pointerleave', false],
      ['focusin', true],
      ['focusout', false],
    ] as const) {
      this.addEventListener(type, () => this.messages.hold(type.startsWith('focus') ? 'focus' : 'pointer', held));
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#small.addEventListener('change', this.#onSmall);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#small.removeEventListener('change', this.#onSmall);
    clearTimeout(this.#settled);
  }

  override willUpdate(): void {
    const { list } = this.messages;
    if (list.length <= this.#most) {
      this.all = false;
      // What was pointed at or had the focus may be gone without an event.
      if (!list.length) for (const why of ['pointer', 'focus']) this.messages.hold(why, false);
    }
    const shown = this.#visible.map(({ id }) => id).join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    clearTimeout(this.#settled);
    this.toggleAttribute('settling', true);
    this.#settled = window.setTimeout(() => this.toggleAttribute('settling', false), SETTLE_MS);
  }

  override render() {
    return repeat(
      this.#visible,
      (message) => message.id,
      (message, index) => this.#message(message, index === 0),
    );
  }

  /** The newest first: it comes above the older ones, which stay where they are. */
  get #visible(): readonly Message[] {
    const { list } = this.messages;
    return list.slice(this.all ? 0 : -this.#most).reverse();
  }

  /** Where there is little room, more would leave too little for the panel. */
  get #most(): number {
    return this.#small.matches ? 1 : 2;
  }

  #message({ id, tone, text, action }: Message, isFirst: boolean) {
    const hidden = this.messages.list.length - this.#visible.length;
    const more = isFirst && (hidden > 0 || this.all);
    return html`<div
      class="message ${tone} ${text.length + (action?.label.length ?? 0) > LONG || more ? 'long' : ''}"
      role=${tone === 'error' ? 'alert' : 'status'}
    >
      ${tone === 'info' ? icons.info : icons.warning}
      <p class="text">${text}</p>
      ${action ? html`<button class="quiet action" @click=${action.run}>${action.label}</button>` : nothing}
      ${more ? html`<button class="quiet more" aria-expanded=${this.all} @click=${() => (this.all = !this.all)}>${hidden ? strings.messages.more(hidden) : strings.messages.fewer}</button>` : nothing}
      <button class="icon quiet close" aria-label=${strings.messages.dismiss} @click=${() => this.messages.dismiss(id)}>
        ${icons.close}
      </button>
    </div>`;
  }
}
