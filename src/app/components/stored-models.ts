import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sizeWords, type ModelInfo } from '../../core/index.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import { usedWords } from '../used-words.ts';
import type { Models } from '../models.ts';
import { strings } from '../strings.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';

/** The models that lie on this machine, with what they take, and a way to remove each. */
@customElement('stored-models')
export class StoredModels extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .sum {
        margin-left: auto;
      }
      .kept {
        display: flex;
        align-items: center;
        gap: 6px;
        min-height: 60px;
        padding: 7px 0;
        border-top: 1px solid var(--line);
      }
      .kept div {
        flex: 1;
        min-width: 0;
      }
      .name {
        overflow-wrap: anywhere;
        font-weight: 550;
        line-height: 1.3;
      }
      button.act {
        padding: 0 12px;
        font-size: 13.5px;
      }
    `,
  ];

  @property({ attribute: false }) models!: Models;
  /** The model whose removal is asked about. */
  @state() private removing = '';

  constructor() {
    super();
    new Watch(this, () => this.models);
    new KeepFocus(this);
  }

  override render(): TemplateResult | typeof nothing {
    const { stored } = this.models;
    if (!stored.length) return nothing;
    const bytes = stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0);
    return html`<details class="stored" @toggle=${() => this.models.refresh()}>
      <summary class="muted">
        ${icons.turn}<span>${strings.models.stored}</span><span class="figures sum">${sizeWords(bytes)}</span>
      </summary>
      <ul>
        ${stored.map((info) => this.#row(info))}
      </ul>
    </details>`;
  }

  #row({ row, storedBytes, usedAt, state }: ModelInfo): TemplateResult {
    const asks = this.removing === row.id;
    return html`<li class="kept" data-stored=${row.id}>
      <div>
        <p class="name">${row.label}</p>
        <p class="muted figures">${sizeWords(storedBytes)}${state === 'partial' ? strings.models.inPart : ''} · ${usedWords(usedAt)}</p>
      </div>
      ${
        asks
          ? html`<button class="act" @click=${() => this.#remove(row.id)}>${strings.models.remove}</button
              ><button class="act quiet" @click=${() => (this.removing = '')}>${strings.models.keep}</button>`
          : html`<button
              class="icon quiet"
              aria-label=${strings.models.removeOne(row.label, sizeWords(storedBytes))}
              title=${strings.models.remove}
              @click=${() => (this.removing = row.id)}
            >
              ${icons.remove}
            </button>`
      }
    </li>`;
  }

  async #remove(id: string): Promise<void> {
    this.removing = '';
    await this.models.remove(id);
  }
}
