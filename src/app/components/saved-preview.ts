import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { icons } from '../icons.ts';
import { savedFile } from '../saved-file.ts';
import { strings } from '../strings.ts';
import { dialogStyles } from '../styles/dialog.ts';
import { shared } from '../styles/shared.ts';

/** Shows a picture or plays a video that was saved. */
@customElement('saved-preview')
export class SavedPreview extends LitElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
      dialog {
        width: min(960px, calc(100vw - 24px));
        max-width: none;
      }
      img,
      video {
        display: block;
        width: 100%;
        max-height: 70vh;
        object-fit: contain;
        border-radius: 10px;
        background: #000;
      }
    `,
  ];

  @property({ attribute: false }) file: File | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;
  #url = '';

  async show(file: File): Promise<void> {
    this.#forget();
    this.#url = URL.createObjectURL(file);
    this.file = file;
    await this.updateComplete;
    this.dialog.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  override render() {
    const { file } = this;
    const kind = file && savedFile.canShow(file);
    return html`<dialog aria-labelledby="saved-name" @close=${() => this.#onClose()}>
      <div class="inside">
        <div class="head">
          <h2 id="saved-name">${file?.name}</h2>
          <button class="icon quiet" aria-label=${strings.about.close} title=${strings.about.close} @click=${() => this.dialog.close()}>
            ${icons.close}
          </button>
        </div>
        ${
          kind === 'video'
            ? html`<video src=${this.#url} controls autoplay loop muted playsinline></video>`
            : kind
              ? html`<img src=${this.#url} alt=${file?.name ?? ''} />`
              : nothing
        }
      </div>
    </dialog>`;
  }

  #onClose(): void {
    this.file = undefined;
    this.#forget();
  }

  #forget(): void {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = '';
  }
}
