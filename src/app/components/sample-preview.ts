import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Desk, ShownSample } from '../desk.ts';
import { frameSource, viewFrom } from '../frame-source.ts';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';

/** Shows a small picture as it will be saved, with what to look for in it. */
@customElement('sample-preview')
export class SamplePreview extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        background: #000;
      }
      img {
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        padding: 10px 12px;
      }
      p {
        flex: 1 1 220px;
        color: #fff;
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) preview!: ShownSample;
  @state() private url = '';
  @state() private problem = '';
  #making: AbortController | undefined;
  #made: ShownSample | undefined;

  override render() {
    const { words } = this.preview.sample;
    return html`${this.url ? html`<img src=${this.url} alt=${words} />` : html`<span></span>`}
      <div class="foot">
        <p role="status">${this.problem || (this.url ? words : strings.save.makingSample)}</p>
        <button class="glass" @click=${() => this.desk.stopPreview()}>${icons.close} ${strings.save.stopPreview}</button>
      </div>`;
  }

  override updated(): void {
    if (this.#made === this.preview) return;
    this.#making?.abort();
    this.#made = this.preview;
    // The picture of other options would stand beside the words of these.
    this.#show(undefined);
    const controller = new AbortController();
    this.#making = controller;
    this.#make(this.preview, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.problem = error instanceof Error ? error.message : String(error);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#making?.abort();
    this.#made = undefined;
    this.#show(undefined);
  }

  async #make({ scene, sample, options, look }: ShownSample, signal: AbortSignal): Promise<void> {
    const values = { ...options, ...sample.options };
    const view = look && (await viewFrom(scene, look));
    const hooks = { signal, ...(view && { view }) };
    const { blob } = await this.desk.converter.save(scene, sample.product, values, frameSource(scene), hooks);
    if (!signal.aborted) this.#show(blob);
  }

  #show(blob: Blob | undefined): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = blob ? URL.createObjectURL(blob) : '';
    this.problem = '';
  }
}
