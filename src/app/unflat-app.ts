import { LitElement, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { Inference } from '../inference/index.ts';
import { Converter, pluginModels } from '../pipeline/index.ts';
import { plugins } from '../../plugins/index.ts';
import { ResultStore } from '../store/index.ts';
import './components/app-messages.ts';
import './components/app-panel.ts';
import type { PanelId } from './components/app-panel.ts';
import './components/app-stage.ts';
import type { AppStage } from './components/app-stage.ts';
import './components/depth-card.ts';
import './components/depth-panel.ts';
import type { DepthPanel } from './components/depth-panel.ts';
import './components/fill-panel.ts';
import './components/drop-veil.ts';
import './components/own-model-card.ts';
import './components/photo-details.ts';
import './components/photos-panel.ts';
import './components/save-panel.ts';
import { createInferenceWorker, createWorker } from './create-worker.ts';
import { Desk } from './desk.ts';
import { PHOTO_TYPES } from './files/choose.ts';
import { areModel } from './files/model-files.ts';
import { SHARED_HASH, listenForFiles, pickFiles } from './files/incoming.ts';
import { icons, mark } from './icons.ts';
import { Messages } from './messages.ts';
import { Models } from './models.ts';
import { keepOffline } from './offline.ts';
import { baseSettings, keepPreferences, loadPreferences, type Preferences } from './preferences.ts';
import { Recent } from './recent.ts';
import { SaveQueue } from './save-queue.ts';
import { loadSamples, sampleInput, samplePhotoUrl, type Sample } from './samples.ts';
import { appStyles } from './styles/app.ts';
import { shared } from './styles/shared.ts';
import { Watch } from './watch.ts';

/** The first photo is on the screen by then, or it will take long anyway. */
const FIRST_PHOTO_MS = 5000;

/** The whole app: what is on the screen, and who tells whom. */
@customElement('unflat-app')
export class UnflatApp extends LitElement {
  static override styles = [shared, appStyles];

  readonly #messages = new Messages();
  readonly #results = new ResultStore({}, (warning) => this.#messages.tell('info', warning, { lastsMs: 10_000 }));
  readonly #inference = new Inference({ createWorker: createInferenceWorker, rows: () => pluginModels(plugins) });
  readonly #models = new Models(this.#inference);
  readonly #converter = new Converter({ createWorker, store: this.#results, plugins, inference: this.#inference });
  readonly #desk = new Desk(this.#converter, this.#models, this.#messages);
  readonly #saves = new SaveQueue(this.#converter, this.#messages);
  readonly #recent = new Recent(this.#results);
  readonly #cleanups: (() => void)[] = [];
  #asked = false;
  #toldOfBetter = false;
  /** The message that told so. */
  #betterMessage = 0;
  /** A photo from another app is on its way; it must not wait behind a sample. */
  readonly #isShared = location.hash === SHARED_HASH;
  @state() private samples: readonly Sample[] = [];
  @state() private panel: PanelId = 'photos';
  @state() private dragging = false;
  @state() private drawing = false;
  @state() private offline = false;
  @state() private fullScreen = false;
  @state() private preferences: Preferences = loadPreferences();

  constructor() {
    super();
    new Watch(this, () => this.#desk);
    new Watch(this, () => this.#models);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#desk.baseSettings = baseSettings(this.preferences);
    this.#desk.preferredModel = this.preferences.depthModel;
    this.#desk.preferredFiller = this.preferences.filler;
    this.#desk.addEventListener('opened', () => this.#onOpened());
    this.#desk.addEventListener('basic', () => this.#tellOfBetter());
    this.#desk.addEventListener('preferred', () => this.#prefer({ ...this.preferences, depthModel: this.#desk.preferredModel, filler: this.#desk.preferredFiller }));
    this.#cleanups.push(listenForFiles({ onFiles: (files) => this.#take(files), onDragging: (dragging) => (this.dragging = dragging) }));
    document.addEventListener('fullscreenchange', this.#onFullScreen);
    document.addEventListener('keydown', this.#onKey);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('fullscreenchange', this.#onFullScreen);
    document.removeEventListener('keydown', this.#onKey);
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.#converter.dispose();
    this.#models.dispose();
    this.#inference.dispose();
  }

  override render() {
    const { open, rival, run, waiting } = this.#desk;
    const [first] = this.samples;
    return html`
      <header>
        <h1>${mark}<span>Unflat</span></h1>
        <p class="title">${open?.title}</p>
        <p class="private">${icons.lock}Photos never leave this machine</p>
        <button class="primary" @click=${this.#pick}>${icons.open}Open photo</button>
      </header>
      <main>
        <app-stage
          .desk=${this.#desk}
          .messages=${this.#messages}
          .placeholder=${first && { url: samplePhotoUrl(first), width: first.width, height: first.height }}
          .sway=${this.preferences.sway}
          .fullScreen=${this.fullScreen}
          @aspect-change=${(event: CustomEvent<number>) => this.style.setProperty('--aspect', String(event.detail))}
          @toggle-full-screen=${this.#toggleFullScreen}
          @drawing-change=${(event: CustomEvent<boolean>) => (this.drawing = event.detail)}
        ></app-stage>
      </main>
      ${waiting && !run && !this.#models.draft ? html`<depth-card .desk=${this.#desk}></depth-card>` : nothing}
      ${this.#models.draft ? html`<own-model-card .desk=${this.#desk}></own-model-card>` : nothing}
      <app-panel role="complementary" aria-label="Tools" .selected=${this.panel} @panel-change=${(event: CustomEvent<PanelId>) => this.#openPanel(event.detail)}>
        <photos-panel
          slot="photos"
          .desk=${this.#desk}
          .recent=${this.#recent}
          .samples=${this.samples}
          .preferences=${this.preferences}
          .offline=${this.offline}
          @preferences=${({ detail }: CustomEvent<Preferences>) => this.#prefer(detail)}
        ></photos-panel>
        <depth-panel slot="depth" .desk=${this.#desk} .messages=${this.#messages} ?active=${this.panel === 'depth'}></depth-panel>
        <fill-panel slot="fill" .desk=${this.#desk} ?active=${this.panel === 'fill'}></fill-panel>
        <save-panel slot="save" .desk=${this.#desk} .saves=${this.#saves} ?active=${this.panel === 'save'}></save-panel>
        <photo-details slot="footer" .desk=${this.#desk}></photo-details>
      </app-panel>
      <app-messages .messages=${this.#messages} ?lifted=${Boolean(run) || this.drawing}></app-messages>
      ${this.dragging ? html`<drop-veil .waiting=${waiting?.title ?? ''}></drop-veil>` : nothing}
      <p class="spoken" role="status" aria-live="polite">${run ? `${run.title}: ${run.words}` : open && rival ? `Comparing ${open.report.fill.label}, left, with ${rival.report.fill.label}, right` : open ? `${open.title} is open` : ''}</p>
    `;
  }

  override updated(): void {
    this.toggleAttribute('full-screen', this.fullScreen);
    const asks = Boolean(this.renderRoot.querySelector('depth-card, own-model-card'));
    // A card that goes takes the focus with it; the picture behind it gets it.
    if (this.#asked && !asks && (document.activeElement === document.body || !this.shadowRoot?.activeElement)) this.renderRoot.querySelector<AppStage>('app-stage')?.focusPhoto();
    this.#asked = asks;
  }

  async #start(): Promise<void> {
    this.samples = await loadSamples();
    const [first] = this.samples;
    if (first && this.#desk.isUntouched && !this.#isShared) void this.#desk.openInput(first.title, () => sampleInput(first));
    void this.#recent.load();
    // What is kept for later must not hold up what is wanted now.
    await Promise.race([new Promise((resolve) => this.#desk.addEventListener('opened', resolve, { once: true })), new Promise((resolve) => setTimeout(resolve, FIRST_PHOTO_MS))]);
    void keepOffline({
      onReady: () => (this.offline = true),
      onUpdate: (reload) => this.#messages.tell('info', 'A new version of Unflat is ready.', { action: { label: 'Reload', run: reload } }),
    });
  }

  #onOpened(): void {
    const { open } = this.#desk;
    if (!open) return;
    document.title = `${open.title} · Unflat`;
    this.#saves.forgetDone();
    // Samples are a tap away anyway.
    if (!this.samples.some((sample) => sample.title === open.title)) void this.#recent.keep(open);
  }

  /** Once a visit is enough; the depth panel says it as long as it is so. */
  #tellOfBetter(): void {
    if (this.#toldOfBetter) return;
    this.#toldOfBetter = true;
    if (this.panel === 'depth') return;
    const run = (): void => {
      this.#openPanel('depth');
      void this.updateComplete.then(() => this.renderRoot.querySelector<DepthPanel>('depth-panel')?.showSources());
    };
    this.#betterMessage = this.#messages.tell('info', 'Basic depth, built in.', { action: { label: 'Get better', run }, lastsMs: 15_000 });
  }

  #openPanel(panel: PanelId): void {
    this.panel = panel;
    // There it stands, with the same button; above it the message would only be in the way.
    if (panel === 'depth') this.#messages.dismiss(this.#betterMessage);
  }

  async #pick(): Promise<void> {
    this.#take(await pickFiles(PHOTO_TYPES, true));
  }

  #take(files: readonly File[]): void {
    if (areModel(files)) void this.#models.offer(files);
    else void this.#desk.openFiles(files);
  }

  readonly #onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.fullScreen && !document.fullscreenElement) this.fullScreen = false;
    if (event.key !== 'o' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void this.#pick();
  };

  /** Where the browser grants no full screen (iPhones), the picture at least gets the whole window. */
  async #toggleFullScreen(): Promise<void> {
    this.fullScreen = !this.fullScreen;
    if (!this.fullScreen) {
      if (document.fullscreenElement) await document.exitFullscreen();
      return;
    }
    await this.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => undefined);
  }

  readonly #onFullScreen = () => {
    this.fullScreen = document.fullscreenElement === this;
  };

  #prefer(preferences: Preferences): void {
    this.preferences = preferences;
    this.#desk.baseSettings = baseSettings(preferences);
    keepPreferences(preferences);
  }
}
