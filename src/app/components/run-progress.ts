import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';

/** What the conversion is doing, how far it is, and the way to stop it. */
@customElement('run-progress')
export class RunProgress extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        visibility: hidden;
        opacity: 0;
        transition:
          opacity 0.25s,
          visibility 0.25s;
        color: var(--on-glass);
      }
      :host([shown]) {
        visibility: visible;
        opacity: 1;
        /* What is done in a blink needs no card. */
        transition-delay: 0.15s;
      }
      .card {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        column-gap: 8px;
        padding: 8px 6px 14px 18px;
        border-radius: 18px;
        background: var(--glass);
        backdrop-filter: blur(18px) saturate(1.3);
      }
      @media (forced-colors: active) {
        .card {
          border: 1px solid CanvasText;
          background: Canvas;
        }
      }
      .title {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-weight: 600;
        font-size: 14px;
      }
      .words {
        font-size: 13px;
        opacity: 0.82;
      }
      progress {
        grid-column: 1 / -1;
        width: calc(100% - 12px);
        margin-top: 6px;
      }
      button {
        color: inherit;
        background: none;
      }
      button:hover {
        background: rgb(255 255 255 / 0.16);
      }
      :focus-visible {
        outline-color: #fff;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  /** Title of what is ready and on its way to the screen: a moment where a graphics card draws it, seconds where none does. */
  @property({ attribute: false }) drawing = '';
  /** The last run, so that the card does not empty while it fades. */
  #last = { title: '', words: '', fraction: 0 };

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  override render() {
    const { run } = this.desk;
    this.toggleAttribute('shown', Boolean(run || this.drawing));
    if (run) this.#last = run;
    else if (this.drawing) this.#last = { title: this.drawing, words: strings.progress.drawing, fraction: 1 };
    const { title, words, fraction } = this.#last;
    return html`<div class="card">
      <div>
        <p class="title">${title}</p>
        <p class="words">${words}…</p>
      </div>
      <button
        class="icon"
        aria-label=${strings.progress.cancel}
        title=${strings.progress.cancel}
        ?disabled=${!run}
        @click=${() => this.desk.cancel()}
      >
        ${icons.close}
      </button>
      <progress max="1" .value=${fraction} aria-label=${strings.progress.label}></progress>
    </div>`;
  }
}
