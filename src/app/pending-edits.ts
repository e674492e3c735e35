import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Desk, PhotoSettings } from './desk.ts';

/** After a choice the 3D photo is made again; a person who is still choosing should not wait for it. */
const APPLY_PAUSE_MS = 350;

/** What a person changed in a panel and the desk is not yet asked for. A cancel, a photo on its way and the panel's end give it up. */
export class PendingEdits implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #desk: () => Desk;
  readonly #onForget: (() => void) | undefined;
  #edits: Partial<PhotoSettings> = {};
  #timer = 0;
  #watched: Desk | undefined;

  constructor(host: ReactiveControllerHost, desk: () => Desk, onForget?: () => void) {
    this.#host = host;
    this.#desk = desk;
    this.#onForget = onForget;
    host.addController(this);
  }

  hostUpdate(): void {
    const desk = this.#desk();
    if (this.#watched !== desk) {
      this.#watched?.removeEventListener('cancelled', this.forget);
      this.#watched = desk;
      desk.addEventListener('cancelled', this.forget);
    }
    // What was changed and not yet asked for was meant for the photo before.
    if (desk.coming !== undefined) this.forget();
  }

  hostDisconnected(): void {
    this.#watched?.removeEventListener('cancelled', this.forget);
    this.#watched = undefined;
    this.forget();
  }

  get isEmpty(): boolean {
    return Object.keys(this.#edits).length === 0;
  }

  /** The open photo's settings as the person wants them. What the desk was asked for meanwhile counts. */
  get wished(): PhotoSettings {
    return { ...this.#desk().wished, ...this.#edits };
  }

  /** @param settled false while a slider is still being dragged. */
  change(edit: Partial<PhotoSettings>, settled: boolean): void {
    this.#edits = { ...this.#edits, ...edit };
    clearTimeout(this.#timer);
    if (settled) this.#timer = window.setTimeout(() => this.#apply(), APPLY_PAUSE_MS);
    this.#host.requestUpdate();
  }

  readonly forget = (): void => {
    clearTimeout(this.#timer);
    this.#onForget?.();
    if (this.isEmpty) return;
    this.#edits = {};
    this.#host.requestUpdate();
  };

  #apply(): void {
    const settings = this.wished;
    this.#edits = {};
    void this.#desk().adjust(settings);
  }
}
