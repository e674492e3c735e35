import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { Desk, OpenPhoto } from '../desk.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import { PendingEdits } from '../pending-edits.ts';
import { inpaintWords } from '../ran-words.ts';
import { strings } from '../strings.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
import { noticeStyles } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { UnhurriedElement } from '../unhurried-element.ts';
import './inpaint-sources.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';
import { photoPanel, savedNotice, sourceSummary } from './photo-panel.ts';

/** What inpainted the hidden parts, what else could, and a way to compare two results side by side. */
@customElement('inpaint-panel')
export class InpaintPanel extends UnhurriedElement {
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
  /** What was changed and is not yet asked of the desk. */
  readonly #edits = new PendingEdits(this, () => this.desk);
  #shown: OpenPhoto | undefined;
  #asked = -1;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
    new KeepFocus(this);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.active) return;
    if (changed.has('active')) void this.desk.models.load();
    if (this.#asked !== this.desk.pluginsVersion)
      void this.desk.converter.listPlugins('inpaint').then((plugins) => (this.plugins = plugins));
    this.#asked = this.desk.pluginsVersion;
    const { open } = this.desk;
    if (open === this.#shown) return;
    // Another photo, or the same one inpainted again: what was moved is done, or void.
    if (open?.input.photo !== this.#shown?.input.photo || open?.settings.inpainter !== this.#shown?.settings.inpainter)
      this.#edits.forget();
    this.#shown = open;
  }

  override render() {
    return photoPanel(this.desk, {
      none: strings.inpaint.none,
      coming: strings.inpaint.coming,
      other: strings.other3d.noFill,
      opened: (open) => this.#opened(open),
      saved: (open) => this.#saved(open),
    });
  }

  #opened(open: OpenPhoto): TemplateResult {
    const { inpaint } = open.report;
    const specs = this.plugins.find(({ id }) => id === open.report.inpainter)?.options ?? [];
    return html`<p class="muted">${strings.inpaint.what}</p>
      <details class="source">
        ${sourceSummary(inpaint.model ? icons.model : icons.inpaint, strings.inpaint.by, inpaint.label, inpaintWords(open.report))}
        <inpaint-sources .desk=${this.desk} .plain=${this.#plain()}></inpaint-sources>
      </details>
      ${inpaint.isPartial ? html`<p class="notice">${icons.info}<span>${strings.inpaint.partial(inpaint.label)}</span></p>` : nothing}
      ${
        specs.length
          ? html`<option-controls
              .specs=${specs}
              .values=${this.#edits.wished.inpaintOptions ?? {}}
              @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#change(detail)}
            ></option-controls>`
          : nothing
      }
      <section class="compare" aria-labelledby="compare">
        <h2 id="compare" tabindex="-1">${strings.inpaint.compare}</h2>
        ${this.#comparison(open)}
      </section>`;
  }

  /** A saved 3D photo is filled in, and nothing is left to choose. */
  #saved({ scene: { origin } }: OpenPhoto): TemplateResult {
    const plugin = this.plugins.find(({ id }) => id === origin?.inpainter);
    return html`<p class="muted">${strings.inpaint.what}</p>
      ${savedNotice(this.desk, strings.inpaint.saved, strings.inpaint.madeBy, origin?.inpaintModel, plugin?.label)}`;
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
    const plain = this.#plain().map(({ id, label }) => ({ id, label }));
    const models = this.desk.models.inpaintModels
      .filter(({ state }) => state === 'ready')
      .map(({ row }) => ({ id: row.id, label: row.label }));
    return [...plain, ...models].filter(({ id }) => id !== open.settings.inpainter);
  }

  /** Inpainters that need no model. */
  #plain(): PluginInfo[] {
    return this.plugins.filter(({ needsModel, supported }) => !needsModel && supported === true);
  }

  #change({ id, value, settled }: OptionChange): void {
    this.#edits.change({ inpaintOptions: { ...this.#edits.wished.inpaintOptions, [id]: value } }, settled);
  }
}
