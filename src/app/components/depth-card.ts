import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Desk, Waiting } from '../desk.ts';
import { MAP_TYPES } from '../files/choose-files.ts';
import { pickFiles } from '../files/listen-for-files.ts';
import { pickModelFiles } from '../files/pick-model-files.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import { isByHand } from '../is-by-hand.ts';
import { strings } from '../strings.ts';
import { cardStyles } from '../styles/card.ts';
import { modelRowStyles } from '../styles/model-row.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './blob-image.ts';
import { modelRow, type ModelRowHooks } from './model-row.ts';

/** Says what a photo without depth lacks, and offers what works now: a model, a model file, its depth map. */
@customElement('depth-card')
export class DepthCard extends LitElement {
  static override styles = [
    shared,
    modelRowStyles,
    cardStyles,
    css`
      .actions > button {
        flex: 1 1 auto;
      }
      .problem {
        padding: 0;
        font-size: 14px;
      }
      .head {
        grid-template-columns: 64px 1fr auto;
      }
      .away {
        align-self: start;
        margin: -8px -10px 0 0;
      }
      details {
        margin: -8px 0;
      }
      .works {
        display: grid;
        gap: 8px;
        padding-bottom: 8px;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.desk.stopWaiting());
  }

  override firstUpdated(): void {
    void this.desk.models.load();
    this.shadowRoot?.querySelector('h2')?.focus();
  }

  override render() {
    const { waiting, models } = this.desk;
    if (!waiting) return nothing;
    const { recommended, own, more } = models.sorted;
    const hooks: ModelRowHooks = {
      models,
      pick: 'button',
      onUse: (id) => void this.desk.useModel(id),
      onFetch: (id) => void this.desk.fetchModel(id),
    };
    const missing = models.find(waiting.missing);
    const others = more.filter((info) => info !== missing && !isByHand(info.row));
    const first = recommended.filter(({ info }) => info !== missing);
    return html`<section class="card" aria-labelledby="title">
      <div class="head">
        <blob-image .blob=${waiting.photo}></blob-image>
        <div>
          <h2 id="title" tabindex="-1">${this.#title(waiting)}</h2>
          <p class="muted what-file">${waiting.title}</p>
        </div>
        <button
          class="icon quiet away"
          aria-label=${strings.noDepth.notNow}
          title=${strings.noDepth.notNow}
          @click=${() => this.desk.stopWaiting()}
        >
          ${icons.close}
        </button>
      </div>
      ${waiting.problem ? html`<p class="problem" role="alert">${icons.warning}<span>${waiting.problem}</span></p>` : this.#words()}
      ${this.#isStuck ? this.#actions() : nothing}
      ${
        models.list?.length
          ? html`<ul class="models">
                ${missing ? modelRow(missing, hooks) : nothing} ${[...first].reverse().map(({ tag, info }) => modelRow(info, hooks, tag))}
                ${own.filter((info) => info !== missing).map((info) => modelRow(info, hooks))}
              </ul>
              ${
                others.length
                  ? html`<details>
                      <summary class="muted">${icons.turn}${strings.noDepth.moreModels}</summary>
                      <ul class="models">
                        ${others.map((info) => modelRow(info, hooks))}
                      </ul>
                    </details>`
                  : nothing
              }`
          : nothing
      }
      ${this.#isStuck ? nothing : this.#actions()}
      <details>
        <summary class="muted">${icons.turn}${strings.noDepth.works}</summary>
        <ul class="works muted">
          ${strings.noDepth.worksList.map((each) => html`<li>${each}</li>`)}
        </ul>
      </details>
    </section>`;
  }

  /** No model can help now, so what can comes first. */
  get #isStuck(): boolean {
    const { models } = this.desk;
    const ready = models.list?.some(({ state, row }) => state === 'ready' && row.kind === 'depth');
    return !models.online && !(ready && models.canRun);
  }

  #actions(): TemplateResult {
    return html`<div class="actions">
      <button @click=${this.#pickMap}>${icons.map}${strings.noDepth.addMap}</button>
      <button ?disabled=${!this.desk.models.canRun} @click=${this.#pickModel}>${icons.file}${strings.noDepth.addModel}</button>
    </div>`;
  }

  #title({ missing }: Waiting): string {
    if (missing === undefined) return strings.noDepth.title;
    return strings.noDepth.titleMissing;
  }

  #words(): TemplateResult {
    const { models } = this.desk;
    const ready = models.list?.some(({ state, row }) => state === 'ready' && row.kind === 'depth');
    if (models.problem || models.list?.length === 0) {
      return html`<p>${strings.noDepth.addMapInstead(models.problem || strings.noDepth.noModel)}</p>`;
    }
    if (this.#isStuck) {
      return html`<p class="notice" role="status">
        ${icons.info}<span>${models.canRun ? strings.noDepth.offlineWithFile : strings.noDepth.offline}</span>
      </p>`;
    }
    const missing = models.find(this.desk.waiting?.missing);
    if (missing) return html`<p>${strings.noDepth.removed(missing.row.label)}</p>`;
    return html`<p>${strings.noDepth.canEstimate} ${ready ? strings.noDepth.isReady : strings.noDepth.isDownloaded}</p>`;
  }

  readonly #pickMap = async (): Promise<void> => {
    const [map] = await pickFiles(MAP_TYPES, false);
    if (map) await this.desk.useMap(map);
  };

  readonly #pickModel = async (): Promise<void> => {
    const files = await pickModelFiles();
    if (files.length) await this.desk.models.offer(files);
  };
}
