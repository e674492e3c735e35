import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DepthMap } from '../../core/index.ts';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionSpec, OptionValues } from '../../plugin-api/index.ts';
import { depthWords } from '../depth-words.ts';
import type { Desk, OpenPhoto, PhotoSettings } from '../desk.ts';
import { icons } from '../icons.ts';
import { isAbort, type Messages } from '../messages.ts';
import { ranWords } from '../ran-words.ts';
import { LOOK, lookWords } from '../look.ts';
import { isDoubtful, readingWords } from '../reading-words.ts';
import { strings } from '../strings.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
import { noticeStyles } from '../styles/notice.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './depth-preview.ts';
import './depth-sources.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

/** Options that few people need; so is the layout where the depth is a file of its own. */
const RARE = new Set(['exact', 'edges']);

/** The smallest pause between two previews while a slider moves. */
const PREVIEW_PAUSE_MS = 60;
/** After a choice the 3D photo is made again; a person who is still choosing should not wait for it. */
const APPLY_PAUSE_MS = 350;

/** The depth map, live, where it comes from, and all that can be changed about it. */
@customElement('depth-panel')
export class DepthPanel extends LitElement {
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
  @state() private edits: Partial<PhotoSettings> = {};
  /** Where the depth may come from is shown. */
  @state() private unfolded = false;
  #shown: OpenPhoto | undefined;
  /** The preview is of something else than the open photo's depth. */
  #isAhead = false;
  #previewTimer = 0;
  #applyTimer = 0;

