import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OptionSpec } from '../../plugin-api/index.ts';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import type { Messages } from '../messages.ts';
import { SIZES, type Preferences } from '../preferences.ts';
import { isSameInput, type Recent, type RecentPhoto, type Removal } from '../recent.ts';
import { sampleToOpen, samplePictureUrl, type Sample } from '../load-samples.ts';
import { strings } from '../strings.ts';
import { photosPanelStyles } from '../styles/photos-panel.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { sizeWords } from '../../core/index.ts';
import './blob-image.ts';
import type { Install } from '../install.ts';
import { UnhurriedElement } from '../unhurried-element.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

const SETTINGS: readonly OptionSpec[] = [
  {
    id: 'longerSidePx',
    label: strings.photos.workingSize,
    type: 'choice',
    default: '960',
    choices: SIZES.map((size) => ({ value: String(size), label: strings.photos.px(size) })),
    help: strings.photos.workingSizeHelp,
  },
  { id: 'sway', label: strings.photos.sway, type: 'boolean', default: true },
];

/** Long enough to see what is gone and to reach the button. */
const UNDO_MS = 12_000;

/** Keeps the samples' room until their list is there. */
const PLACES = [1, 2, 3].map(() => html`<li class="place"></li>`);

/**
 * Samples, photos opened before, and the few settings.
 * @fires about when the person asks what this is.
 * @fires preferences with the new Preferences as detail.
 */
@customElement('photos-panel')
export class PhotosPanel extends UnhurriedElement {
  static override styles = [shared, photosPanelStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) recent!: Recent;
  @property({ attribute: false }) messages!: Messages;
  @property({ attribute: false }) samples: readonly Sample[] = [];
  @property({ attribute: false }) preferences!: Preferences;
  @property({ attribute: false }) install!: Install;
  @property({ type: Boolean }) offline = false;
  /** Hosts that plugins may send photos to. */
  @property({ attribute: false }) hosts = '';

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.recent);
    new Watch(this, () => this.install);
  }

  override render() {
    const { list } = this.recent;
    return html`
      <section aria-labelledby="samples">
        <h2 id="samples">${strings.photos.samples}</h2>
        <ul class="grid">
          ${this.samples.length ? this.samples.map((sample) => this.#sample(sample)) : PLACES}
        </ul>
      </section>
      <section aria-labelledby="recent">
        <div class="head">
          <h2 id="recent">${strings.photos.yours}</h2>
          ${
            list.length
              ? html`<span class="muted figures">${this.recent.sizeBytes ? sizeWords(this.recent.sizeBytes) : ''}</span
                  ><button class="quiet small" @click=${() => this.#clear()}>${strings.photos.clear}</button>`
              : nothing
          }
        </div>
        ${
          list.length
            ? html`<ul class="grid">
                ${repeat(
                  list,
                  ({ id }) => id,
                  (photo) => this.#photo(photo),
                )}
              </ul>`
            : html`<p class="muted empty">${strings.photos.none}</p>`
        }
      </section>
      <details>
        <summary class="muted">${icons.turn}${strings.photos.settings}</summary>
        <option-controls
          .specs=${SETTINGS}
          .values=${{ ...this.preferences, longerSidePx: String(this.preferences.longerSidePx) }}
          @option-change=${this.#setPreference}
        ></option-controls>
      </details>
      <p class="muted private">
        ${this.hosts ? icons.plugin : icons.lock}<span
          >${this.hosts ? `${strings.app.sends(this.hosts)}.` : strings.photos.private}${this.offline ? strings.photos.offline : ''}</span
        >
      </p>
      <div class="more">
        ${this.install.isOffered ? html`<button @click=${() => this.install.ask()}>${icons.save}${strings.photos.install}</button>` : nothing}
        <button class="quiet" @click=${() => this.dispatchEvent(new Event('plugins'))}>${icons.plugin}${strings.plugins.open}</button>
        <button class="quiet" @click=${() => this.dispatchEvent(new Event('about'))}>${icons.info}${strings.photos.about}</button>
      </div>
    `;
  }

  #sample(sample: Sample) {
    return html`<li>
      <button
        class="tile"
        aria-current=${!this.desk.other3d && this.desk.open?.title === sample.title ? 'true' : nothing}
        @click=${() => this.desk.openInput(sample.title, ...sampleToOpen(sample))}
      >
        <img src=${samplePictureUrl(sample)} width=${sample.width} height=${sample.height} alt="" loading="lazy" decoding="async" />
        <span class="label">${sample.title}</span>
      </button>
    </li>`;
  }

  #photo(photo: RecentPhoto) {
    return html`<li>
      <button
        class="tile"
        aria-current=${this.desk.open && !this.desk.other3d && isSameInput(this.desk.open.input, photo.input) ? 'true' : nothing}
        @click=${() => this.desk.openInput(photo.title, () => Promise.resolve(photo.input), photo)}
      >
        <blob-image .blob=${photo.thumbnail}></blob-image>
        <span class="label">${photo.title}</span>
      </button>
      <button
        class="icon remove"
        aria-label=${strings.photos.removeOne(photo.title)}
        title=${strings.photos.remove}
        @click=${() => this.#remove(photo)}
      >
        ${icons.close}
      </button>
    </li>`;
  }

  #remove(photo: RecentPhoto): void {
    this.#offerUndo(strings.photos.removed(photo.title), this.recent.remove(photo));
  }

  #clear(): void {
    const { length } = this.recent.list;
    this.#offerUndo(strings.photos.removedAll(length), this.recent.clear());
  }

  #offerUndo(text: string, removing: Promise<Removal>): void {
    const run = (): void => {
      void removing.then(({ undo }) => undo());
      this.messages.dismiss(id);
    };
    const onGone = (): void => void removing.then(({ finish }) => finish());
    const id = this.messages.tell('info', text, { action: { label: strings.photos.undo, run }, lastsMs: UNDO_MS, onGone });
  }

  #setPreference({ detail }: CustomEvent<OptionChange>): void {
    const preferences: Preferences =
      detail.id === 'sway'
        ? { ...this.preferences, sway: Boolean(detail.value) }
        : { ...this.preferences, longerSidePx: Number(detail.value) };
    this.dispatchEvent(new CustomEvent('preferences', { detail: preferences }));
  }
}
