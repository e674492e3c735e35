import { LitElement, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { nextTask } from '../core/index.ts';
import { UnflatPhoto } from '../element/index.ts';
import { Inference, parseRow } from '../inference/index.ts';
import { Converter, detectEnvironment, pluginModels, takenBy } from '../pipeline/index.ts';
import { PluginHost } from '../plugin-host/index.ts';
import { plugins } from '../../plugins/index.ts';
import { ResultStore } from '../store/index.ts';
import { getGraphicsReady } from '../viewer/index.ts';
import './components/about-dialog.ts';
import type { AboutDialog } from './components/about-dialog.ts';
import './components/app-messages.ts';
import './components/app-panel.ts';
import { isPanel, type PanelId } from './components/app-panel.ts';
import './components/app-stage.ts';
import type { AppStage } from './components/app-stage.ts';
import './components/depth-card.ts';
import './components/depth-panel.ts';
import type { DepthPanel } from './components/depth-panel.ts';
import './components/inpaint-panel.ts';
import './components/drop-veil.ts';
import './components/own-model-card.ts';
import './components/photo-details.ts';
import './components/photos-panel.ts';
import './components/plugins-dialog.ts';
import type { PluginsDialog } from './components/plugins-dialog.ts';
import './components/save-panel.ts';
import { createGraphicsWorker, createInferenceWorker, createRasterWorker, createWorker } from './create-worker.ts';
import { Desk, type PhotoToOpen } from './desk.ts';
import { PHOTO_TYPES } from './files/choose-files.ts';
import { askForPlugin, downloadModels, downloadPlugin } from './download-plugin.ts';
import { areModel } from './files/pick-model-files.ts';
import { SHARED_HASH, listenForFiles, pickFiles } from './files/listen-for-files.ts';
import { HEIC_DECODER } from './heic-decoder.ts';
import { icons, mark } from './icons.ts';
import { Install } from './install.ts';
import { Messages, isPartMissing } from './messages.ts';
import { Models } from './models.ts';
import { holdBuild, keepOffline } from './keep-offline.ts';
import { SIZES, baseSettings, keepPreferences, loadPreferences, type Preferences } from './preferences.ts';
import { Recent } from './recent.ts';
import { SaveQueue } from './save-queue.ts';
import { SaveRates } from './save-rates.ts';
import { Several } from './several.ts';
import { loadSamples, sampleToOpen, samplePictureUrl, type Sample } from './load-samples.ts';
import { strings } from './strings.ts';
import { appStyles } from './styles/app.ts';
import { shared } from './styles/shared.ts';
import { Plugins } from './plugins.ts';
import { UnderWay } from './under-way.ts';
import { Watch } from './watch.ts';
import { whileSaving } from './while-saving.ts';

UnflatPhoto.createDrawer = createRasterWorker;

/** The first photo is on the screen by then, or it will take long anyway. */
const FIRST_PHOTO_MS = 5000;
/** Installed plugins are read by then, or the browser's store does not answer. */
const PLUGINS_MS = 2000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What a plugin's file may be called. */
const isPluginFile = ({ name }: File): boolean => /\.m?js$/i.test(name);

/** The picture that index.html shows before the app is there. */
function firstPicture(): { url: string; width: number; height: number } | undefined {
  const picture = document.querySelector<HTMLImageElement>('#first-picture');
  if (!picture || getComputedStyle(picture).display === 'none') return undefined;
  return { url: picture.src, width: 960, height: 720 };
}

/** What is pressed belongs to a field. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox' && target.type !== 'radio';
}

/** Before a sample's id, where the photos' are hashes. */
const SAMPLE = 'sample:';

/** The whole app: what is on the screen, and who tells whom. */
@customElement('unflat-app')
export class UnflatApp extends LitElement {
  static override styles = [shared, appStyles];

  readonly #messages = new Messages();
  readonly #results = new ResultStore({}, (warning) => this.#messages.tell('warning', warning, { lastsMs: 20_000 }));
  readonly #inference = new Inference({
    createWorker: createInferenceWorker,
    rows: async () => [...(await pluginModels(plugins)), ...this.#pluginHost.modelRows],
  });
  readonly #models = new Models(this.#inference);
  readonly #pluginHost: PluginHost = new PluginHost({
    // A depth map in the photo stands in the list of sources, as plugins do.
    taken: async () => {
      const ours = await takenBy(plugins);
      return { ...ours, labels: [...ours.labels, strings.depth.inside] };
    },
    environment: detectEnvironment,
    ask: askForPlugin,
    models: {
      parseRow,
      keeper: {
        download: downloadModels,
        keep: (row, files) => this.#inference.keep(row, files),
        remove: (id) => this.#inference.remove(id),
      },
    },
  });
  #pluginModels = '';
  readonly #plugins = new Plugins(this.#pluginHost, downloadPlugin);
  readonly #converter = new Converter({
    createWorker,
    store: this.#results,
    // Ours come first, so that no other one can take their place.
    plugins: () => ({ ...plugins, ...this.#pluginHost.table, ...plugins }),
    installed: this.#pluginHost,
    inference: this.#inference,
    heicDecoder: HEIC_DECODER,
    onKept: () => void this.#recent.measure(),
  });
  readonly #desk = new Desk(this.#converter, this.#models, this.#messages);
  readonly #rates = new SaveRates();
  readonly #saves = new SaveQueue(this.#converter, this.#messages, this.#rates);
  readonly #lookNow = () => this.renderRoot.querySelector<AppStage>('app-stage')?.look;
  readonly #recent = new Recent(this.#results);
  readonly #install = new Install();
  readonly #underWay = new UnderWay();
  readonly #cleanups: (() => void)[] = [];
  /** Title of what is noted as being worked on. */
  #noted = '';
  #asked = false;
  #toldOfBetter = false;
  /** The message that told so. */
  #betterMessage = 0;
  #updateMessage = 0;
  /** A photo from another app is on its way; it must not wait behind a sample. */
  readonly #isShared = location.hash === SHARED_HASH;
  @state() private samples: readonly Sample[] = [];
  /** The sample that is opened at the start. */
  @state() private placeholder: { url: string; width: number; height: number } | undefined = firstPicture();
  @state() private panel: PanelId = 'photos';
  @state() private dragging = false;
  @state() private drawing = false;
  /** Title of the photo that is on the screen. */
  @state() private shownTitle = '';
  /** Width / height of the photo that is on the screen. */
  @state() private aspect = 4 / 3;
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
    this.#desk.preferredInpainter = this.preferences.inpainter;
    this.#desk.addEventListener('opened', () => this.#onOpened());
    this.#desk.addEventListener('opening', (event) => this.#onOpening((event as CustomEvent<PhotoToOpen>).detail));
    this.#desk.addEventListener('unusable', (event) => void this.#recent.drop((event as CustomEvent<PhotoToOpen>).detail.input));
    this.#desk.addEventListener('basic', () => this.#tellOfBetter());
    this.#desk.addEventListener('preferred', () =>
      this.#prefer({ ...this.preferences, depthModel: this.#desk.preferredModel, inpainter: this.#desk.preferredInpainter }),
    );
    this.#pluginHost.addEventListener('change', () => this.#pluginsChanged());
    new Several(this.#desk, this.#recent, this.#messages);
    this.#cleanups.push(
      listenForFiles({
        onFiles: (files) => this.#take(files),
        onDragging: (dragging) => (this.dragging = dragging),
        onPlace: (hash) => this.#goTo(hash),
      }),
    );
    this.#goTo(location.hash);
    this.#cleanups.push(whileSaving(this.#saves));
    document.addEventListener('fullscreenchange', this.#onFullScreen);
    document.addEventListener('keydown', this.#onKey);
    addEventListener('unhandledrejection', this.#onRejection);
    addEventListener('pagehide', this.#onLeave);
    holdBuild();
    // Building the app is one task; what it loads first is another.
    void nextTask().then(() => (this.isConnected ? this.#start() : undefined));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('fullscreenchange', this.#onFullScreen);
    document.removeEventListener('keydown', this.#onKey);
    removeEventListener('unhandledrejection', this.#onRejection);
    removeEventListener('pagehide', this.#onLeave);
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
    this.#install.dispose();
    this.#recent.dispose();
    this.#converter.dispose();
    this.#models.dispose();
    this.#inference.dispose();
    this.#pluginHost.dispose();
  }

  /** Follows a plugin that its author works on; see `developPlugin`. */
  async developPlugin(folder: string): Promise<void> {
    const { developPlugin } = await import('./develop-plugin.ts');
    await this.#pluginHost.load();
    developPlugin(folder, { host: this.#pluginHost, desk: this.#desk, messages: this.#messages });
  }

  override render() {
    const { run, waiting, other3d } = this.#desk;
    const title = other3d?.title ?? this.shownTitle;
    const { placeholder } = this;
    const hosts = this.#pluginHost.hosts.join(', ');
    return html`
      <header>
        <h1>${mark}<span class="word">${strings.app.name}</span></h1>
        <p class="title" title=${title}>${title}</p>
        <p class="private">${hosts ? [icons.plugin, strings.app.sends(hosts)] : [icons.lock, strings.app.private]}</p>
        <button class="primary" @click=${this.#pick}>
          ${icons.open}<span>${strings.app.open}<span class="word">${strings.app.openPhoto}</span></span>
        </button>
      </header>
      <main>
        <app-stage
          ?hidden=${other3d !== undefined}
          .desk=${this.#desk}
          .messages=${this.#messages}
          .placeholder=${placeholder}
          .sway=${this.preferences.sway}
          .fullScreen=${this.fullScreen}
          @aspect-change=${({ detail }: CustomEvent<number>) => (this.aspect = detail)}
          @toggle-full-screen=${this.#toggleFullScreen}
          @title-change=${({ detail }: CustomEvent<string>) => (this.shownTitle = detail)}
          @drawing-change=${(event: CustomEvent<boolean>) => (this.drawing = event.detail)}
        ></app-stage>
        ${
          other3d
            ? html`<orbit-stage
                .desk=${this.#desk}
                .other=${other3d}
                .fullScreen=${this.fullScreen}
                @toggle-full-screen=${this.#toggleFullScreen}
                @shown=${({ detail }: CustomEvent<HTMLCanvasElement>) => void this.#recent.keepOther3d(other3d, detail)}
                @unshown=${({ detail }: CustomEvent<unknown>) => this.#onUnshown(detail)}
              ></orbit-stage>`
            : nothing
        }
      </main>
      ${waiting && !run && !this.#models.draft ? html`<depth-card .desk=${this.#desk}></depth-card>` : nothing}
      ${this.#models.draft ? html`<own-model-card .desk=${this.#desk}></own-model-card>` : nothing}
      <app-panel
        role="complementary"
        aria-label=${strings.app.tools}
        .selected=${this.panel}
        @panel-change=${(event: CustomEvent<PanelId>) => this.#openPanel(event.detail)}
      >
        <photos-panel
          slot="photos"
          .desk=${this.#desk}
          .recent=${this.#recent}
          .messages=${this.#messages}
          .samples=${this.samples}
          .preferences=${this.preferences}
          .install=${this.#install}
          .offline=${this.offline}
          .hosts=${hosts}
          @about=${this.#showAbout}
          @plugins=${this.#showPlugins}
          @preferences=${({ detail }: CustomEvent<Preferences>) => this.#prefer(detail)}
        ></photos-panel>
        <depth-panel slot="depth" .desk=${this.#desk} .messages=${this.#messages} ?active=${this.panel === 'depth'}></depth-panel>
        <inpaint-panel slot="inpaint" .desk=${this.#desk} ?active=${this.panel === 'inpaint'}></inpaint-panel>
        <save-panel
          slot="save"
          .desk=${this.#desk}
          .saves=${this.#saves}
          .lookNow=${this.#lookNow}
          .messages=${this.#messages}
          .rates=${this.#rates}
          ?active=${this.panel === 'save'}
        ></save-panel>
        <photo-details slot="footer" .desk=${this.#desk}></photo-details>
      </app-panel>
      <app-messages .messages=${this.#messages}></app-messages>
      ${this.dragging ? html`<drop-veil .waiting=${waiting?.title ?? ''}></drop-veil>` : nothing}
      <about-dialog></about-dialog>
      <plugins-dialog .plugins=${this.#plugins}></plugins-dialog>
      <p class="spoken" role="status" aria-live="polite">${this.#status()}</p>
    `;
  }

  /** What a screen reader says of the photo. */
  #status(): string {
    const { open, other3d, rival, run } = this.#desk;
    if (run) return strings.app.isRunning(run.title, run.words);
    if (other3d) return strings.other3d.isOpen(other3d.title);
    if (open && rival) return strings.app.isComparing(open.report.inpaint.label, rival.report.inpaint.label);
    return open ? strings.app.isOpen(open.title) : '';
  }

  override updated(): void {
    this.toggleAttribute('full-screen', this.fullScreen);
    const { run, open, other3d } = this.#desk;
    this.style.setProperty('--aspect', String(other3d ? 1 : this.aspect));
    const title = other3d?.title ?? this.shownTitle;
    document.title = title ? strings.app.pageTitleOf(title) : strings.app.pageTitle;
    this.#messages.hold('picture', Boolean(run) || this.drawing);
    this.#note(run?.title ?? (this.drawing ? (open?.title ?? '') : ''));
    const asks = Boolean(this.renderRoot.querySelector('depth-card, own-model-card'));
    // A card that goes takes the focus with it; the picture behind it gets it.
    if (this.#asked && !asks && (document.activeElement === document.body || !this.shadowRoot?.activeElement))
      this.renderRoot.querySelector<AppStage>('app-stage')?.focusPhoto();
    this.#asked = asks;
  }

  async #start(): Promise<void> {
    const load = this.#recent.load();
    // The photo that was open last may need one.
    const [samples] = await Promise.all([loadSamples(), Promise.race([this.#pluginHost.load(), pause(PLUGINS_MS)])]);
    this.samples = samples;
    if (!this.#isShared) await this.#openFirst(load);
    // While the photo is read in the worker: afterwards it would have to wait for it.
    void getGraphicsReady(createGraphicsWorker);
    // What is kept for later must not hold up what is wanted now.
    await Promise.race([
      new Promise((resolve) => this.#desk.addEventListener('opened', resolve, { once: true })),
      new Promise((resolve) => setTimeout(resolve, FIRST_PHOTO_MS)),
    ]);
    void keepOffline({
      onReady: () => (this.offline = true),
      onUpdate: (update, run) => {
        this.#messages.dismiss(this.#updateMessage);
        const words = update === 'waiting' ? strings.app.updateReady : strings.app.updatedElsewhere;
        this.#updateMessage = this.#messages.tell('info', words, { action: { label: strings.app.reload, run } });
      },
    });
  }

  /** What was open last, unless the page ended at it; else the first sample. Waits for no conversion. */
  async #openFirst(load: Promise<void>): Promise<void> {
    const [broken] = await Promise.all([this.#underWay.broken(), load]);
    const { lastOpen } = this.#underWay;
    const last = this.#recent.list.find(({ id }) => id === lastOpen);
    const sample = this.samples.find(({ id }) => lastOpen === SAMPLE + id) ?? this.samples[0];
    if (!this.#desk.isUntouched) return;
    if (broken !== undefined) this.#tellOfBroken(broken);
    if (last && broken === undefined) void this.#desk.openInput(last.title, async () => last.input, last);
    else if (sample) {
      this.placeholder = { url: samplePictureUrl(sample), width: sample.width, height: sample.height };
      if (sample.title !== broken) void this.#desk.openInput(sample.title, ...sampleToOpen(sample));
    }
  }

  #tellOfBroken(title: string): void {
    const photo = this.#recent.list.find((each) => each.title === title);
    const sample = this.samples.find((each) => each.title === title);
    const smaller = this.preferences.longerSidePx > SIZES[0] ? strings.app.useSmallerSize : '';
    const run = (): void => {
      this.#messages.dismiss(id);
      if (photo) void this.#desk.openInput(photo.title, async () => photo.input, photo);
      else if (sample) void this.#desk.openInput(sample.title, ...sampleToOpen(sample));
    };
    const id = this.#messages.tell(
      'warning',
      strings.app.closedWhileWorking(title) + smaller,
      photo || sample ? { action: { label: strings.app.openIt, run } } : {},
    );
  }

  /** As long as a photo is worked on that is noted down; see `UnderWay`. */
  #note(title: string): void {
    if (this.#noted === title) return;
    this.#noted = title;
    if (title) this.#underWay.begin(title);
    else this.#underWay.end();
  }

  /** Left in good order: nothing was broken, and what was removed is gone for good. */
  readonly #onLeave = (): void => {
    this.#underWay.end();
    this.#messages.clear('info');
  };

  /** It is in the list from now on, not only once it is made: the page may be left before that. */
  #onOpening({ title, input }: PhotoToOpen): void {
    if (!this.#sampleOf({ title })) void this.#recent.queue([{ title, input }]);
  }

  /** Samples are a tap away anyway, and not in the list. */
  #sampleOf({ title }: Pick<PhotoToOpen, 'title'>): Sample | undefined {
    return this.samples.find((sample) => sample.title === title);
  }

  #onOpened(): void {
    const { open } = this.#desk;
    if (!open) return;
    this.#saves.forgetDone();
    const sample = this.#sampleOf(open);
    if (sample) this.#underWay.lastOpen = SAMPLE + sample.id;
    else
      void this.#recent
        .keep(open)
        .then((id) => id !== undefined && this.#desk.open?.input.photo === open.input.photo && (this.#underWay.lastOpen = id));
  }

  #onUnshown(error: unknown): void {
    this.#messages.fail(error, this.#desk.other3d?.title ?? strings.app.yourFiles);
    this.#desk.closeOther3d();
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
    this.#betterMessage = this.#messages.tell('info', strings.app.builtInModel, {
      action: { label: strings.app.betterModel, run },
      lastsMs: 15_000,
    });
  }

  /** An address of the app's own, as its shortcuts have: a panel. */
  #goTo(hash: string): void {
    const panel = hash.slice(1);
    if (isPanel(panel)) this.#openPanel(panel);
  }

  /** The worker that runs models has to know those that plugins bring. */
  #pluginsChanged(): void {
    const ids = this.#pluginHost.modelRows.map(({ id }) => id).join();
    if (ids !== this.#pluginModels) void this.#inference.rowsChanged().catch(() => {});
    this.#pluginModels = ids;
    this.#desk.pluginsChanged();
    this.requestUpdate();
  }

  readonly #showPlugins = (): void => this.renderRoot.querySelector<PluginsDialog>('plugins-dialog')?.show();

  readonly #showAbout = (): void => this.renderRoot.querySelector<AboutDialog>('about-dialog')?.show();

  #openPanel(panel: PanelId): void {
    this.panel = panel;
    // There it stands, with the same button; above it the message would only be in the way.
    if (panel === 'depth') this.#messages.dismiss(this.#betterMessage);
  }

  async #pick(): Promise<void> {
    this.#take(await pickFiles(PHOTO_TYPES, true));
  }

  #take(files: readonly File[]): void {
    const [first] = files;
    if (areModel(files)) void this.#models.offer(files);
    else if (first && files.length === 1 && isPluginFile(first)) {
      this.#showPlugins();
      void this.#plugins.offerFile(first);
    } else void this.#desk.openFiles(files);
  }

  /** Parts of the app are loaded late in many places, and all fail for one reason. */
  readonly #onRejection = ({ reason }: PromiseRejectionEvent) => {
    if (isPartMissing(reason)) this.#messages.fail(reason, strings.app.name);
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && this.fullScreen && !document.fullscreenElement) this.fullScreen = false;
    if (event.key === '?' && !isTyping(event)) this.#showAbout();
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
