import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { lengthWords, sizeWords } from '../../core/index.ts';
import type { PluginInfo } from '../../pipeline/index.ts';
import type { OptionValues, OutputPlan } from '../../plugin-api/index.ts';
import type { Look, RendererKind } from '../../viewer/index.ts';
import type { AskedFrames, Desk, OpenPhoto, Preview } from '../desk.ts';
import { embedCode } from '../embed-code.ts';
import { icons } from '../icons.ts';
import type { Messages } from '../messages.ts';
import { NO_CHOICE, keepChoice, loadChoice, validChoice, type SaveChoice } from '../save-choice.ts';
import type { SaveJob, SaveQueue } from '../save-queue.ts';
import { rendererKind, type SaveEstimate, type SaveRates } from '../save-rates.ts';
import { savedFile } from '../saved-file.ts';
import { optionValue } from '../option-value.ts';
import { strings } from '../strings.ts';
import { savePanelStyles } from '../styles/save-panel.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { UnhurriedElement } from '../unhurried-element.ts';
import './option-controls.ts';
import type { FrameSpecs, OptionChange, PlaceOptions } from './option-controls.ts';
import './saved-preview.ts';
import type { SavedPreview } from './saved-preview.ts';

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

/** "About 4 MB, 20 s"; undefined where nothing is known. */
function estimateWords({ bytes, ms }: SaveEstimate): string | undefined {
  const parts = [bytes && sizeWords(roundly(bytes)), ms && lengthWords(Math.max(1, ms / 1000))].filter(Boolean);
  return parts.length ? strings.save.about(parts.join(', ')) : undefined;
}

/** To two digits: it is only known roughly. */
function roundly(bytes: number): number {
  return Number(bytes.toPrecision(2));
}

/** The largest frame of a picture's shape, in parts of the photo. */
function largestFrame(
  photo: { width: number; height: number },
  picture: { width: number; height: number },
): { width: number; height: number } {
  const ratio = picture.width / picture.height / (photo.width / photo.height);
  return { width: Math.min(1, ratio), height: Math.min(1, 1 / ratio) };
}

/** Known parts of several estimates together; a part that one of them lacks is not known. */
function together(estimates: readonly SaveEstimate[]): SaveEstimate {
  const sum = (part: keyof SaveEstimate): number | undefined => {
    const all = estimates.map((estimate) => estimate[part]);
    return all.every((value) => value !== undefined) ? all.reduce((a, b) => a + b, 0) : undefined;
  };
  const [bytes, ms] = [sum('bytes'), sum('ms')];
  return { ...(bytes !== undefined && { bytes }), ...(ms !== undefined && { ms }) };
}

/** How far a file is: "Drawing the frames · 40 %". */
function stateWords({ state, words, fraction, file }: SaveJob): string {
  if (state === 'running') return strings.save.running(words, Math.round(fraction * 100));
  return file ? strings.save.saved(sizeWords(file.size)) : words;
}

/** What an output said of a product, of which scene and with which options. */
interface Planned {
  scene: OpenPhoto['scene'];
  options: OptionValues;
  plan: OutputPlan;
  /** Until then `plan` is what was said of other options, or nothing. */
  isAnswered: boolean;
}
const NO_OPTIONS: OptionValues = {};

/** What the stage shows of a file before it is saved; undefined where there is nothing. */
function previewOf(product: string, { scene, plan: { move, sample }, options }: Planned, look: Look | undefined): Preview | undefined {
  if (move) return { scene, product, move };
  return sample && { scene, product, sample, options, look };
}

const isPreviewed = (plan: OutputPlan | undefined): boolean => (plan?.move ?? plan?.sample) !== undefined;

function isSamePreview(a: Preview, b: Preview): boolean {
  if ('move' in a || 'move' in b) return 'move' in a && 'move' in b && a.move === b.move;
  return a.sample === b.sample && a.options === b.options && a.scene === b.scene;
}

/** As people see them. */
function inOrder(outputs: readonly PluginInfo[]): PluginInfo[] {
  return (Object.keys(HEADINGS) as Group[]).flatMap((group) => outputs.filter((output) => (output.group ?? 'other') === group));
}

/** Every file that can be made of the open photo, by what it is for, with its options; what is chosen is saved with one button. */
@customElement('save-panel')
export class SavePanel extends UnhurriedElement {
  static override styles = [shared, savePanelStyles];

