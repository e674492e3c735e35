import { css, html, nothing } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { BUILD } from '../build-lock.ts';
import { icons, mark } from '../icons.ts';
import { installsByHand } from '../install.ts';
import { strings } from '../strings.ts';
import { dialogStyles } from '../styles/dialog.ts';
import { shared } from '../styles/shared.ts';
import { VERSION } from '../version.ts';
import { UnhurriedElement } from '../unhurried-element.ts';

const SOURCE = 'LICENSE.txt';

/** Keys as they stand on the keyboard, and what they do. */
const SHORTCUTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Ctrl O', '⌘ O'], strings.about.openPhoto],
  [['Ctrl V', '⌘ V'], strings.about.openCopied],
  [['←', '→', '↑', '↓'], strings.about.lookAround],
  [['+', '−'], strings.about.zoom],
  [['Home', '0'], strings.about.reset],
  [['Esc'], strings.about.closeCard],
  [['?'], strings.about.showThis],
];

/** What this is, its version, its keys and the licences of what is in it. */
@customElement('about-dialog')
export class AboutDialog extends UnhurriedElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
      .head .mark {
        width: 30px;
        height: 30px;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 8px 14px;
        font-size: 14px;
      }
      h3 {
        font-size: 14px;
        font-weight: 600;
      }
      kbd {
        display: inline-block;
        min-width: 24px;
        padding: 1px 6px;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--sunken);
        font: inherit;
        font-size: 13px;
        text-align: center;
      }
      a {
        color: inherit;
      }
    `,
  ];

  @query('dialog') private dialog!: HTMLDialogElement;

  override render() {
    return html`<dialog aria-labelledby="about" @click=${this.#onClick}>
      <div class="inside">
        <div class="head">
          ${mark}
          <h2 id="about">${strings.app.name} <span class="muted figures">${VERSION}</span></h2>
          <button class="icon quiet" aria-label=${strings.about.close} title=${strings.about.close} @click=${() => this.dialog.close()}>
            ${icons.close}
          </button>
        </div>
        <p>${strings.about.what}</p>
        ${installsByHand() ? html`<p>${strings.about.install}</p>` : nothing}
        <h3>${strings.about.keys}</h3>
        <dl>
          ${SHORTCUTS.map(
            ([keys, does]) =>
              html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
                <dd>${does}</dd>`,
          )}
        </dl>
        <p class="muted">
          ${strings.about.licence} <a href=${SOURCE} target="_blank" rel="noopener">${strings.about.licences}</a>.
          ${strings.about.modelLicences}
        </p>
        <p class="muted figures">${strings.about.build(BUILD)}</p>
      </div>
    </dialog>`;
  }

  /** Shows it; it closes by its button, Escape, or a click beside it. */
  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #onClick(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog.close();
  }
}
