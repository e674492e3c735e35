import { UnflatError } from '../core/index.ts';
import type { PluginManifest } from '../plugin-api/index.ts';
import type { InstalledPlugin, PluginHost, PluginOffer } from '../plugin-host/index.ts';
import { strings } from './strings.ts';
import { Watched } from './watch.ts';

/** The plugins that the person installed, and the file that is being looked at. */
export class Plugins extends Watched {
  /** What the person may install; none of its code ran. */
  offered: PluginOffer | undefined;
  /** What was wrong with the last file or link. */
  problem = '';
  /** A file is read, downloaded or started. */
  isBusy = false;
  /** How much of the models of what is being installed is here, 0..1; absent while none is downloaded. */
  fraction: number | undefined;
  #installing: AbortController | undefined;
  readonly #host: PluginHost;
  readonly #download: (address: string) => Promise<Uint8Array>;

  /** @param download downloads a plugin's file from an address. */
  constructor(host: PluginHost, download: (address: string) => Promise<Uint8Array>) {
    super();
    this.#host = host;
    this.#download = download;
    host.addEventListener('change', () => this.changed());
  }

  get list(): readonly InstalledPlugin[] {
    return this.#host.list;
  }

  /**
   * Looks at a file that the person chose or dropped.
   * @param updates what it is to be a newer version of. Default: anything will do.
   */
  offerFile(file: File, updates?: PluginManifest): Promise<void> {
    return this.#try(async () => {
      const offer = await this.#host.offer(new Uint8Array(await file.arrayBuffer()), file.name);
      if (updates && offer.manifest.id !== updates.id)
        throw new UnflatError('bad-plugin', strings.plugins.otherPlugin(file.name, offer.manifest.label, updates.label));
      this.offered = offer;
    });
  }

  /** Downloads and looks at the file behind an address that the person typed. */
  offerLink(address: string): Promise<void> {
    return this.#try(async () => {
      const url = addressOf(address);
      this.offered = await this.#host.offer(await this.#download(url), url);
    });
  }

  /** The person agreed. */
  install(): Promise<void> {
    return this.#try(async () => {
      const { offered } = this;
      if (!offered) return;
      const { signal } = (this.#installing = new AbortController());
      const onFraction = (fraction: number): void => {
        if (signal.aborted) return;
        this.fraction = fraction;
        this.changed();
      };
      await this.#host.install(offered, onFraction, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!signal.aborted) this.offered = undefined;
    });
  }

  /** Also ends an installation that is under way; what was downloaded for it is kept for the next try. */
  dismiss(): void {
    this.#installing?.abort();
    this.offered = undefined;
    this.problem = '';
    this.changed();
  }

  setEnabled(id: string, isEnabled: boolean): Promise<void> {
    return this.#try(() => this.#host.setEnabled(id, isEnabled));
  }

  remove(id: string): Promise<void> {
    return this.#try(() => this.#host.remove(id));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.problem = '';
    this.isBusy = true;
    this.changed();
    try {
      await work();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.isBusy = false;
      this.fraction = undefined;
      this.changed();
    }
  }
}

/** @throws UnflatError where it is no address that may be asked. */
function addressOf(text: string): string {
  const url = URL.parse?.(text.trim()) ?? undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isLocal) || url.username !== '' || url.password !== '')
    throw new UnflatError('bad-plugin', strings.plugins.badLink);
  return url.href;
}
