import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

/** Shows a picture file; its address is given back when the picture goes. */
@customElement('blob-image')
export class BlobImage extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    img {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
  `;

  @property({ attribute: false }) blob: Blob | undefined;
  @state() private url: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.url) this.requestUpdate('blob', undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#release();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('blob')) return;
    this.#release();
    this.url = this.blob && URL.createObjectURL(this.blob);
  }

  override render() {
    return this.url ? html`<img src=${this.url} alt="" decoding="async" />` : nothing;
  }

  #release(): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = undefined;
  }
}
