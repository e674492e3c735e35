import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DepthMap } from '../../core/index.ts';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionSpec, OptionValues } from '../../plugin-api/index.ts';
import { depthWords } from '../depth-words.ts';
import type { Desk, OpenPhoto, PhotoSettings } from '../desk.ts';
import { icons } from '../icons.ts';
import { isSameSource } from '../is-same-source.ts';
import { DEPTH_SETTINGS, depthSettingWords } from '../depth-settings.ts';
import { isAbort, type Messages } from '../messages.ts';
import { PendingEdits } from '../pending-edits.ts';
import { ranWords } from '../ran-words.ts';
import { isDoubtful, readingWords } from '../reading-words.ts';
import { strings } from '../strings.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
import { noticeStyles } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { UnhurriedElement } from '../unhurried-element.ts';
import './depth-preview.ts';
import './depth-sources.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';
import { photoPanel, savedNotice, sourceSummary } from './photo-panel.ts';

/** Options that few people need; so is the layout where the depth is a file of its own. */
const RARE = new Set(['exact', 'edges']);

/** The smallest pause between two previews while a slider moves. */
const PREVIEW_PAUSE_MS = 60;

/** The depth map, live, where it comes from, and all that can be changed about it. */
@customElement('depth-panel')
export class DepthPanel extends UnhurriedElement {
  static override styles = [shared, depthPanelStyles, noticeStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) messages!: Messages;
  @property({ type: Boolean }) active = false;
  @state() private source: PluginInfo | undefined;
  /** Depth sources with ways of their own: plugins that the person installed. */
  @state() private plain: readonly PluginInfo[] = [];
  /** The plugins that were asked for last. */
  #asked = -1;
  @state() private preview: DepthMap | undefined;
  /** What was changed and is not yet asked of the desk. */
  readonly #edits = new PendingEdits(
    this,
    () => this.desk,
    () => clearTimeout(this.#previewTimer),
  );
  /** Where the depth may come from is shown. */
  @state() private unfolded = false;
  #shown: OpenPhoto | undefined;
  /** The preview is of something else than the open photo's depth. */
  #isAhead = false;
  #previewTimer = 0;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { open } = this.desk;
    // Nothing is on its way any more: what is seen is what is open, though it was cancelled or failed.
    if (this.#isAhead && !this.desk.wish && this.#edits.isEmpty) {
      this.#isAhead = false;
      this.preview = open?.scene.depth;
    }
    if (!this.active) return;
    if (changed.has('active')) void this.desk.models.load();
    if (this.#asked !== this.desk.pluginsVersion) {
      this.#asked = this.desk.pluginsVersion;
      void this.#findPlain();
    }
    if (open === this.#shown) return;
    // The final picture of a photo that was shown early changes nothing of this.
    if (open?.input.photo !== this.#shown?.input.photo || !isSameSource(open?.settings.from, this.#shown?.settings.from))
      this.#edits.forget();
    if (open?.scene !== this.#shown?.scene) this.preview = open?.scene.depth;
    this.#shown = open;
    if (open && open.report.depthSource !== this.source?.id) void this.#describe(open.report.depthSource);
  }

  override render() {
    return photoPanel(this.desk, {
      none: strings.depth.none,
      coming: strings.depth.coming,
      other: strings.other3d.noDepth,
      opened: (open) => this.#opened(open),
      // A saved 3D photo has its depth, and nothing to set.
      saved: ({ scene: { origin } }) =>
        html`${this.#figure()} ${savedNotice(this.desk, strings.depth.saved, strings.depth.madeBy, origin?.depthModel, this.source?.label)}`,
    });
  }

  #opened(open: OpenPhoto) {
    const specs = this.source?.options ?? [];
    const isRare = ({ id }: OptionSpec) => RARE.has(id) || (id === 'layout' && open.settings.from?.kind !== 'inside');
    const { depthModel } = open.report;
    return html`${this.#figure()}
      <details
        class="source"
        ?open=${this.unfolded}
        @toggle=${(event: Event) => (this.unfolded = (event.currentTarget as HTMLDetailsElement).open)}
      >
        ${sourceSummary(this.#glyph(open), strings.depth.from, depthWords(open, this.source?.label), depthModel && ranWords(depthModel))}
        <depth-sources .desk=${this.desk} .plain=${this.plain}></depth-sources>
      </details>
      ${
        open.report.notes.length
          ? html`<ul class="notes muted">
              ${open.report.notes.map((note) => html`<li>${note}</li>`)}
            </ul>`
          : nothing
      }
      ${this.#swap(open)}
      ${
        this.desk.isBasic && !this.unfolded
          ? html`<div class="better">
              <p>${strings.depth.builtIn}</p>
              <button @click=${() => this.showSources()}>${strings.app.betterModel}</button>
            </div>`
          : nothing
      }
      <option-controls
        .specs=${DEPTH_SETTINGS}
        .values=${this.#values()}
        .format=${depthSettingWords}
        @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#change({ [detail.id]: Number(detail.value) }, detail.settled)}
      ></option-controls>
      ${this.#options(specs.filter((spec) => !isRare(spec)))}
      ${
        specs.some(isRare)
          ? html`<details>
              <summary class="muted">${icons.turn}${strings.depth.more}</summary>
              ${this.#options(specs.filter(isRare))}
            </details>`
          : nothing
      }`;
  }

  #figure() {
    return html`<figure>
      <depth-preview .depth=${this.preview}></depth-preview>
      <figcaption class="muted">${strings.depth.legend}</figcaption>
    </figure>`;
  }

  /** Unfolds where the depth may come from, and goes there. */
  showSources(): void {
    this.unfolded = true;
    void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('.source > summary')?.focus());
  }

