import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionValues } from '../../plugin-api/index.ts';
import type { Desk } from '../desk.ts';
import { icons } from '../icons.ts';
import { canShare, type SaveQueue } from '../save-queue.ts';
import { savePanelStyles } from '../styles/save-panel.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { sizeWords } from '../words.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

type Product = PluginInfo['products'][number];

function productIcon(id: string) {
  if (id === 'depth') return icons.map;
  if (id === 'glb') return icons.ply;
  return id in icons ? icons[id as keyof typeof icons] : icons.save;
}

/** "Video: zoom in" is "Zoom in" where a heading says "Video" already. */
function shortLabel(output: PluginInfo, product: Product): string {
  const prefix = `${output.label}: `;
  if (output.products.length < 2 || !product.label.startsWith(prefix)) return product.label;
  const rest = product.label.slice(prefix.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** Every file that can be made of the open photo, with its options, progress, cancel and share. */
@customElement('save-panel')
export class SavePanel extends LitElement {
  static override styles = [shared, savePanelStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) saves!: SaveQueue;
  @property({ type: Boolean }) active = false;
  @state() private outputs: readonly PluginInfo[] = [];
  @state() private values: Readonly<Record<string, OptionValues>> = {};
  /** Ids of the outputs whose options are shown. */
  @state() private unfolded: ReadonlySet<string> = new Set();
  #asked = false;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.saves);
  }

  override willUpdate(): void {
    if (!this.active || this.#asked) return;
    this.#asked = true;
    void this.desk.converter.listPlugins('output').then((outputs) => (this.outputs = outputs));
  }

  override render() {
    if (!this.desk.open) return html`<p class="muted">Open a photo to save files of it.</p>`;
    const many = this.outputs.flatMap((output) => (output.supported === true ? output.products : [])).length;
    return html`
      ${this.outputs.map((output) => this.#output(output))}
      ${many > 1 ? html`<button class="primary all" ?disabled=${this.saves.working} @click=${this.#saveAll}>${icons.save}Save all ${many} files</button>` : nothing}
    `;
  }

  #output(output: PluginInfo) {
    return html`<section aria-label=${output.label}>
      ${output.products.length > 1 ? html`<div class="head"><h2>${output.label}</h2>${this.#optionsButton(output)}</div>` : nothing}
      ${output.supported === true ? nothing : html`<p class="muted">${output.supported}</p>`}
      ${output.products.length > 1 ? this.#options(output) : nothing}
      <ul>
        ${output.products.map((product) => this.#product(output, product))}
      </ul>
      ${output.products.length > 1 ? nothing : this.#options(output)}
    </section>`;
  }

  #options({ id, options }: PluginInfo) {
    if (!this.unfolded.has(id)) return nothing;
    return html`<option-controls
      id="${id}-options"
      .specs=${options}
      .values=${this.values[id] ?? {}}
      @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#setOption(id, detail)}
    ></option-controls>`;
  }

  #optionsButton(output: PluginInfo) {
    if (!output.options.length || output.supported !== true) return nothing;
    const { id, label } = output;
    return html`<button
      class="icon quiet"
      aria-label="Options: ${label}"
      title="Options"
      aria-expanded=${this.unfolded.has(id)}
      aria-controls="${id}-options"
      @click=${() => this.#unfold(id)}
    >
      ${icons.options}
    </button>`;
  }

  #unfold(id: string): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(id)) unfolded.add(id);
    this.unfolded = unfolded;
  }

  #product(output: PluginInfo, product: Product) {
    const job = this.saves.jobs.get(product.id);
    const running = job && job.state !== 'done';
    const state = job?.state === 'running' ? `${job.words} · ${Math.round(job.fraction * 100)} %` : running ? job.words : job?.file ? `Saved, ${sizeWords(job.file.size)}` : '';
    return html`<li data-product=${product.id} data-state=${job?.state ?? 'idle'}>
      <span class="glyph">${productIcon(product.id)}</span>
      <div class="what">
        <span class="name">${shortLabel(output, product)}</span>
        <span class="state muted figures">${state || nothing}</span>
      </div>
      ${running
        ? html`<button class="icon quiet" aria-label="Cancel ${product.label}" title="Cancel" @click=${() => this.saves.cancel(product.id)}>${icons.close}</button>
            <progress max="1" .value=${job.fraction} aria-label=${product.label} ?hidden=${job.state === 'waiting'}></progress>`
        : html`${output.products.length === 1 ? this.#optionsButton(output) : nothing}${job?.file && canShare(job.file)
              ? html`<button class="icon quiet" aria-label="Share ${product.label}" title="Share" @click=${() => this.#share(job.file!)}>${icons.share}</button>`
              : nothing}
            <button
              class="icon"
              aria-label="Save ${product.label}"
              title="Save"
              ?disabled=${output.supported !== true}
              @click=${() => this.#save(output, product)}
            >
              ${icons.save}
            </button>`}
    </li>`;
  }

  #setOption(plugin: string, { id, value }: OptionChange): void {
    this.values = { ...this.values, [plugin]: { ...this.values[plugin], [id]: value } };
  }

  #save(output: PluginInfo, product: Product): void {
    if (this.desk.open) this.saves.add(this.desk.open.scene, product.id, product.label, this.values[output.id] ?? {});
  }

  #saveAll(): void {
    for (const output of this.outputs) {
      if (output.supported !== true) continue;
      for (const product of output.products) this.#save(output, product);
    }
  }

  async #share(file: File): Promise<void> {
    // Closing the share sheet is a choice, not a failure.
    await navigator.share({ files: [file], title: file.name }).catch(() => undefined);
  }
}