  #watched: Desk | undefined;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watched?.removeEventListener('cancelled', this.#forget);
    this.#watched = undefined;
    this.#forget();
  }

  /** Gives up what was not asked for yet. */
  readonly #forget = (): void => {
    clearTimeout(this.#previewTimer);
    clearTimeout(this.#applyTimer);
    if (Object.keys(this.edits).length) this.edits = {};
  };

  override willUpdate(changed: PropertyValues<this>): void {
    const { open } = this.desk;
    if (this.#watched !== this.desk) {
      this.#watched?.removeEventListener('cancelled', this.#forget);
      this.#watched = this.desk;
      this.desk.addEventListener('cancelled', this.#forget);
    }
    // Nothing is on its way any more: what is seen is what is open, though it was cancelled or failed.
    if (this.#isAhead && !this.desk.wish && !Object.keys(this.edits).length) {
      this.#isAhead = false;
      this.preview = open?.scene.depth;
    }
    // What was changed and not yet asked for was meant for the photo before.
    if (this.desk.coming !== undefined) this.#forget();
    if (!this.active) return;
    if (changed.has('active')) void this.desk.models.load();
    if (this.#asked !== this.desk.pluginsVersion) {
      this.#asked = this.desk.pluginsVersion;
      void this.#findPlain();
    }
    if (open === this.#shown) return;
    if (open?.input.photo !== this.#shown?.input.photo || open?.settings.from !== this.#shown?.settings.from) this.#forget();
    if (open?.scene !== this.#shown?.scene) this.preview = open?.scene.depth;
    this.#shown = open;
    if (open && open.report.depthSource !== this.source?.id) void this.#describe(open.report.depthSource);
  }

  override render() {
    const { open, coming } = this.desk;
    const note = coming === undefined ? nothing : html`<p class="muted coming">${strings.depth.coming(coming)}</p>`;
    if (this.desk.other3d) return html`<p class="muted">${strings.other3d.noDepth(this.desk.other3d.title)}</p>`;
    if (!open && coming !== undefined) return note;
    if (!open) return html`<p class="muted">${strings.depth.none}</p>`;
    if (this.desk.isSaved) return html`${note}${this.#saved(open, coming !== undefined)}`;
    const specs = this.source?.options ?? [];
    const isRare = ({ id }: OptionSpec) => RARE.has(id) || (id === 'layout' && open.settings.from?.kind !== 'inside');
    // Hidden, not gone: what was unfolded stays so.
    return html`${note}
      <div class="all" ?hidden=${coming !== undefined}>
        ${this.#figure()}
        <details
          class="source"
          ?open=${this.unfolded}
          @toggle=${(event: Event) => (this.unfolded = (event.currentTarget as HTMLDetailsElement).open)}
        >
          <summary>
            <span class="glyph">${this.#glyph(open)}</span>
            <span class="from"
              ><span class="muted">${strings.depth.from}</span
              ><span class="name">${depthWords(open, this.source?.label)}</span>${this.#ran(open)}</span
            >
            ${icons.turn}
          </summary>
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
          .specs=${LOOK}
          .values=${this.#look()}
          .format=${lookWords}
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
        }
      </div>`;
  }

  #figure() {
    return html`<figure>
      <depth-preview .depth=${this.preview}></depth-preview>
      <figcaption class="muted">${strings.depth.legend}</figcaption>
    </figure>`;
  }

  /** A saved 3D photo has its depth, and nothing to set. */
  #saved({ scene: { origin } }: OpenPhoto, isHidden: boolean) {
    const model = origin?.depthModel;
    const label = model === undefined ? this.source?.label : (this.desk.models.find(model)?.row.label ?? model);
    return html`<div class="all" ?hidden=${isHidden}>
      ${this.#figure()}
      <p class="notice">${icons.info}<span>${strings.depth.saved}</span></p>
      ${label ? html`<p class="muted">${strings.depth.madeBy(label)}</p>` : nothing}
    </div>`;
  }

  /** Unfolds where the depth may come from, and goes there. */
  showSources(): void {
    this.unfolded = true;
    void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('.source > summary')?.focus());
  }

  /** One tap where it is not certain which way is near, and one back. */
  #swap({ report: { reading } }: OpenPhoto) {
    const isSwapped = this.#wished.depthOptions?.flip === true;
    if (!reading || !(isSwapped || isDoubtful(reading))) return nothing;
    const swap = (): void => this.#change({ depthOptions: { ...this.#wished.depthOptions, flip: !isSwapped } }, true);
    return html`<div class="better swap">
      <p>${isSwapped ? strings.depth.swapped : strings.depth.maybeSwapped(readingWords(reading))}</p>
      <button @click=${swap}>${isSwapped ? strings.depth.swapBack : strings.depth.swap}</button>
    </div>`;
  }

  /** Where it ran and how long. */
  #ran({ report: { depthModel } }: OpenPhoto) {
    return depthModel ? html`<span class="muted figures ran">${ranWords(depthModel)}</span>` : nothing;
  }

  #glyph({ settings: { from } }: OpenPhoto) {
    if (from?.kind === 'model') return icons.model;
    if (from?.kind === 'plugin') return icons.plugin;
    return from?.kind === 'inside' ? icons.inside : icons.map;
  }

  get #wished(): PhotoSettings {
    return { ...this.desk.wished, ...this.edits };
  }

  #look(): OptionValues {
    const wished = this.#wished;
    return Object.fromEntries(LOOK.map(({ id, default: usual }) => [id, wished[id] ?? usual]));
  }

  #options(specs: readonly OptionSpec[]) {
    if (!specs.length) return nothing;
    return html`<option-controls
      .specs=${specs}
      .values=${this.#wished.depthOptions ?? {}}
      @option-change=${({ detail }: CustomEvent<OptionChange>) =>
        this.#change({ depthOptions: { ...this.#wished.depthOptions, [detail.id]: detail.value } }, detail.settled)}
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
    this.edits = { ...this.edits, ...edit };
    this.#isAhead = true;
    clearTimeout(this.#previewTimer);
    this.#previewTimer = window.setTimeout(() => void this.#showPreview(), PREVIEW_PAUSE_MS);
    clearTimeout(this.#applyTimer);
    if (settled) this.#applyTimer = window.setTimeout(() => this.#apply(), APPLY_PAUSE_MS);
  }

  #apply(): void {
    const settings = this.#wished;
    this.edits = {};
    void this.desk.adjust(settings);
  }

  /** The converter drops an older preview by itself, so the last one wins. */
  async #showPreview(): Promise<void> {
    const photo = this.desk.open?.input.photo;
    try {
      const preview = await this.desk.converter.previewDepth(this.desk.settingsFor(this.#wished), 384);
      if (photo === this.desk.open?.input.photo && this.#isAhead) this.preview = preview;
    } catch (error) {
      if (!isAbort(error)) this.messages.fail(error, this.desk.open?.title ?? strings.depth.map);
    }
  }
}
