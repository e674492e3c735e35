import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { MOST_PATH_CHARACTERS, readCameraPath } from '../../plugin-api/index.ts';
import type { Look } from '../../viewer/index.ts';
import { pathOf, pathWords, withView } from '../path-of.ts';
import { strings } from '../strings.ts';
import { controls } from '../styles/controls.ts';
import { shared } from '../styles/shared.ts';

/** A recording ends by itself after so many seconds. */
const MOST_S = 60;

/**
 * Records how the person looks around, takes single views, opens and saves a camera path.
 * @fires path-change with the path's text as detail; '' = there is none.
 */
@customElement('path-recorder')
export class PathRecorder extends LitElement {
  static override styles = [
    shared,
    controls,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  /** The path's text. */
  @property() value = '';
  /** Where the person looks from at this moment; undefined where nothing is shown. */
  @property({ attribute: false }) lookNow: () => Look | undefined = () => undefined;
  /** Seconds that were recorded so far; undefined while nothing is. */
  @state() private recorded: number | undefined;
  @state() private problem = '';
  #samples: (Look & { at: number })[] = [];
  #frame = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.recorded = undefined;
  }

  override render() {
    const { recorded, value, problem } = this;
    const { save } = strings;
    const button = (label: string, act: () => void) => html`<button class="quiet" @click=${act}>${label}</button>`;
    return html`<div class="buttons">
        ${
          recorded === undefined
            ? html`${button(save.recordPath, () => this.#start())} ${button(save.addView, () => this.#addView())}
              ${button(save.openPath, () => void this.#open())}
              ${value === '' ? nothing : html`${button(save.keepPath, () => this.#keep())} ${button(save.removePath, () => this.#tell(''))}`}`
            : button(save.stopPath, () => this.#stop())
        }
      </div>
      <p class="muted" role="status">${this.#words()}</p>
      ${problem === '' ? nothing : html`<p role="alert">${problem}</p>`}`;
  }

  #words(): string {
    const { save } = strings;
    if (this.recorded !== undefined) return save.recordingPath(Math.floor(this.recorded));
    const { seconds, keys } = pathWords(this.value);
    return keys === 0 ? save.noPath : keys === 1 ? save.onePathView : save.pathWords(keys, seconds);
  }

  #start(): void {
    this.problem = '';
    this.#samples = [];
    const begin = performance.now();
    const step = (): void => {
      const at = (performance.now() - begin) / 1000;
      const look = this.lookNow();
      if (look) this.#samples.push({ ...look, at });
      this.recorded = at;
      if (at >= MOST_S) this.#stop();
      else this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    this.recorded = undefined;
    const text = pathOf(this.#samples);
    this.#samples = [];
    if (text === undefined) this.problem = strings.save.stillPath;
    else this.#tell(text);
  }

  #addView(): void {
    const look = this.lookNow();
    if (look) this.#tell(withView(this.value, look));
  }

  async #open(): Promise<void> {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json,application/json' });
    input.click();
    const file = await new Promise<File | undefined>((resolve) => {
      input.onchange = () => resolve(input.files?.[0]);
      input.oncancel = () => resolve(undefined);
    });
    if (!file) return;
    try {
      const text = await file.slice(0, MOST_PATH_CHARACTERS + 1).text();
      readCameraPath(text, file.name);
      this.#tell(text);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  #keep(): void {
    const url = URL.createObjectURL(new Blob([this.value], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: url, download: 'move.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  #tell(text: string): void {
    this.problem = '';
    this.value = text;
    this.dispatchEvent(new CustomEvent<string>('path-change', { detail: text }));
  }
}
