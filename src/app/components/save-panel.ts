import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionValues } from '../../plugin-api/index.ts';
import type { Look } from '../../viewer/index.ts';
import type { Desk, OpenPhoto } from '../desk.ts';
import { embedCode } from '../embed-code.ts';
import { icons } from '../icons.ts';
import { canShare, type SaveJob, type SaveQueue } from '../save-queue.ts';
import { strings } from '../strings.ts';
import { savePanelStyles } from '../styles/save-panel.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { UnhurriedElement } from '../unhurried-element.ts';
import { sizeWords } from '../../core/index.ts';
import './option-controls.ts';
import type { OptionChange } from './option-controls.ts';

type Product = PluginInfo['products'][number];
/** An output's files of one group. `list` is the output's id, or another one where it has files in other groups, too. */
type Listed = PluginInfo & { list: string };

/** Headings, in the order in which people see them: what most come for first. */
const HEADINGS = {
  video: strings.save.video,
  picture: strings.save.picture,
  model: strings.save.model,
  page: strings.save.page,
  depth: strings.save.depth,
  other: strings.save.other,
};
type Group = keyof typeof HEADINGS;
/** An output shows so many files at first; the others are unfolded. */
const SHOWN = 4;

const GROUP_ICONS = { video: icons.video, picture: icons.photos, model: icons.ply, page: icons.html, depth: icons.map, other: icons.save };

function productIcon(id: string, group: Group = 'other') {
  // The icon called “depth” is that of the Depth panel.
  return id in icons && id !== 'depth' ? icons[id as keyof typeof icons] : GROUP_ICONS[group];
}

