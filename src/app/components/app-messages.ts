import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from '../icons.ts';
import type { Message, Messages } from '../messages.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';

/** Errors, warnings and news, each with a way to put it away. */
@customElement('app-messages')
export class AppMessages extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 10px;
        pointer-events: none;
      }
      .message {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        padding: 4px 4px 4px 16px;
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow:
          var(--shadow),
          0 0 0 1px var(--line);
        pointer-events: auto;
        animation: arrive 0.22s ease-out;
      }
      .message > svg {
        margin-top: 12px;
        color: var(--muted);
      }
      .error > svg {
        color: var(--danger);
      }
      .warning > svg {
        color: var(--accent);
      }
      .text {
        flex: 1;
        min-width: 0;
        padding: 11px 0;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      button {
        flex: none;
      }
      @media (max-width: 480px) {
        .message {
          gap: 6px;
          padding-left: 12px;
        }
        button.quiet:not(.icon) {
          padding-inline: 8px;
        }
      }
      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateY(10px);
        }
      }
    `,
  ];

  @property({ attribute: false }) messages!: Messages;

  constructor() {
    super();
    new Watch(this, () => this.messages);
  }

  override render() {
    return repeat(
      this.messages.list,
      (message) => message.id,
      (message) => this.#message(message),
    );
  }

  #message({ id, tone, text, action }: Message) {
    return html`<div class="message ${tone}" role=${tone === 'error' ? 'alert' : 'status'}>
      ${tone === 'info' ? icons.info : icons.warning}
      <p class="text">${text}</p>
      ${action ? html`<button class="quiet" @click=${action.run}>${action.label}</button>` : nothing}
      <button class="icon quiet" aria-label="Dismiss" @click=${() => this.messages.dismiss(id)}>${icons.close}</button>
    </div>`;
  }
}
