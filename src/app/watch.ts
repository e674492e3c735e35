import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** State that tells when it changed. */
export class Watched extends EventTarget {
  /** Call after every change; components redraw once a frame however often it is called. */
  protected changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Redraws a component when the state that it shows changes. */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Watched | undefined;
  #current: Watched | undefined;
  readonly #redraw = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost, source: () => Watched | undefined) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const next = this.#source();
    if (next === this.#current) return;
    this.#current?.removeEventListener('change', this.#redraw);
    next?.addEventListener('change', this.#redraw);
    this.#current = next;
  }

  hostDisconnected(): void {
    this.#current?.removeEventListener('change', this.#redraw);
    this.#current = undefined;
  }
}