/** "Video: zoom in" is "Zoom in" where a heading says "Video" already. */
function shortLabel(output: PluginInfo, product: Product): string {
  const prefix = `${output.label}: `;
  if (output.products.length < 2 || !product.label.startsWith(prefix)) return product.label;
  const rest = product.label.slice(prefix.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** How far a file is: "Drawing the frames · 40 %". */
function stateWords({ state, words, fraction, file }: SaveJob): string {
  if (state === 'running') return strings.save.running(words, Math.round(fraction * 100));
  return file ? strings.save.saved(sizeWords(file.size)) : words;
}

/** Every file that can be made of the open photo, by what it is for, with its options, progress, cancel and share. */
@customElement('save-panel')
export class SavePanel extends UnhurriedElement {
  static override styles = [shared, savePanelStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) saves!: SaveQueue;
  @property({ type: Boolean }) active = false;
  /** Where the person looks from at this moment; undefined where nothing is shown. */
  @property({ attribute: false }) lookNow: () => Look | undefined = () => undefined;
  @state() private outputs: readonly PluginInfo[] = [];
  @state() private values: Readonly<Record<string, OptionValues>> = {};
  /** Ids of the outputs whose options are shown, and `ID/all` of those whose files are all shown. */
  @state() private unfolded: ReadonlySet<string> = new Set();
  /** Embed code that was asked for, of which scene, and whether it is in the clipboard. */
  @state() private embedded: { scene: OpenPhoto['scene']; code: string; isCopied: boolean } | undefined;
  #asked = -1;

  constructor() {
    super();
    new Watch(this, () => this.desk);
    new Watch(this, () => this.saves);
  }

  override willUpdate(): void {
    if (!this.active || this.#asked === this.desk.pluginsVersion) return;
    this.#asked = this.desk.pluginsVersion;
    void this.desk.converter.listPlugins('output').then((outputs) => (this.outputs = outputs));
  }

  override render() {
    const { open, coming } = this.desk;
    const { other3d } = this.desk;
    if (coming !== undefined || other3d || !open) {
      const none = other3d ? strings.other3d.noFiles(other3d.title) : strings.save.none;
      const words = coming === undefined ? none : strings.save.coming(coming);
      return html`<p class="muted coming">${words}</p>
        ${this.#others(undefined)}`;
    }
    return html`${this.#others(open.input.photo)} ${(Object.keys(HEADINGS) as Group[]).map((group) => this.#group(open, group))}`;
  }

  #group(open: OpenPhoto, group: Group) {
    // An output may have files in several groups, each with a list of its own.
    const outputs = this.outputs
      .map((output): Listed => ({
        ...output,
        list: (output.group ?? 'other') === group ? output.id : `${output.id}-${group}`,
        products: output.products.filter((each) => (each.group ?? output.group ?? 'other') === group),
      }))
      .filter(({ products }) => products.length > 0);
    if (!outputs.length) return nothing;
    const heading = HEADINGS[group];
    return html`<section aria-label=${heading}>
      <h2>${heading}</h2>
      ${outputs.map((output) => this.#output(open, output))} ${group === 'page' ? this.#embed(open) : nothing}
    </section>`;
  }

  /** Files of other photos than the open one, with the photos' names: they go on, whatever is opened meanwhile. */
  #others(photo: SaveJob['photo'] | undefined) {
    const others = this.saves.jobs.filter((job) => job.photo !== photo);
    if (!others.length) return nothing;
    return html`<section aria-label=${strings.save.others}>
      <h2>${strings.save.others}</h2>
      <ul>
        ${others.map(
          (job) =>
            html`<li data-other=${job.product} data-state=${job.state}>
              <span class="glyph">${productIcon(job.product)}</span>
              <div class="what">
                <span class="name">${job.title}</span>
                <span class="state muted figures">${job.label} · ${stateWords(job)}</span>
              </div>
              ${job.state === 'done' ? this.#shareButton(job) : this.#running(job)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #running(job: SaveJob) {
    return html`<button
        class="icon quiet"
        aria-label=${strings.save.cancelOne(job.label, job.title)}
        title=${strings.save.cancel}
        @click=${() => this.saves.cancel(job)}
      >
        ${icons.close}
      </button>
      <progress
        max="1"
        .value=${job.fraction}
        aria-label=${strings.save.ofPhoto(job.label, job.title)}
        ?hidden=${job.state === 'waiting'}
      ></progress>`;
  }

  #shareButton({ file, label }: SaveJob) {
    if (!file || !canShare(file)) return nothing;
    return html`<button
      class="icon quiet"
      aria-label=${strings.save.shareOne(label)}
      title=${strings.save.share}
      @click=${() => this.#share(file)}
    >
      ${icons.share}
    </button>`;
  }

  #output(open: OpenPhoto, output: Listed) {
    const { list, label, products, supported } = output;
    const isList = products.length > 1;
    const isWhole = this.unfolded.has(`${list}/all`) || products.length <= SHOWN + 1;
    // What is being saved is not folded away.
    const shown = isWhole ? products : products.filter(({ id: product }, i) => i < SHOWN || this.saves.find(open.input.photo, product));
    return html`<div class="output" role="group" aria-label=${label}>
      ${
        isList
          ? html`<div class="head">
              <h3>${label}</h3>
              ${this.#optionsButton(output)}
            </div>`
          : nothing
      }
      ${supported === true ? nothing : html`<p class="muted">${supported}</p>`} ${isList ? this.#options(output) : nothing}
      <ul>
        ${shown.map((product) => this.#product(open, output, product))}
      </ul>
      ${products.length > SHOWN + 1 ? this.#foldButton(output, products.length - shown.length) : nothing}
      ${isList ? nothing : this.#options(output)}
    </div>`;
  }

  #foldButton({ list, label }: Listed, hidden: number) {
    return html`<button
      class="quiet fold"
      aria-label=${hidden > 0 ? strings.save.moreOf(label, hidden) : strings.save.fewerOf(label)}
      aria-expanded=${hidden === 0}
      @click=${() => this.#unfold(`${list}/all`)}
    >
      ${hidden > 0 ? strings.save.more(hidden) : strings.save.fewer}
    </button>`;
  }

  /** For a page of one's own: the code, and where the files belong. */
  #embed({ scene }: OpenPhoto) {
    const { embedded } = this;
    const file = `${scene.name}.glb`;
    return html`<div class="embed">
      <button class="quiet" @click=${() => void this.#copyEmbed(scene, file)}>${strings.save.copyEmbed}</button>
      <div role="status">
        ${
          embedded?.scene === scene
            ? html`<p class="muted">${embedded.isCopied ? strings.save.embedCopied(file) : strings.save.embedBelow(file)}</p>
                <textarea readonly rows="5" aria-label=${strings.save.embedCode} .value=${embedded.code}></textarea>`
            : nothing
        }
      </div>
    </div>`;
  }

  async #copyEmbed(scene: OpenPhoto['scene'], file: string): Promise<void> {
    const code = embedCode(file, strings.stage.alt);
    // Refused, it can still be copied by hand.
    const isCopied = await navigator.clipboard?.writeText(code).then(
      () => true,
      () => false,
    );
    this.embedded = { scene, code, isCopied: isCopied === true };
  }

  #options({ id, list, options }: Listed) {
    if (!this.unfolded.has(list)) return nothing;
    return html`<option-controls
      id="${list}-options"
      .specs=${options}
      .values=${this.values[id] ?? {}}
      .lookNow=${this.lookNow}
      @option-change=${({ detail }: CustomEvent<OptionChange>) => this.#setOption(id, detail)}
    ></option-controls>`;
  }

  #optionsButton(output: Listed) {
    if (!output.options.length || output.supported !== true) return nothing;
    const { list, label } = output;
    return html`<button
      class="icon quiet"
      aria-label=${strings.save.optionsOf(label)}
      title=${strings.save.options}
      aria-expanded=${this.unfolded.has(list)}
      aria-controls="${list}-options"
      @click=${() => this.#unfold(list)}
    >
      ${icons.options}
    </button>`;
  }

  #unfold(id: string): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(id)) unfolded.add(id);
    this.unfolded = unfolded;
  }

  #product(open: OpenPhoto, output: Listed, product: Product) {
    const job = this.saves.find(open.input.photo, product.id);
    const running = job && job.state !== 'done';
    return html`<li data-product=${product.id} data-state=${job?.state ?? 'idle'}>
      <span class="glyph">${productIcon(product.id, output.group)}</span>
      <div class="what">
        <span class="name">${shortLabel(output, product)}</span>
        <span class="state muted figures">${job ? stateWords(job) : nothing}</span>
      </div>
      ${
        running
          ? this.#running(job)
          : html`${output.products.length === 1 ? this.#optionsButton(output) : nothing}${job ? this.#shareButton(job) : nothing}
              <button
                class="icon"
                aria-label=${strings.save.saveOne(product.label)}
                title=${strings.save.save}
                ?disabled=${output.supported !== true}
                @click=${() => this.#save(open, output, product)}
              >
                ${icons.save}
              </button>`
      }
    </li>`;
  }

  #setOption(plugin: string, { id, value }: OptionChange): void {
    this.values = { ...this.values, [plugin]: { ...this.values[plugin], [id]: value } };
  }

  #save(open: OpenPhoto, output: PluginInfo, product: Product): void {
    this.saves.add(open, product.id, product.label, this.values[output.id] ?? {}, this.lookNow());
  }

  async #share(file: File): Promise<void> {
    // Closing the share sheet is a choice, not a failure.
    await navigator.share({ files: [file], title: file.name }).catch(() => undefined);
  }
}
