import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

/** Lies over everything while files hang over the window. */
@customElement('drop-veil')
export class DropVeil extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: fixed;
        inset: 0;
        z-index: 30;
        display: grid;
        padding: 18px;
        pointer-events: none;
        background: rgb(10 11 14 / 0.76);
        color: #fff;
        animation: appear 0.15s ease-out;
      }
      .edge {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 12px;
        border: 2px dashed rgb(255 255 255 / 0.75);
        border-radius: 24px;
        text-align: center;
      }
      svg {
        width: 44px;
        height: 44px;
        stroke-width: 1.3;
      }
      strong {
        font-size: 24px;
        font-weight: 600;
        letter-spacing: -0.015em;
      }
      p {
        opacity: 0.85;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
    `,
  ];

  /** The photo that waits for its map, where one does. */
  @property() waiting = '';

  override render() {
    return html`<div class="edge">
      ${this.waiting ? icons.map : icons.open}
      <strong>${this.waiting ? strings.drop.map : strings.drop.open}</strong>
      <p>${this.waiting ? strings.drop.mapHelp(this.waiting) : strings.drop.openHelp}</p>
    </div>`;
  }
}
