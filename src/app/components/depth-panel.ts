import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DepthMap } from '../../core/index.ts';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionSpec, OptionValues } from '../../plugin-api/index.ts';
import { depthWords } from '../depth-words.ts';
import type { Desk, OpenPhoto, PhotoSettings } from '../desk.ts';
import { icons } from '../icons.ts';
import { isAbort, type Messages } from '../messages.ts';
import { ranWords } from '../model-words.ts';
import { LOOK, lookWords } from '../look-options.ts';
import { depthPanelStyles } from '../styles/depth-panel.ts';
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
  static override styles = [shared, depthPanelStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) messages!: Messages;
  @property({ type: Boolean }) active = false;
  @state() private source: PluginInfo | undefined;
  @state() private preview: DepthMap | undefined;
  @state() private settings: PhotoSettings = {};
  /** Where the depth may come from is shown. */
  @state() private unfolded = false;
  #shown: OpenPhoto | undefined;
  #previewTimer = 0;
  #applyTimer = 0;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.desk?.models);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#previewTimer);
    clearTimeout(this.#applyTimer);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { open } = this.desk;
    if (!this.active) return;
    if (changed.has('active')) void this.desk.models.load();
    if (open === this.#shown) return;
    if (open?.input.photo !== this.#shown?.input.photo || open?.settings.from !== this.#shown?.settings.from) {
      clearTimeout(this.#applyTimer);
      this.settings = open?.settings ?? {};
    }
    if (open?.scene !== this.#shown?.scene) this.preview = open?.scene.depth;
    this.#shown = open;
    if (open && open.report.depthSource !== this.source?.id) void this.#describe(open.report.depthSource);
  }

  override render() {
    const { open } = this.desk;
    if (!open) return html`<p class="muted">Open a photo to see its depth.</p>`;
    const specs = this.source?.options ?? [];
    const isRare = ({ id }: OptionSpec) => RARE.has(id) || (id === 'layout' && open.settings.from?.kind !== 'inside');
    return html`
      <figure>
        <depth-preview .depth=${this.preview}></depth-preview>
        <figcaption class="muted">Lighter is nearer</figcaption>
      </figure>
      <details class="source" ?open=${this.unfolded} @toggle=${(event: Event) => (this.unfolded = (event.currentTarget as HTMLDetailsElement).open)}>
        <summary>
          <span class="glyph">${this.#glyph(open)}</span>
          <span class="from"><span class="muted">Depth from</span><span class="name">${depthWords(open)}</span>${this.#ran(open)}</span>
          ${icons.turn}
        </summary>
        <depth-sources .desk=${this.desk}></depth-sources>
      </details>
      ${this.desk.isBasic && !this.unfolded
        ? html`<div class="better">
            <p>A quick, basic depth. Larger networks see finer shapes; one is fetched once, and works offline from then on.</p>
            <button @click=${() => this.showSources()}>Better networks</button>
          </div>`
        : nothing}
      <option-controls
        .specs=${LOOK}
        .values=${this.#look()}
        .format=${lookWords}
        @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#change({ ...this.settings, [detail.id]: Number(detail.value) }, detail.settled)}
      ></option-controls>
      ${this.#options(specs.filter((spec) => !isRare(spec)))}
      ${specs.some(isRare)
        ? html`<details>
            <summary class="muted">${icons.turn}More</summary>
            ${this.#options(specs.filter(isRare))}
          </details>`
        : nothing}
    `;
  }

  /** Unfolds where the depth may come from, and goes there. */
  showSources(): void {
    this.unfolded = true;
    void this.updateComplete.then(() => this.shadowRoot?.querySelector<HTMLElement>('.source > summary')?.focus());
  }

  /** Where it ran and how long. */
  #ran({ report: { depthModel } }: OpenPhoto) {
    return depthModel ? html`<span class="muted figures ran">${ranWords(depthModel)}</span>` : nothing;
  }

  #glyph({ settings: { from } }: OpenPhoto) {
    if (from?.kind === 'model') return icons.network;
    return from?.kind === 'inside' ? icons.inside : icons.map;
  }

  #look(): OptionValues {
    return Object.fromEntries(LOOK.map(({ id, default: usual }) => [id, this.settings[id] ?? usual]));
  }

  #options(specs: readonly OptionSpec[]) {
    if (!specs.length) return nothing;
    return html`<option-controls
      .specs=${specs}
      .values=${this.settings.depthOptions ?? {}}
      @option-change=${({ detail }: CustomEvent<OptionChange>) =>
        this.#change({ ...this.settings, depthOptions: { ...this.settings.depthOptions, [detail.id]: detail.value } }, detail.settled)}
    ></option-controls>`;
  }

  async #describe(id: string): Promise<void> {
    const sources = await this.desk.converter.listPlugins('depth');
    this.source = sources.find((source) => source.id === id);
  }

  #change(settings: PhotoSettings, settled: boolean): void {
    this.settings = settings;
    clearTimeout(this.#previewTimer);
    this.#previewTimer = window.setTimeout(() => void this.#showPreview(), PREVIEW_PAUSE_MS);
    clearTimeout(this.#applyTimer);
    if (settled) this.#applyTimer = window.setTimeout(() => void this.desk.adjust(settings), APPLY_PAUSE_MS);
  }

  /** The converter drops an older preview by itself, so the last one wins. */
  async #showPreview(): Promise<void> {
    const photo = this.desk.open?.input.photo;
    try {
      const preview = await this.desk.converter.previewDepth(this.desk.settingsFor(this.settings), 384);
      if (photo === this.desk.open?.input.photo) this.preview = preview;
    } catch (error) {
      if (!isAbort(error)) this.messages.fail(error, this.desk.open?.title ?? 'The depth map');
    }
  }
}