  /** One tap where it is not certain which way is near, and one back. */
  #swap({ report: { reading } }: OpenPhoto) {
    const isSwapped = this.#edits.wished.depthOptions?.flip === true;
    if (!reading || !(isSwapped || isDoubtful(reading))) return nothing;
    const swap = (): void => this.#change({ depthOptions: { ...this.#edits.wished.depthOptions, flip: !isSwapped } }, true);
    return html`<div class="better swap">
      <p>${isSwapped ? strings.depth.swapped : strings.depth.maybeSwapped(readingWords(reading))}</p>
      <button @click=${swap}>${isSwapped ? strings.depth.swapBack : strings.depth.swap}</button>
    </div>`;
  }

  #glyph({ settings: { from } }: OpenPhoto) {
    if (from?.kind === 'model') return icons.model;
    if (from?.kind === 'plugin') return icons.plugin;
    return from?.kind === 'inside' ? icons.inside : icons.map;
  }

  #values(): OptionValues {
    const wished = this.#edits.wished;
    return Object.fromEntries(DEPTH_SETTINGS.map(({ id, default: usual }) => [id, wished[id] ?? usual]));
  }

  #options(specs: readonly OptionSpec[]) {
    if (!specs.length) return nothing;
    return html`<option-controls
      .specs=${specs}
      .values=${this.#edits.wished.depthOptions ?? {}}
      @option-change=${({ detail }: CustomEvent<OptionChange>) =>
        this.#change({ depthOptions: { ...this.#edits.wished.depthOptions, [detail.id]: detail.value } }, detail.settled)}
    ></option-controls>`;
  }

  async #findPlain(): Promise<void> {
    const sources = await this.desk.converter.listPlugins('depth');
    this.plain = sources.filter(({ needsModel, readsDepthFiles, supported }) => !needsModel && !readsDepthFiles && supported === true);
  }

  async #describe(id: string): Promise<void> {
    const sources = await this.desk.converter.listPlugins('depth');
    this.source = sources.find((source) => source.id === id);
  }

  #change(edit: Partial<PhotoSettings>, settled: boolean): void {
    this.#isAhead = true;
    this.#edits.change(edit, settled);
    clearTimeout(this.#previewTimer);
    this.#previewTimer = window.setTimeout(() => void this.#showPreview(), PREVIEW_PAUSE_MS);
  }

  /** The converter drops an older preview by itself, so the last one wins. */
  async #showPreview(): Promise<void> {
    const photo = this.desk.open?.input.photo;
    try {
      const preview = await this.desk.converter.previewDepth(this.desk.settingsFor(this.#edits.wished), 384);
      if (photo === this.desk.open?.input.photo && this.#isAhead) this.preview = preview;
    } catch (error) {
      if (!isAbort(error)) this.messages.fail(error, this.desk.open?.title ?? strings.depth.map);
    }
  }
}
