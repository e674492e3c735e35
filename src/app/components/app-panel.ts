import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from '../icons.ts';
import { strings } from '../strings.ts';
import { SIDEWAYS, UPRIGHT } from '../styles/media.ts';
import { shared } from '../styles/shared.ts';
import { UnhurriedElement } from '../unhurried-element.ts';

export type PanelId = 'photos' | 'depth' | 'inpaint' | 'save';

const TABS: readonly { id: PanelId; label: string; icon: TemplateResult }[] = [
  { id: 'photos', label: strings.panels.photos, icon: icons.photos },
  { id: 'depth', label: strings.panels.depth, icon: icons.depth },
  { id: 'inpaint', label: strings.panels.inpaint, icon: icons.inpaint },
  { id: 'save', label: strings.panels.save, icon: icons.save },
];

export function isPanel(id: string): id is PanelId {
  return TABS.some((tab) => tab.id === id);
}

/**
 * Four tabs beside (or, on a phone, below) the picture. The panels are slotted by their id.
 * @fires panel-change with a PanelId as detail.
 */
@customElement('app-panel')
export class AppPanel extends UnhurriedElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        container-type: inline-size;
        background: var(--surface);
      }
      .tabs {
        display: grid;
        grid-auto-flow: column;
        /* The room that is left is shared, so that no word touches its button's edge. */
        grid-auto-columns: auto;
        gap: 2px;
        margin: 16px 20px 0;
        padding: 4px;
        border-radius: 14px;
        background: var(--sunken);
      }
      .tabs button {
        min-height: 44px;
        padding: 0 2px;
        gap: 5px;
        border-radius: 10px;
        background: none;
        color: var(--muted);
        font-size: 13px;
      }
      .tabs button:hover {
        color: var(--text);
      }
      .tabs button[aria-selected='true'] {
        background: var(--raised);
        color: var(--text);
        box-shadow: 0 1px 3px rgb(0 0 0 / 0.14);
      }
      .tabs svg {
        width: 16px;
        height: 16px;
      }
      .content {
        display: flex;
        flex-direction: column;
        gap: 20px;
        overflow: hidden auto;
        overscroll-behavior: contain;
        padding: 20px 20px 6px;
        scrollbar-width: thin;
        scrollbar-color: color-mix(in srgb, var(--text) 22%, transparent) transparent;
      }
      /* What gets the focus must not lie under the panel's own foot. */
      .content.save {
        scroll-padding-bottom: 130px;
      }
      .content:focus-visible {
        outline-offset: -3px;
      }
      .foot {
        margin: 0 -20px;
        padding: 4px 20px 0;
        border-top: 1px solid var(--line);
      }
      @media ${UPRIGHT}, ${SIDEWAYS} {
        .tabs {
          margin: 12px 16px 0;
        }
        .content {
          padding: 16px 16px max(6px, env(safe-area-inset-bottom));
        }
        .foot {
          margin: 0 -16px;
          padding: 4px 16px 0;
        }
      }
      @media ${SIDEWAYS} {
        .tabs {
          margin: 6px 8px 0;
          padding: 2px;
        }
        .content {
          padding: 12px 12px max(6px, env(safe-area-inset-bottom));
        }
        .foot {
          margin: 0 -12px;
          padding: 4px 12px 0;
        }
      }
      @container (max-width: 300px) {
        .tabs svg {
          display: none;
        }
      }
      @container (max-width: 220px) {
        .tabs {
          margin-inline: 6px;
        }
        .tabs button {
          padding: 0;
          font-size: 12px;
        }
      }
    `,
  ];

  @property() selected: PanelId = 'photos';

  override render() {
    return html`
      <div class="tabs" role="tablist" aria-label=${strings.panels.label} @keydown=${this.#onKey}>
        ${TABS.map(
          ({ id, label, icon }) =>
            html`<button
              role="tab"
              id="tab-${id}"
              aria-selected=${this.selected === id}
              aria-controls="content"
              tabindex=${this.selected === id ? 0 : -1}
              @click=${() => this.#select(id)}
            >
              ${icon}${label}
            </button>`,
        )}
      </div>
      <div class="content ${this.selected}" id="content" role="tabpanel" aria-labelledby="tab-${this.selected}">
        <slot name=${this.selected}></slot>
        <div class="foot"><slot name="footer"></slot></div>
      </div>
    `;
  }

  override updated(changed: PropertyValues<this>): void {
    const content = this.shadowRoot?.getElementById('content');
    if (changed.has('selected') && content) content.scrollTop = 0;
  }

  #select(id: PanelId): void {
    this.dispatchEvent(new CustomEvent<PanelId>('panel-change', { detail: id }));
  }

  #onKey(event: KeyboardEvent): void {
    const index = TABS.findIndex(({ id }) => id === this.selected);
    const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: TABS.length - 1 };
    const next = steps[event.key];
    const tab = next === undefined ? undefined : TABS[(next + TABS.length) % TABS.length];
    if (!tab) return;
    event.preventDefault();
    this.#select(tab.id);
    this.shadowRoot?.getElementById(`tab-${tab.id}`)?.focus();
  }
}
