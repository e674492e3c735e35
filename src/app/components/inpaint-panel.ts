import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionValues } from '../../plugin-api/index.ts';
import type { Desk, OpenPhoto } from '../desk.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import { inpaintWords } from '../ran-words.ts';
import { strings } from '../strings.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
import { noticeStyles } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './inpaint-sources.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

/** A person who is still choosing should not wait for another result. */
const APPLY_PAUSE_MS = 350;

/** What inpainted the hidden parts, what else could, and a way to compare two results side by side. */
@customElement('inpaint-panel')
export class InpaintPanel extends LitElement {
  static override styles = [
    shared,
    depthPanelStyles,
    noticeStyles,
    css`
      inpaint-sources {
        padding: 10px 0 4px;
      }
      .compare {
        display: grid;
        gap: 8px;
        padding-top: 16px;
        border-top: 1px solid var(--line);
      }
      .compare p {
        margin-bottom: 2px;
      }
      .compare button {
        width: 100%;
        min-width: 0;
      }
      .compare button span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  @property({ type: Boolean }) active = false;
  @state() private plugins: readonly PluginInfo[] = [];
  /** Options that were moved and are not yet asked of the desk. */
  @state() private options: OptionValues | undefined;
  #shown: OpenPhoto | undefined;
  #asked = -1;
  #timer = 0;
  #watched: Desk | undefined;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watched?.removeEventListener('cancelled', this.#forget);
    this.#watched = undefined;
    this.#forget();
  }

  /** Gives up what was not asked for yet. */
  readonly #forget = (): void => {
    clearTimeout(this.#timer);
    this.options = undefined;
  };

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.#watched !== this.desk) {
      this.#watched?.removeEventListener('cancelled', this.#forget);
      this.#watched = this.desk;
      this.desk.addEventListener('cancelled', this.#forget);
    }
    // What was moved and not yet asked for was meant for the photo before.
    if (this.desk.coming !== undefined) this.#forget();
    if (!this.active) return;
    if (changed.has('active')) void this.desk.models.load();
    if (this.#asked !== this.desk.pluginsVersion)
      void this.desk.converter.listPlugins('inpaint').then((plugins) => (this.plugins = plugins));
    this.#asked = this.desk.pluginsVersion;
    const { open } = this.desk;
    if (open === this.#shown) return;
    // Another photo, or the same one inpainted again: what was moved is done, or void.
    if (open?.input.photo !== this.#shown?.input.photo || open?.settings.inpainter !== this.#shown?.settings.inpainter) this.#forget();
    this.#shown = open;
  }

  override render() {
    const { open, coming } = this.desk;
    const note = coming === undefined ? nothing : html`<p class="muted coming">${strings.inpaint.coming(coming)}</p>`;
    if (this.desk.other3d) return html`<p class="muted">${strings.other3d.noFill(this.desk.other3d.title)}</p>`;
    if (!open && coming !== undefined) return note;
    if (!open) return html`<p class="muted">${strings.inpaint.none}</p>`;
    if (this.desk.isSaved) return html`${note}${this.#saved(open, coming !== undefined)}`;
    const { inpaint } = open.report;
    const specs = this.plugins.find(({ id }) => id === open.report.inpainter)?.options ?? [];
    // Hidden, not gone: what was unfolded stays so.
    return html`${note}
      <div class="all" ?hidden=${coming !== undefined}>
        <p class="muted">${strings.inpaint.what}</p>
        <details class="source">
          <summary>
            <span class="glyph">${inpaint.model ? icons.model : icons.inpaint}</span>
            <span class="from"
              ><span class="muted">${strings.inpaint.by}</span><span class="name">${inpaint.label}</span
              ><span class="muted figures ran">${inpaintWords(open.report)}</span></span
            >
            ${icons.turn}
          </summary>
          <inpaint-sources
            .desk=${this.desk}
            .plain=${this.plugins.filter(({ needsModel, supported }) => !needsModel && supported === true)}
          ></inpaint-sources>
        </details>
        ${inpaint.isPartial ? html`<p class="notice">${icons.info}<span>${strings.inpaint.partial(inpaint.label)}</span></p>` : nothing}
        ${
          specs.length
            ? html`<option-controls
                .specs=${specs}
                .values=${this.options ?? this.desk.wished.inpaintOptions ?? {}}
                @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#change(detail)}
              ></option-controls>`
            : nothing
        }
        <section class="compare" aria-labelledby="compare">
          <h2 id="compare" tabindex="-1">${strings.inpaint.compare}</h2>
          ${this.#comparison(open)}
        </section>
      </div>`;
  }

  /** A saved 3D photo is filled in, and nothing is left to choose. */
  #saved({ scene: { origin } }: OpenPhoto, isHidden: boolean): TemplateResult {
    const { inpainter, inpaintModel } = origin ?? {};
    const label =
      inpaintModel === undefined
        ? this.plugins.find(({ id }) => id === inpainter)?.label
        : (this.desk.models.find(inpaintModel)?.row.label ?? inpaintModel);
    return html`<div class="all" ?hidden=${isHidden}>
      <p class="muted">${strings.inpaint.what}</p>
      <p class="notice">${icons.info}<span>${strings.inpaint.saved}</span></p>
      ${label ? html`<p class="muted">${strings.inpaint.madeBy(label)}</p>` : nothing}
    </div>`;
  }

  #comparison(open: OpenPhoto): TemplateResult {
    const { rival } = this.desk;
    if (rival) {
      return html`<p class="muted">
          ${strings.inpaint.compared(open.report.inpaint.label, rival.report.inpaint.label, inpaintWords(rival.report))}
        </p>
        <button @click=${() => this.desk.takeRival()}><span>${strings.inpaint.use(rival.report.inpaint.label)}</span></button>
        <button class="quiet" @click=${() => this.desk.stopComparing()}>${strings.stage.stopComparing}</button>`;
    }
    const others = this.#others(open);
    if (!others.length) return html`<p class="muted">${strings.inpaint.compareLater}</p>`;
    return html`<p class="muted">${strings.inpaint.compareHelp}</p>
      ${others.map(({ id, label }) => html`<button ?disabled=${this.desk.run !== undefined} data-compare=${id} @click=${() => void this.desk.compareWith(id)}>${icons.compare}<span>${strings.inpaint.with(label)}</span></button>`)}`;
  }

  /** All that could inpaint it now, but the one that did. */
  #others(open: OpenPhoto): { id: string; label: string }[] {
    const plain = this.plugins
      .filter(({ needsModel, supported }) => !needsModel && supported === true)
      .map(({ id, label }) => ({ id, label }));
    const models = this.desk.models.inpaintModels
      .filter(({ state }) => state === 'ready')
      .map(({ row }) => ({ id: row.id, label: row.label }));
    return [...plain, ...models].filter(({ id }) => id !== open.settings.inpainter);
  }

  #change({ id, value, settled }: OptionChange): void {
    this.options = { ...(this.options ?? this.desk.wished.inpaintOptions), [id]: value };
    clearTimeout(this.#timer);
    if (settled) this.#timer = window.setTimeout(() => this.#apply(), APPLY_PAUSE_MS);
  }

  /** Depth may be changing as well: what it is by now counts. */
  #apply(): void {
    const { options } = this;
    this.options = undefined;
    if (options) void this.desk.adjust({ ...this.desk.wished, inpaintOptions: options });
  }
}