  @property({ attribute: false }) desk!: Desk;
  @property({ attribute: false }) saves!: SaveQueue;
  @property({ type: Boolean }) active = false;
  /** Where the person looks from at this moment; undefined where nothing is shown. */
  @property({ attribute: false }) lookNow: () => Look | undefined = () => undefined;
  @property({ attribute: false }) messages!: Messages;
  @property({ attribute: false }) rates!: SaveRates;
  @state() private outputs: readonly PluginInfo[] = [];
  @state() private choice: SaveChoice = NO_CHOICE;
  /** By product. */
  @state() private plans: Readonly<Record<string, Planned>> = {};
  @state() private renderer: RendererKind = 'hardware';
  /** What is played in the stage, or is to be as soon as its move is known. */
  @state() private played: string | undefined;
  @query('saved-preview') private preview!: SavedPreview;
  /** Ids of the outputs whose options are shown, and `ID/all` of those whose files are all shown. */
  @state() private unfolded: ReadonlySet<string> = new Set();
  /** Embed code that was asked for, of which scene, and whether it is in the clipboard. */
  @state() private embedded: { scene: OpenPhoto['scene']; code: string; isCopied: boolean } | undefined;
  #asked = -1;
  #wasPlayed = false;
  /** Fits the frames that are dragged to what is known now. */
  #fitFrames: () => void = () => undefined;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => event.key === 'Escape' && this.desk.stopPreview());
    new Watch(this, () => this.desk);
    new Watch(this, () => this.saves);
  }

  override willUpdate(): void {
    if (!this.active || this.#asked === this.desk.pluginsVersion) return;
    const isFirst = this.#asked < 0;
    this.#asked = this.desk.pluginsVersion;
    void this.desk.converter.listPlugins('output').then((outputs) => {
      this.outputs = inOrder(outputs);
      this.choice = validChoice(isFirst ? loadChoice() : this.choice, this.outputs);
    });
    void rendererKind().then((kind) => (this.renderer = kind));
  }

  override updated(): void {
    const { open, coming } = this.desk;
    const isHere = this.active && open !== undefined && coming === undefined && !this.desk.other3d;
    if (!isHere) {
      this.played = undefined;
      if (this.desk.askedPlace) this.desk.askPlace(undefined);
      if (this.desk.askedFrames) this.desk.askFrames(undefined);
    }
    if (isHere) for (const product of this.choice.products) this.#plan(open.scene, product);
    if (this.desk.askedFrames) this.#fitFrames();
    this.#follow();
  }

  /** Asks what a file will be, unless that is known. */
  #plan(scene: OpenPhoto['scene'], product: string): void {
    const options = this.#optionsOf(product);
    const known = this.plans[product];
    if (known?.scene === scene && known.options === options) return;
    const planned: Planned = { scene, options, plan: known?.scene === scene ? known.plan : {}, isAnswered: false };
    this.plans = { ...this.plans, [product]: planned };
    const answer = (plan: OutputPlan): void => {
      if (this.plans[product] === planned) this.plans = { ...this.plans, [product]: { scene, options, plan, isAnswered: true } };
    };
    // Saving says why it cannot be.
    void this.desk.converter.plan(scene, product, options).then(answer, () => answer({}));
  }

  /** The stage plays what is to be played. */
  #follow(): void {
    const { desk } = this;
    // Stopped in the stage.
    if (this.#wasPlayed && !desk.preview) this.played = undefined;
    const { played } = this;
    const planned = played === undefined ? undefined : this.plans[played];
    const isHere = planned !== undefined && planned.scene === desk.open?.scene;
    const preview = isHere && played !== undefined ? previewOf(played, planned, this.lookNow()) : undefined;
    if (preview) {
      if (!desk.preview || !isSamePreview(desk.preview, preview)) desk.play(preview);
    } else if (played === undefined || planned?.isAnswered) {
      // A file without a preview was chosen while another one's was shown.
      desk.stopPreview();
    }
    this.#wasPlayed = desk.preview !== undefined;
  }

  /** Whoever records a path looks at the photo, not at a preview. */
  readonly #lookForPath = (): Look | undefined => {
    this.played = undefined;
    return this.lookNow();
  };

  #outputOf(product: string): PluginInfo | undefined {
    return this.outputs.find(({ products }) => products.some(({ id }) => id === product));
  }

  #optionsOf(product: string): OptionValues {
    return this.choice.values[this.#outputOf(product)?.id ?? ''] ?? NO_OPTIONS;
  }

  #estimate(open: OpenPhoto, product: string): SaveEstimate {
    const planned = this.plans[product];
    if (planned?.scene !== open.scene) return {};
    return this.rates.estimate(product, planned.plan, open.scene.width * open.scene.height, this.renderer);
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
    return html`${this.#others(open.input.photo)} ${(Object.keys(HEADINGS) as Group[]).map((group) => this.#group(open, group))}
      ${this.#foot(open)} <saved-preview></saved-preview>`;
  }

  /** What is chosen and what it takes, the one button, and how it goes on. */
  #foot(open: OpenPhoto) {
    const products = this.#chosen();
    const labels = products.map((product) => this.#labelOf(product));
    const words = estimateWords(together(products.map((product) => this.#estimate(open, product))));
    const { progress } = this.saves;
    return html`<div class="foot">
      ${progress ? this.#progress(progress) : nothing}
      ${
        products.length > 1
          ? html`<label class="zip">
              <input
                type="checkbox"
                .checked=${live(this.choice.asZip)}
                @change=${({ target }: Event) => this.#choose({ ...this.choice, asZip: (target as HTMLInputElement).checked })}
              />
              ${strings.save.asZip}
            </label>`
          : nothing
      }
      <div class="save">
        <span class="what"
          ><span class="name">${labels.length === 1 ? labels[0] : nothing}</span
          ><span class="muted figures">${words ?? nothing}</span></span
        >
        <button
          class="primary"
          aria-label=${strings.save.saveOne(labels.join(', ') || strings.save.nothing)}
          ?disabled=${!products.length}
          @click=${() => this.#save(open, products)}
        >
          ${icons.save}${products.length > 1 ? strings.save.saveSeveral(products.length) : strings.save.save}
        </button>
      </div>
    </div>`;
  }

  #progress({ done, count, fraction, secondsLeft }: NonNullable<SaveQueue['progress']>) {
    const percent = Math.floor(fraction * 100);
    const left = secondsLeft === undefined ? undefined : lengthWords(secondsLeft);
    return html`<div class="all">
      <span class="figures">${strings.save.overall(Math.min(done + 1, count), count, percent, left)}</span>
      <button class="quiet" @click=${() => this.saves.cancelAll()}>${count > 1 ? strings.save.cancelAll : strings.save.cancel}</button>
      <progress max="1" .value=${fraction} aria-label=${strings.save.allFiles}></progress>
    </div>`;
  }

  /** Products that can be saved here, in their order. */
  #chosen(): string[] {
    return this.outputs
      .filter(({ supported }) => supported === true)
      .flatMap(({ products }) => products.map(({ id }) => id))
      .filter((id) => this.choice.products.includes(id));
  }

  #labelOf(product: string): string {
    return this.#outputOf(product)?.products.find(({ id }) => id === product)?.label ?? product;
  }

  #choose(choice: SaveChoice): void {
    this.choice = choice;
    keepChoice(choice, this.outputs);
  }

  /** Its move is shown at once, unless moving pictures are not wanted. */
  #toggle(product: string, isChosen: boolean): void {
    const rest = this.choice.products.filter((id) => id !== product);
    this.#choose({ ...this.choice, products: isChosen ? [...rest, product] : rest });
    this.desk.askPlace(undefined);
    this.desk.askFrames(undefined);
    if (!isChosen && this.played === product) this.played = undefined;
    if (isChosen && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.played = product;
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
              ${job.state === 'done' ? this.#actions(job) : this.#running(job)}
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

  /** What can be done with a file that is saved. */
  #actions({ file, label, product }: SaveJob) {
    if (!file) return nothing;
    const action = (words: string, run: () => void) =>
      html`<button class="quiet" aria-label=${strings.save.actionOn(words, label)} @click=${run}>${words}</button>`;
    const attempt = (work: Promise<unknown>): void => void work.catch((error: unknown) => this.messages.fail(error, file.name));
    return html`<div class="actions" data-actions=${product}>
      ${savedFile.canShow(file) ? action(strings.save.show, () => void this.preview.show(file)) : nothing}
      ${savedFile.canCopy(file) ? action(strings.save.copy, () => attempt(savedFile.copy(file))) : nothing}
      ${savedFile.canShare(file) ? action(strings.save.share, () => attempt(savedFile.share(file))) : nothing}
      ${savedFile.canSaveAs() ? action(strings.save.saveAs, () => attempt(savedFile.saveAs(file))) : nothing}
    </div>`;
  }

  #output(open: OpenPhoto, output: Listed) {
    const { list, label, products, supported } = output;
    const isList = products.length > 1;
    const isWhole = this.unfolded.has(`${list}/all`) || products.length <= SHOWN + 1;
    // What is chosen or being saved is not folded away.
    const isUsed = (product: string): boolean =>
      this.choice.products.includes(product) || this.saves.find(open.input.photo, product) !== undefined;
    const shown = isWhole ? products : products.filter(({ id: product }, i) => i < SHOWN || isUsed(product));
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
      .values=${this.choice.values[id] ?? NO_OPTIONS}
      .lookNow=${this.#lookForPath}
      @ask-place=${({ detail }: CustomEvent<PlaceOptions>) => this.#askPlace(id, detail)}
      @ask-frames=${({ detail }: CustomEvent<FrameSpecs[]>) => this.#askFrames(id, detail)}
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
    const { id, label } = product;
    const job = this.saves.find(open.input.photo, id);
    const isOn = job && job.state !== 'done';
    const isChosen = this.choice.products.includes(id);
    const estimate = isChosen ? estimateWords(this.#estimate(open, id)) : undefined;
    return html`<li data-product=${id} data-state=${job?.state ?? 'idle'}>
      <label class="pick">
        <input
          type="checkbox"
          aria-label=${label}
          .checked=${live(isChosen)}
          ?disabled=${output.supported !== true}
          @change=${({ target }: Event) => this.#toggle(id, (target as HTMLInputElement).checked)}
        />
        <span class="glyph">${productIcon(id, output.group)}</span>
        <span class="what">
          <span class="name">${shortLabel(output, product)}</span>
          <span class="state muted figures">${job ? stateWords(job) : (estimate ?? nothing)}</span>
        </span>
      </label>
      ${isChosen && isPreviewed(this.plans[id]?.plan) ? this.#playButton(product) : nothing}
      ${output.products.length === 1 ? this.#optionsButton(output) : nothing} ${isOn ? this.#running(job) : nothing}
      ${job?.state === 'done' ? this.#actions(job) : nothing}
    </li>`;
  }

  #playButton({ id, label }: Product) {
    const isPlayed = this.played === id;
    const words = isPlayed ? strings.save.stopPreview : strings.save.play;
    return html`<button
      class="icon quiet"
      aria-label=${strings.save.actionOn(words, label)}
      title=${words}
      aria-pressed=${isPlayed}
      @click=${() => (this.played = isPlayed ? undefined : id)}
    >
      ${isPlayed ? icons.stop : icons.play}
    </button>`;
  }

  /** Touched instead of set by two sliders; what was played goes on with it. */
  #askPlace(plugin: string, { x, y }: PlaceOptions): void {
    const { played } = this;
    this.played = undefined;
    this.desk.askPlace((across, down) => {
      this.desk.askPlace(undefined);
      this.#setOption(plugin, { id: x.id, value: Math.round(100 * across), settled: true });
      this.#setOption(plugin, { id: y.id, value: Math.round(100 * down), settled: true });
      this.played = played;
    });
  }

  /** Dragged over the photo instead of set by sliders; what was played goes on with them. */
  #askFrames(plugin: string, specs: readonly FrameSpecs[]): void {
    const { open } = this.desk;
    const output = this.outputs.find(({ id }) => id === plugin);
    if (!open || !output) return;
    const { played } = this;
    this.played = undefined;
    /** As the last plan says: another shape may just have been chosen. */
    const largest = (): AskedFrames['largest'] => {
      const planned = this.#chosen()
        .filter((product) => this.#outputOf(product) === output)
        .map((product) => this.plans[product])
        .find((plan) => plan?.scene === open.scene && plan.isAnswered && plan.plan.move);
      return largestFrame(open.scene, planned?.plan.move?.cameras[0] ?? open.scene);
    };
    const show = (): void => {
      const values = this.choice.values[plugin] ?? NO_OPTIONS;
      const part = (spec: FrameSpecs['x']): number => Number(optionValue(spec, values)) / 100;
      this.desk.askFrames({
        frames: specs.map(({ label, x, y, size }) => ({ label, x: part(x), y: part(y), size: part(size) })),
        largest: largest(),
        change: (index, frame) => {
          const { x, y, size } = specs[index]!;
          for (const [spec, value] of [
            [x, frame.x],
            [y, frame.y],
            [size, frame.size],
          ] as const)
            this.#setOption(plugin, { id: spec.id, value: Math.round(100 * value), settled: true });
          show();
        },
        done: () => {
          this.desk.askFrames(undefined);
          this.played = played;
        },
      });
    };
    show();
    this.#fitFrames = () => {
      if (JSON.stringify(this.desk.askedFrames?.largest) !== JSON.stringify(largest())) show();
    };
  }

  #setOption(plugin: string, { id, value }: OptionChange): void {
    const { values } = this.choice;
    this.#choose({ ...this.choice, values: { ...values, [plugin]: { ...values[plugin], [id]: value } } });
  }

  #save(open: OpenPhoto, products: readonly string[]): void {
    // Two cores cannot draw both at once.
    this.played = undefined;
    const wishes = products.map((product) => ({
      product,
      label: this.#labelOf(product),
      options: this.#optionsOf(product),
      plan: this.plans[product]?.scene === open.scene ? this.plans[product].plan : {},
    }));
    this.saves.add(open, wishes, { look: this.lookNow(), asZip: this.choice.asZip });
  }
}
