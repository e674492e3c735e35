import type { LitElement, ReactiveController } from 'lit';

/** When what has the focus goes (a button becomes a bar, a bar becomes a choice), what came in its row gets it, else the heading. */
export class KeepFocus implements ReactiveController {
  readonly #host: LitElement;
  #focused: Element | null = null;
  #row = '';

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#focused = this.#host.shadowRoot?.activeElement ?? null;
    this.#row = this.#focused?.closest<HTMLElement>('[data-model]')?.dataset['model'] ?? '';
  }

  hostUpdated(): void {
    if (!this.#focused || this.#focused.isConnected) return;
    const root = this.#host.shadowRoot;
    const row = this.#row && root?.querySelector(`[data-model="${CSS.escape(this.#row)}"]`);
    const next =
      (row && row.querySelector<HTMLElement>('button, a, input')) || root?.querySelector<HTMLElement>('h2, summary, input:checked');
    next?.focus({ preventScroll: true });
  }
}
