import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionValues } from '../../plugin-api/index.ts';
import type { Desk, OpenPhoto } from '../desk.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import { fillWords } from '../ran-words.ts';
import { strings } from '../strings.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
import { noticeStyles } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './fill-sources.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

/** A person who is still choosing should not wait for a new painting. */
const APPLY_PAUSE_MS = 350;

/** What painted the hidden parts, who else could, and a way to lay two paintings side by side. */
@customElement('fill-panel')
export class FillPanel extends LitElement {
  static override styles = [
    shared,
    depthPanelStyles,
    noticeStyles,
    css`
      fill-sources {
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
  #asked = false;
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
    if (!this.#asked) void this.desk.converter.listPlugins('inpaint').then((plugins) => (this.plugins = plugins));
    this.#asked = true;
    const { open } = this.desk;
    if (open === this.#shown) return;
    // Another photo, or the same one painted anew: what was moved is done, or void.
    if (open?.input.photo !== this.#shown?.input.photo || open?.settings.inpainter !== this.#shown?.settings.inpainter) this.#forget();
    this.#shown = open;
  }

  override render() {
    const { open, coming } = this.desk;
    const note = coming === undefined ? nothing : html`<p class="muted coming">${strings.fill.coming(coming)}</p>`;
    if (this.desk.other3d) return html`<p class="muted">${strings.other3d.noFill(this.desk.other3d.title)}</p>`;
    if (!open && coming !== undefined) return note;
    if (!open) return html`<p class="muted">${strings.fill.none}</p>`;
    if (this.desk.isSaved) return html`${note}${this.#saved(open, coming !== undefined)}`;
    const { fill } = open.report;
    const specs = this.plugins.find(({ id }) => id === open.report.inpainter)?.options ?? [];
    // Hidden, not gone: what was unfolded stays so.
    return html`${note}
      <div class="all" ?hidden=${coming !== undefined}>
        <p class="muted">${strings.fill.what}</p>
        <details class="source">
          <summary>
            <span class="glyph">${fill.model ? icons.network : icons.fill}</span>
            <span class="from"
              ><span class="muted">${strings.fill.by}</span><span class="name">${fill.label}</span
              ><span class="muted figures ran">${fillWords(open.report)}</span></span
            >
            ${icons.turn}
          </summary>
          <fill-sources
            .desk=${this.desk}
            .plain=${this.plugins.filter(({ needsModel, supported }) => !needsModel && supported === true)}
          ></fill-sources>
        </details>
        ${fill.isPartial ? html`<p class="notice">${icons.info}<span>${strings.fill.partial(fill.label)}</span></p>` : nothing}
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
          <h2 id="compare" tabindex="-1">${strings.fill.compare}</h2>
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
      <p class="muted">${strings.fill.what}</p>
      <p class="notice">${icons.info}<span>${strings.fill.saved}</span></p>
      ${label ? html`<p class="muted">${strings.fill.madeBy(label)}</p>` : nothing}
    </div>`;
  }

  #comparison(open: OpenPhoto): TemplateResult {
    const { rival } = this.desk;
    if (rival) {
      return html`<p class="muted">${strings.fill.compared(open.report.fill.label, rival.report.fill.label, fillWords(rival.report))}</p>
        <button @click=${() => this.desk.takeRival()}><span>${strings.fill.use(rival.report.fill.label)}</span></button>
        <button class="quiet" @click=${() => this.desk.stopComparing()}>${strings.stage.stopComparing}</button>`;
    }
    const others = this.#others(open);
    if (!others.length) return html`<p class="muted">${strings.fill.compareLater}</p>`;
    return html`<p class="muted">${strings.fill.compareHelp}</p>
      ${others.map(({ id, label }) => html`<button ?disabled=${this.desk.run !== undefined} data-compare=${id} @click=${() => void this.desk.compareWith(id)}>${icons.compare}<span>${strings.fill.with(label)}</span></button>`)}`;
  }

  /** All who could paint it now, but the one who did. */
  #others(open: OpenPhoto): { id: string; label: string }[] {
    const plain = this.plugins
      .filter(({ needsModel, supported }) => !needsModel && supported === true)
      .map(({ id, label }) => ({ id, label }));
    const networks = this.desk.models.fillers.filter(({ state }) => state === 'ready').map(({ row }) => ({ id: row.id, label: row.label }));
    return [...plain, ...networks].filter(({ id }) => id !== open.settings.inpainter);
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
