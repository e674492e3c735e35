import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DepthMap } from '../../core/index.ts';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionSpec, OptionValues } from '../../plugin-api/index.ts';
import type { Desk, OpenPhoto, PhotoSettings } from '../desk.ts';
import { MAP_TYPES } from '../files/choose.ts';
import { pickFiles } from '../files/incoming.ts';
import { icons } from '../icons.ts';
import { isAbort, type Messages } from '../messages.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import './depth-preview.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

const SMOOTHING: OptionSpec = {
  id: 'smoothing',
  label: 'Smoothing',
  type: 'number',
  default: 1,
  min: 0,
  max: 2,
  step: 0.1,
  help: 'Irons out a rough or stepped depth map. Edges stay sharp.',
};

function smoothingWords(_spec: OptionSpec, value: number): string {
  if (value === 0) return 'Off';
  if (value === 1) return 'Automatic';
  return value < 1 ? 'Lighter' : value < 1.6 ? 'Stronger' : 'Strong';
}

/** Options that few people need; so is the layout where the depth is a file of its own. */
const RARE = new Set(['exact']);

/** The smallest pause between two previews while a slider moves. */
const PREVIEW_PAUSE_MS = 60;
/** After a choice the 3D photo is made again; a person who is still choosing should not wait for it. */
const APPLY_PAUSE_MS = 350;

/** The depth map, live, and all that can be changed about it. */
@customElement('depth-panel')
export class DepthPanel extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      .caption {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 12px;
        margin-top: 8px;
      }
      .actions {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
      }
      .actions button {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) messages!: Messages;
  @property({ type: Boolean }) active = false;
  @state() private source: PluginInfo | undefined;
  @state() private preview: DepthMap | undefined;
  @state() private settings: PhotoSettings = {};
  #shown: OpenPhoto | undefined;
  #previewTimer = 0;
  #applyTimer = 0;

  constructor() {
    super();
    new Watch(this, () => this.desk);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#previewTimer);
    clearTimeout(this.#applyTimer);
  }

  override willUpdate(): void {
    const { open } = this.desk;
    if (!this.active || open === this.#shown) return;
    if (open?.input !== this.#shown?.input) {
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
    const isRare = ({ id }: OptionSpec) => RARE.has(id) || (id === 'layout' && Boolean(open.input.map));
    return html`
      <figure>
        <depth-preview .depth=${this.preview}></depth-preview>
        <figcaption class="caption muted"><span>Lighter is nearer</span><span>${open.input.map?.name ?? 'From inside the photo'}</span></figcaption>
      </figure>
      <option-controls
        .specs=${[SMOOTHING]}
        .values=${{ smoothing: this.settings.smoothing ?? 1 }}
        .format=${smoothingWords}
        @option-change=${(event: CustomEvent<OptionChange>) =>
          this.#change({ ...this.settings, smoothing: Number(event.detail.value) }, event.detail.settled)}
      ></option-controls>
      ${this.#options(specs.filter((spec) => !isRare(spec)))}
      <div class="actions">
        <button @click=${this.#replaceMap}>${icons.map}${open.input.map ? 'Replace depth map' : 'Use my own depth map'}</button>
      </div>
      ${specs.some(isRare)
        ? html`<details>
            <summary class="muted">${icons.turn}More</summary>
            ${this.#options(specs.filter(isRare))}
          </details>`
        : nothing}
    `;
  }

  #options(specs: readonly OptionSpec[]) {
    if (!specs.length) return nothing;
    return html`<option-controls
      .specs=${specs}
      .values=${this.#depthOptions()}
      @option-change=${({ detail }: CustomEvent<OptionChange>) =>
        this.#change({ ...this.settings, depthOptions: { ...this.#depthOptions(), [detail.id]: detail.value } }, detail.settled)}
    ></option-controls>`;
  }

  #depthOptions(): OptionValues & Record<string, number | boolean | string> {
    return this.settings.depthOptions ?? {};
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
    const input = this.desk.open?.input;
    try {
      const preview = await this.desk.converter.previewDepth({ ...this.desk.baseSettings, ...this.settings }, 384);
      if (input === this.desk.open?.input) this.preview = preview;
    } catch (error) {
      if (!isAbort(error)) this.messages.fail(error, this.desk.open?.title ?? 'The depth map');
    }
  }

  async #replaceMap(): Promise<void> {
    const [map] = await pickFiles(MAP_TYPES, false);
    if (map) await this.desk.useMap(map);
  }
}
