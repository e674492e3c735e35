import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PluginManifest } from '../../plugin-api/index.ts';
import { isLink, sizeWords } from '../../core/index.ts';
import { modelHost, type InstalledPlugin, type PluginOffer, type PluginWish } from '../../plugin-host/index.ts';
import { pickFiles } from '../files/listen-for-files.ts';
import { icons } from '../icons.ts';
import { KeepFocus } from '../keep-focus.ts';
import type { Plugins } from '../plugins.ts';
import { strings } from '../strings.ts';
import { controls } from '../styles/controls.ts';
import { dialogStyles } from '../styles/dialog.ts';
import { pluginsDialogStyles } from '../styles/plugins-dialog.ts';
import { shared } from '../styles/shared.ts';
import { Watch } from '../watch.ts';
import { UnhurriedElement } from '../unhurried-element.ts';

const PLUGIN_TYPES = '.js,.mjs';

const KINDS = { depth: strings.plugins.depthKind, inpaint: strings.plugins.inpaintKind, output: strings.plugins.outputKind } as const;

/** By what a manifest says. */
const SIGHTS: Readonly<Record<string, string>> = {
  photo: strings.plugins.seesPhoto,
  file: strings.plugins.seesFile,
  depth: strings.plugins.seesDepth,
  scene: strings.plugins.seesScene,
};

/** The plugins on this device: what each is and may see; installs, updates, switches off and removes them. */
@customElement('plugins-dialog')
export class PluginsDialog extends UnhurriedElement {
  static override styles = [shared, controls, dialogStyles, pluginsDialogStyles];

  @property({ attribute: false }) plugins!: Plugins;
  /** The plugin whose removal is asked about. */
  @state() private removing = '';
  @state() private link = '';
  @query('dialog') private dialog!: HTMLDialogElement;

  constructor() {
    super();
    new Watch(this, () => this.plugins);
    new KeepFocus(this);
  }

  override render() {
    const { offered, problem, list, isBusy } = this.plugins;
    return html`<dialog aria-labelledby="plugins" @click=${this.#onClick} @close=${() => this.#closed()}>
      <div class="inside" aria-busy=${isBusy}>
        <div class="head">
          <h2 id="plugins">${strings.plugins.title}</h2>
          <button class="icon quiet" aria-label=${strings.about.close} title=${strings.about.close} @click=${() => this.dialog.close()}>
            ${icons.close}
          </button>
        </div>
        ${problem ? html`<p class="problem" role="alert">${icons.info}<span>${problem}</span></p>` : nothing}
        ${offered ? this.#offer(offered, isBusy) : this.#all(list, isBusy)}
      </div>
    </dialog>`;
  }

  /** Shows it; it closes by its button, Escape, or a click beside it. */
  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  #all(list: readonly InstalledPlugin[], isBusy: boolean): TemplateResult {
    return html`
      <p class="muted">${strings.plugins.what}</p>
      ${
        list.length
          ? html`<ul class="list">
              ${list.map((plugin) => this.#row(plugin, isBusy))}
            </ul>`
          : html`<p class="none">${strings.plugins.none}</p>`
      }
      <form @submit=${this.#onLink}>
        <button type="button" ?disabled=${isBusy} @click=${() => void this.#pick()}>${icons.plugin}${strings.plugins.addFile}</button>
        <label class="link"
          ><span class="muted">${strings.plugins.orLink}</span
          ><input
            type="url"
            inputmode="url"
            autocomplete="off"
            spellcheck="false"
            placeholder=${strings.plugins.linkStart}
            .value=${live(this.link)}
            @input=${(event: Event) => (this.link = (event.target as HTMLInputElement).value)}
        /></label>
        <button ?disabled=${isBusy || this.link.trim() === ''}>${strings.plugins.look}</button>
      </form>
    `;
  }

  #row({ manifest, isEnabled, from, supported, products }: InstalledPlugin, isBusy: boolean): TemplateResult {
    const { id, label, version, author } = manifest;
    return html`<li data-plugin=${id}>
      <label class="switch">
        <span><span class="name">${label}</span> <span class="muted figures">${version}</span></span>
        <input
          type="checkbox"
          role="switch"
          aria-label=${strings.plugins.use(label)}
          .checked=${live(isEnabled)}
          @change=${(event: Event) => void this.plugins.setEnabled(id, (event.target as HTMLInputElement).checked)}
        />
      </label>
      <p class="muted">
        ${strings.plugins.by(KINDS[manifest.kind], author)}
        ${
          {
            depth: strings.plugins.inDepth,
            inpaint: strings.plugins.inFill,
            output: strings.plugins.inSave(products.map((each) => each.label).join(', ')),
          }[manifest.kind]
        }
      </p>
      ${supported === true ? nothing : html`<p class="problem">${icons.info}<span>${supported}</span></p>`}
      <details>
        <summary class="muted">${icons.turn}${strings.plugins.details}</summary>
        ${facts(manifest, from)}
        ${
          this.removing === id
            ? html`<div class="actions">
                <button @click=${() => void this.#remove(id)}>${strings.plugins.remove}</button>
                <button class="quiet" @click=${() => (this.removing = '')}>${strings.plugins.keep}</button>
              </div>`
            : html`<div class="actions">
                ${
                  isLink(from)
                    ? html`<button ?disabled=${isBusy} @click=${() => void this.plugins.offerLink(from, manifest)}>
                        ${strings.plugins.update}
                      </button>`
                    : html`<button
                        ?disabled=${isBusy}
                        aria-label=${strings.plugins.updateFile}
                        title=${strings.plugins.updateFile}
                        @click=${() => void this.#pick(manifest)}
                      >
                        ${strings.plugins.update}
                      </button>`
                }
                <button class="quiet" @click=${() => (this.removing = id)}>${icons.remove}${strings.plugins.remove}</button>
              </div>`
        }
      </details>
    </li>`;
  }

  /** What somebody decides by: nothing of the plugin ran yet. */
  #offer(offer: PluginOffer, isBusy: boolean): TemplateResult {
    const { manifest, from, installed, sha256 } = offer;
    const isSame = installed?.sha256 === sha256;
    return html`<section class="offer" aria-labelledby="offered">
      <h3 id="offered">${manifest.label} <span class="muted figures">${manifest.version}</span></h3>
      <p class="muted">${strings.plugins.by(KINDS[manifest.kind], manifest.author)}</p>
      ${manifest.about === undefined ? nothing : html`<p>${manifest.about}</p>`}
      ${installed ? html`<p class="change">${changeWords(offer, installed)}</p>` : nothing} ${facts(manifest, from)}
      <p class="safe">${icons.lock}<span>${strings.plugins.safe}</span></p>
      <div class="actions">
        <button class="primary" ?disabled=${isBusy || isSame} @click=${() => void this.plugins.install()}>
          ${isBusy ? this.#doing() : installed ? strings.plugins.update : strings.plugins.install}
        </button>
        <button class="quiet" @click=${() => this.plugins.dismiss()}>${strings.plugins.cancel}</button>
      </div>
    </section>`;
  }

