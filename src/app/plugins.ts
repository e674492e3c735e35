import { UnflatError, isLink } from '../core/index.ts';
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
  /** How much of the models of what is being installed is here, 0..1; absent while none is downloaded. */
  fraction: number | undefined;
  /** What is being looked at. A second one, or Cancel, takes its place: what comes of it then counts for nothing. */
  #looking: AbortController | undefined;
  #installing: { offer: PluginOffer; stop: AbortController } | undefined;
  /** Pieces of work that are under way. */
  #busy = 0;
  readonly #host: PluginHost;
  readonly #download: (address: string, signal: AbortSignal) => Promise<Uint8Array>;

  /** @param download downloads a plugin's file from an address. */
  constructor(host: PluginHost, download: (address: string, signal: AbortSignal) => Promise<Uint8Array>) {
    super();
    this.#host = host;
    this.#download = download;
    host.addEventListener('change', () => {
      // Another page may have installed, updated or removed it: what is said of the file is told beside what is here.
      if (this.offered && !this.#installing) this.offered = host.beside(this.offered);
      this.changed();
    });
  }

  /** A file is read, downloaded or started. */
  get isBusy(): boolean {
    return this.#busy > 0;
  }

  get list(): readonly InstalledPlugin[] {
    return this.#host.list;
  }

  /**
   * Looks at a file that the person chose or dropped.
   * @param updates what it is to be a newer version of. Default: anything will do.
   */
  offerFile(file: File, updates?: PluginManifest): Promise<void> {
    return this.#look(file.name, async () => new Uint8Array(await file.arrayBuffer()), updates);
  }

  /**
   * Downloads and looks at the file behind an address that the person typed.
   * @param updates what it is to be a newer version of. Default: anything will do.
   */
  async offerLink(address: string, updates?: PluginManifest): Promise<void> {
    const url = addressOf(address);
    await this.#look(
      url ?? '',
      (signal) =>
        url === undefined ? Promise.reject(new UnflatError('bad-plugin', strings.plugins.badLink)) : this.#download(url, signal),
      updates,
    );
  }

  /** The person agreed to what is offered. */
  install(): Promise<void> {
    return this.#try(async () => {
      const { offered: offer } = this;
      if (!offer || this.#installing) return;
      const stop = new AbortController();
      const { signal } = stop;
      this.#installing = { offer, stop };
      const onFraction = (fraction: number): void => {
        if (signal.aborted) return;
        this.fraction = fraction;
        this.changed();
      };
      try {
        await this.#host.install(offer, onFraction, signal);
        if (!signal.aborted) this.offered = undefined;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        if (this.#installing?.stop === stop) {
          this.#installing = undefined;
          this.fraction = undefined;
        }
        // Where it failed because of what another page did, the card tells it now.
        if (this.offered) this.offered = this.#host.beside(this.offered);
      }
    });
  }

  /** Also ends what is being read, downloaded or installed; what was downloaded for an installation is kept for the next try. */
  dismiss(): void {
    this.#looking?.abort();
    this.#looking = undefined;
    this.#installing?.stop.abort();
    this.#installing = undefined;
    this.fraction = undefined;
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

  #look(from: string, read: (signal: AbortSignal) => Promise<Uint8Array>, updates: PluginManifest | undefined): Promise<void> {
    return this.#try(async () => {
      // What a person agreed to stays on the screen until it is there.
      if (this.#installing) throw new UnflatError('bad-plugin', strings.plugins.stillInstalling(this.#installing.offer.manifest.label));
      this.#looking?.abort();
      const { signal } = (this.#looking = new AbortController());
      this.offered = undefined;
      try {
        const offer = await this.#host.offer(await read(signal), from);
        if (signal.aborted) return;
        if (updates && offer.manifest.id !== updates.id)
          throw new UnflatError('bad-plugin', strings.plugins.otherPlugin(from, offer.manifest.label, offer.manifest.id, updates.label));
        this.offered = offer;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.problem = '';
    this.#busy++;
    this.changed();
    try {
      await work();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.#busy--;
      this.changed();
    }
  }
}

/** @returns undefined where it is no address that may be asked. */
function addressOf(text: string): string | undefined {
  const url = (isLink(text.trim()) && URL.parse?.(text.trim())) || undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  return url && (url.protocol === 'https:' || isLocal) && url.username === '' && url.password === '' ? url.href : undefined;
}
