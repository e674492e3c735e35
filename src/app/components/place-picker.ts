import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

/** Lies over the picture and takes the point that the person touches. */
@customElement('place-picker')
export class PlacePicker extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        cursor: crosshair;
      }
      button {
        position: absolute;
        left: 12px;
        bottom: 12px;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;

  constructor() {
    super();
    this.addEventListener('click', (event) => {
      const { left, top, width, height } = this.getBoundingClientRect();
      const within = (part: number): number => Math.min(1, Math.max(0, part));
      this.desk.askedPlace?.(within((event.clientX - left) / width), within((event.clientY - top) / height));
    });
    this.addEventListener('keydown', ({ key }) => key === 'Escape' && this.desk.askPlace(undefined));
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus({ preventScroll: true });
  }

  override render() {
    return html`<button @click=${this.#cancel}>${icons.close} ${strings.save.noPlace}</button>
      <span class="spoken" role="status">${strings.save.touchPlace}</span>`;
  }

  readonly #cancel = (event: Event): void => {
    event.stopPropagation();
    this.desk.askPlace(undefined);
  };
}