  #doing(): string {
    const { fraction } = this.plugins;
    return fraction === undefined ? strings.plugins.starting : strings.plugins.downloading(Math.floor(100 * fraction));
  }

  /** @param updates what the file is to be a newer version of. Default: anything will do. */
  async #pick(updates?: PluginManifest): Promise<void> {
    const [file] = await pickFiles(PLUGIN_TYPES, false);
    if (file) await this.plugins.offerFile(file, updates);
  }

  readonly #onLink = (event: Event): void => {
    event.preventDefault();
    void this.plugins.offerLink(this.link).then(() => {
      if (this.plugins.offered) this.link = '';
    });
  };

  async #remove(id: string): Promise<void> {
    this.removing = '';
    await this.plugins.remove(id);
  }

  #closed(): void {
    this.removing = '';
    this.plugins.dismiss();
  }

  #onClick(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog.close();
  }
}

/** What it may see, where it came from, its licence. */
function facts(manifest: PluginManifest, from: string): TemplateResult {
  return html`<dl>
    <dt class="muted">${strings.plugins.id}</dt>
    <dd>${manifest.id}</dd>
    <dt class="muted">${strings.plugins.sees}</dt>
    <dd>${manifest.sees.map((sight) => SIGHTS[sight]).join(' ')}</dd>
    <dt class="muted">${strings.plugins.reaches}</dt>
    <dd>${manifest.hosts.length > 0 ? strings.plugins.hosts(manifest.hosts.join(', ')) : strings.plugins.nothing}</dd>
    ${
      manifest.models.length > 0
        ? html`<dt class="muted">${strings.plugins.brings}</dt>
            <dd>
              ${manifest.models.map((file) => strings.plugins.model(file.path, sizeWords(file.sizeBytes), modelHost(file, from))).join(' ')}
            </dd>`
        : nothing
    }
    <dt class="muted">${strings.plugins.from}</dt>
    <dd class="from">${from}</dd>
    <dt class="muted">${strings.plugins.licence}</dt>
    <dd>${manifest.licence}</dd>
  </dl>`;
}

function changeWords({ manifest, gains, losses, sha256 }: PluginOffer, installed: InstalledPlugin): string {
  const { same, changes, more, less, alike } = strings.plugins;
  if (installed.sha256 === sha256) return same;
  const { newHost, newSight, newModel } = strings.plugins;
  const words = (wishes: PluginWish[]): string => wishes.map(({ kind, name }) => (kind === 'sight' ? SIGHTS[name] : name)).join(' ');
  const gain = ({ kind, name }: PluginWish): string =>
    kind === 'sight' ? newSight(SIGHTS[name]!) : kind === 'host' ? newHost(name) : newModel(name);
  return [
    changes(installed.manifest.version, manifest.version),
    gains.length ? more(gains.map(gain).join(' ')) : '',
    losses.length ? less(words(losses)) : '',
    gains.length || losses.length ? '' : alike,
  ]
    .filter((line) => line !== '')
    .join(' ');
}
