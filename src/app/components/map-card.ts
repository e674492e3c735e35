import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Desk } from '../desk.ts';
import { MAP_TYPES } from '../files/choose.ts';
import { pickFiles } from '../files/incoming.ts';
import { icons } from '../icons.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './blob-image.ts';

/** Asks for the depth map of a photo that has none inside. What is already open stays open behind it. */
@customElement('map-card')
export class MapCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: 16px;
        overflow: auto;
        background: rgb(10 11 14 / 0.5);
        animation: appear 0.2s ease-out;
      }
      .card {
        display: grid;
        gap: 14px;
        width: min(420px, 100%);
        padding: 22px;
        border-radius: 20px;
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .photo {
        display: grid;
        grid-template-columns: 64px 1fr;
        gap: 14px;
        align-items: center;
      }
      blob-image {
        width: 64px;
        height: 64px;
        border-radius: 11px;
        overflow: hidden;
        background: var(--sunken);
      }
      h2 {
        font-size: 18px;
        line-height: 1.25;
        letter-spacing: -0.012em;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .actions .primary {
        flex: 1 1 auto;
      }
      details {
        margin-bottom: -10px;
      }
      details ul {
        display: grid;
        gap: 8px;
        padding-bottom: 12px;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.desk.stopWaiting());
  }

  override firstUpdated(): void {
    this.shadowRoot?.querySelector('h2')?.focus();
  }

  override render() {
    const { waiting } = this.desk;
    if (!waiting) return nothing;
    return html`<section class="card" aria-labelledby="title">
      <div class="photo">
        <blob-image .blob=${waiting.photo}></blob-image>
        <div>
          <h2 id="title" tabindex="-1">This photo carries no depth</h2>
          <p class="muted name">${waiting.title}</p>
        </div>
      </div>
      <p>Add its depth map: a grey picture of the same view that says what is near and what is far. Drop it here, or choose the file.</p>
      <div class="actions">
        <button class="primary" @click=${this.#pick}>${icons.map}Add depth map</button>
        <button @click=${() => this.desk.stopWaiting()}>Not now</button>
      </div>
      <details>
        <summary class="muted">${icons.turn}What works</summary>
        <ul class="muted">
          <li>Depth maps as PNG (8 or 16 bit), JPEG, WebP, NPY or PFM, of any size. White is near; you can flip it.</li>
          <li>Photos with depth inside: Google (GDepth, Dynamic Depth), Samsung, Huawei, and JPEGs with the depth appended.</li>
          <li>Photo and depth in one picture, side by side or stacked.</li>
        </ul>
      </details>
    </section>`;
  }

  async #pick(): Promise<void> {
    const [map] = await pickFiles(MAP_TYPES, false);
    if (map) await this.desk.useMap(map);
  }
}
