import { UnflatError, isLink, sha256 } from '../core/index.ts';
import { readManifest, type Environment, type ModelRow, type Plugin, type PluginManifest } from '../plugin-api/index.ts';
import { checkDescription, type PluginDescription } from './check-description.ts';
import { checkFree, checkFreeName, type TakenNames } from './check-free.ts';
import type { InstalledPlugin, PluginOffer, PluginWish } from './installed-plugin.ts';
import type { FromPluginHost, ListedPlugin, SandboxLink, ToPluginHost } from './plugin-messages.ts';
import { endWhenIdle } from './end-when-idle.ts';
import { fetchModels, keepPluginModels, whyNoModels, type PluginModels } from './fetch-models.ts';
import { PluginStore, type KeptPlugins } from './plugin-store.ts';
import { reachFor, type Reach } from './reach.ts';
import { programOf } from './program-of.ts';
import type { SandboxBudget } from './sandbox-budget.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { openSandboxFrame } from './open-sandbox-frame.ts';
import { sandboxedPlugin } from './sandboxed-plugin.ts';
import type { SandboxedTable } from './connect-plugins.ts';

/** Longest file of a plugin, in bytes. */
const MOST_BYTES = 8 * 2 ** 20;

export interface PluginHostOptions {
  /** What nobody else may take. */
  taken: () => Promise<TakenNames>;
  environment: () => Promise<Environment>;
  /** Where installed plugins are kept. Default: this browser. */
  store?: KeptPlugins;
  budget?: Partial<SandboxBudget>;
  /** Reads and keeps the models that plugins bring. Default: plugins with models are refused. */
  models?: PluginModels;
  /** Asks an address that was checked, without cookies, and fails at a redirect. Default: plugins that name hosts are refused. */
  ask?: Reach;
}

/**
 * The plugins that a person installed, and the sandboxes that they run in. Nothing runs before the person agreed to the offer, and nothing but
 * the person's own act leads to one.
 * @fires change when a plugin came, went, or was switched on or off, here or on another page of the app.
 */
export class PluginHost extends EventTarget {
  readonly #options: PluginHostOptions;
  readonly #store: KeptPlugins;
  #list: readonly InstalledPlugin[] = [];
  #loading: Promise<void> | undefined;
  #unwatch = (): void => {};
  /** Of readings of the store: what was read before something newer was known is dropped. */
  #lastTurn = 0;
  #knownTurn = 0;
  readonly #links = new Set<MessagePort>();
  /** Ways to hosts by plugin: all its sandboxes share one count. */
  readonly #reaches = new Map<string, Reach>();
  /** What ends each sandbox that is open, with the plugin in it. */
  readonly #open = new Map<() => void, string>();

  constructor(options: PluginHostOptions) {
    super();
    this.#options = options;
    this.#store = options.store ?? new PluginStore();
  }

  /** Reads what is installed, and from then on follows what other pages of the app do. */
  load(): Promise<void> {
    if (!this.#loading) this.#unwatch = this.#store.watch(() => void this.#refresh());
    return (this.#loading ??= this.#refresh());
  }

  /** Takes over what is kept now: pages of the app share it. */
  async #refresh(): Promise<void> {
    const turn = ++this.#lastTurn;
    const list = await this.#store.list();
    if (!list || turn < this.#knownTurn) return;
    this.#knownTurn = turn;
    this.#show(list);
  }

  /** Before it is written: nobody waits, and what was read meanwhile is older. */
  #showAtOnce(list: readonly InstalledPlugin[]): void {
    this.#knownTurn = ++this.#lastTurn;
    this.#show(list);
  }

  #show(list: readonly InstalledPlugin[]): void {
    const keyOf = ({ manifest, sha256: hash, isEnabled }: InstalledPlugin): string => `${manifest.id} ${hash} ${isEnabled}`;
    const [before, now] = [this.#list.map(keyOf), list.map(keyOf)];
    if (before.join() === now.join()) return;
    this.#list = list;
    for (const key of before) {
      if (now.includes(key)) continue;
      const id = key.slice(0, key.indexOf(' '));
      this.#reaches.delete(id);
      this.#end(id);
    }
    this.#changed();
  }

  get list(): readonly InstalledPlugin[] {
    return this.#list;
  }

  /** Hosts that enabled plugins may send to what they see, each once. */
  get hosts(): readonly string[] {
    return [...new Set(this.#enabled().flatMap(({ manifest }) => manifest.hosts))];
  }

  /** Rows of the models of all plugins that are enabled. */
  get modelRows(): readonly ModelRow[] {
    return this.#enabled().flatMap(({ models }) => models);
  }

  /** The enabled plugins as a pipeline's table has them, for this page. */
  get table(): SandboxedTable {
    return Object.fromEntries(this.#enabled().map((plugin) => [plugin.manifest.id, async () => ({ default: this.#proxy(plugin) })]));
  }

  /**
   * Looks at a plugin's file; none of its code runs.
   * @param from an address, or the name of a file.
   * @throws UnflatError `bad-plugin` that says what is wrong with it.
   */
  async offer(bytes: Uint8Array, from: string): Promise<PluginOffer> {
    await this.load();
    await this.#refresh();
    const file = nameOf(from);
    if (bytes.length > MOST_BYTES)
      throw new UnflatError('bad-plugin', `${file} is larger than the ${MOST_BYTES / 2 ** 20} MB that a plugin may have.`);
    const text = new TextDecoder().decode(bytes);
    const manifest = readManifest(text, file);
    checkFreeName(manifest, await this.#options.taken(), file);
    const lacks =
      manifest.hosts.length > 0 && !this.#options.ask
        ? `wants to reach ${manifest.hosts.join(', ')}`
        : manifest.models.length > 0 && !this.#options.models
          ? 'brings a model'
          : '';
    if (lacks !== '') throw new UnflatError('bad-plugin', `${file} ${lacks}, which plugins cannot do here. Use it in the app.`);
    const noModels = whyNoModels(manifest, from, this.#options.models?.keeper !== undefined);
    if (noModels !== undefined) throw new UnflatError('bad-plugin', `${file} ${noModels}.`);
    // What cannot be started is said before a person decides.
    await programOf(text, '', file);
    return this.beside({ manifest, text, sha256: await sha256(bytes), from });
  }

  /** A file that was looked at, beside what is installed now. */
  beside({ manifest, text, sha256: hash, from }: Pick<PluginOffer, 'manifest' | 'text' | 'sha256' | 'from'>): PluginOffer {
    const installed = this.#list.find((plugin) => plugin.manifest.id === manifest.id);
    const now = wishesOf(manifest);
    const before = wishesOf(installed?.manifest);
    const without = (wishes: typeof now, others: typeof now): PluginWish[] =>
      wishes.filter(({ key }) => !others.some((other) => other.key === key)).map(({ kind, name }) => ({ kind, name }));
    return {
      manifest,
      text,
      sha256: hash,
      from,
      installed,
      gains: without(now, before),
      losses: without(before, now).filter((lost) => !now.some(({ kind, name }) => kind === lost.kind && name === lost.name)),
    };
  }

  /**
   * Installs what the person agreed to, or updates it, once the models that it brings are here.
   * @param onFraction how much of its models is downloaded, 0..1.
   * @throws UnflatError `bad-plugin` where the plugin is not what its manifest says, does not start, takes what is another's, or is not beside the
   * same version any more as when it was offered; `signal.reason` when cancelled.
   */
  async install(
    { manifest, text, sha256: hash, from, installed }: PluginOffer,
    onFraction: (fraction: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<InstalledPlugin> {
    const { id, label } = manifest;
    const description = await this.#describe(manifest, text);
    const { models } = description;
    const ours = await this.#options.taken();
    const check = async (): Promise<void> => {
      signal?.throwIfAborted();
      await this.#refresh();
      checkFree(
        description,
        ours,
        this.#list.filter((plugin) => plugin.manifest.id !== id),
      );
      checkSame(this.#list.find((plugin) => plugin.manifest.id === id));
    };
    /** What the person agreed to is told beside what was here then. */
    const checkSame = (kept: InstalledPlugin | undefined): void => {
      if (kept?.sha256 !== installed?.sha256)
        throw new UnflatError(
          'bad-plugin',
          `The plugin “${label}” (${id}) was installed, updated or removed in another window meanwhile. Read its details again before you install it.`,
        );
    };
    await check();
    const keeper = this.#options.models?.keeper;
    if (models.length > 0 && keeper) {
      const found = await fetchModels(manifest, models, from, keeper, onFraction, signal);
      await check();
      signal?.throwIfAborted();
      // From here on it is installed.
      await keepPluginModels(models, found, keeper);
    } else signal?.throwIfAborted();
    const next = (kept: InstalledPlugin | undefined): InstalledPlugin => {
      checkSame(kept);
      return { ...description, text, sha256: hash, from, isEnabled: kept?.isEnabled ?? true };
    };
    await this.#store.change(id, next).catch(async (cause: unknown) => {
      await this.#refresh();
      const used = this.#list.flatMap((plugin) => plugin.models.map((row) => row.id));
      await this.#forget(models.filter((row) => !used.includes(row.id)));
      if (cause instanceof UnflatError) throw cause;
      throw new UnflatError(
        'storage-full',
        `The plugin “${label}” cannot be kept in this browser. Free some space, or leave private browsing.`,
        { cause },
      );
    });
    await this.#forget(installed?.models.filter((old) => !models.some((row) => row.id === old.id)));
    await this.#refresh();
    return this.#list.find((plugin) => plugin.manifest.id === id) ?? next(installed);
  }

  /** Only that: the file that is kept, which another page may have updated, stays. */
  async setEnabled(id: string, isEnabled: boolean): Promise<void> {
    const plugin = this.#list.find((each) => each.manifest.id === id);
    if (!plugin || plugin.isEnabled === isEnabled) return;
    this.#showAtOnce(this.#list.map((each) => (each === plugin ? { ...plugin, isEnabled } : each)));
    try {
      await this.#store.change(id, (kept) => kept && { ...kept, isEnabled });
    } finally {
      await this.#refresh();
    }
  }

  /** Its sandbox goes at once, whatever it is doing, and so do its models. */
  async remove(id: string): Promise<void> {
    this.#showAtOnce(this.#list.filter((each) => each.manifest.id !== id));
    try {
      const kept = await this.#store.change(id, () => undefined);
      await this.#forget(kept?.models);
    } finally {
      await this.#refresh();
    }
  }

  /** What cannot be removed stays among the models, where the person sees it. */
  async #forget(models: readonly ModelRow[] = []): Promise<void> {
    for (const { id } of models) await this.#options.models?.keeper?.remove(id).catch(() => {});
  }

  /** A link for a pipeline's worker. @param ended that worker's end, and with it that of all its sandboxes. */
  connect(ended?: AbortSignal): SandboxLink {
    const { port1, port2 } = new MessageChannel();
    const own = new Map<number, () => void>();
    const close = (sandbox: number): void => {
      own.get(sandbox)?.();
      own.delete(sandbox);
    };
    port1.onmessage = ({ data }: MessageEvent<ToPluginHost>) => {
      if (data.type === 'close') return close(data.sandbox);
      if (data.type === 'reach') return void this.#answerReach(data, port1);
      const { id, sandbox, port } = data;
      void this.#start(id, port, (why) => {
        close(sandbox);
        port1.postMessage({ type: 'ended', sandbox, why } satisfies FromPluginHost);
      }).then((end) => end && own.set(sandbox, end));
    };
    this.#links.add(port1);
    ended?.addEventListener('abort', () => {
      this.#links.delete(port1);
      port1.close();
      for (const sandbox of [...own.keys()]) close(sandbox);
    });
    return { port: port2, list: this.#listed() };
  }

  dispose(): void {
    this.#unwatch();
    for (const end of [...this.#open.keys()]) end();
    for (const port of this.#links) port.close();
    this.#links.clear();
  }

  async #answerReach({ id, ask, address }: ToPluginHost & { type: 'reach' }, port: MessagePort): Promise<void> {
    try {
      const answer = await this.#reach(id)(address);
      port.postMessage({ type: 'reached', ask, answer } satisfies FromPluginHost, [answer.bytes.buffer as ArrayBuffer]);
    } catch (error) {
      const { message, code } = error instanceof UnflatError ? error : new UnflatError('io', String(error));
      port.postMessage({ type: 'reached', ask, error: { code, message } } satisfies FromPluginHost);
    }
  }

  /** By what the installed plugin's manifest says now. */
  #reach(id: string): Reach {
    const plugin = this.#enabled().find((each) => each.manifest.id === id);
    const { ask } = this.#options;
    if (!plugin || !ask) return () => Promise.reject(new UnflatError('bad-plugin', 'A plugin that is not installed reaches nobody.'));
    const known = this.#reaches.get(id) ?? reachFor(plugin.manifest, ask);
    this.#reaches.set(id, known);
    return known;
  }

  #enabled(): InstalledPlugin[] {
    return this.#list.filter(({ isEnabled }) => isEnabled);
  }

  #listed(): ListedPlugin[] {
    return this.#enabled().map(({ text: _text, from: _from, isEnabled: _isEnabled, ...plugin }) => plugin);
  }

  #changed(): void {
    for (const port of this.#links) port.postMessage({ type: 'list', list: this.#listed() } satisfies FromPluginHost);
    this.dispatchEvent(new Event('change'));
  }

  #end(id: string): void {
    for (const [end, plugin] of [...this.#open]) if (plugin === id) end();
  }

  /** Starts an enabled plugin in a sandbox. @returns what ends it; undefined where it cannot be started, which `onEnded` is told. */
  async #start(id: string, port: MessagePort, onEnded: (why: string) => void): Promise<(() => void) | undefined> {
    const plugin = this.#enabled().find((each) => each.manifest.id === id);
    if (!plugin) {
      onEnded('is not installed any more');
      return undefined;
    }
    return this.#frame(id, plugin.text, port, onEnded);
  }

  async #frame(id: string, text: string, port: MessagePort, onEnded: (why: string) => void): Promise<() => void> {
    const { default: sandbox } = await import('unflat:sandbox');
    const program = await programOf(text, sandbox, id);
    const close = openSandboxFrame(program, port, (why) => onEnded(`cannot be loaded (${why})`));
    const end = (): void => {
      this.#open.delete(end);
      close();
    };
    this.#open.set(end, id);
    return end;
  }

  /** Runs the plugin's module once and has it say what it is. */
  async #describe(manifest: PluginManifest, text: string): Promise<PluginDescription> {
    const calls = await this.#callsTo(manifest, text);
    try {
      const environment = await this.#options.environment();
      return checkDescription(await calls.call({ method: 'describe', input: environment }), manifest, this.#options.models?.parseRow);
    } finally {
      calls.stop();
    }
  }

  async #callsTo({ id, label, hosts }: PluginManifest, text: string, models: readonly ModelRow[] = []): Promise<SandboxCalls> {
    const { port1, port2 } = new MessageChannel();
    let end = (): void => {};
    const { budget } = this.#options;
    const calls = new SandboxCalls({
      port: port1,
      id,
      label,
      end: () => end(),
      models: models.map((row) => row.id),
      ...(hosts.length > 0 && { reach: (address: string, signal?: AbortSignal) => this.#reach(id)(address, signal) }),
      ...(budget && { budget }),
    });
    end = await this.#frame(id, text, port2, (why) => calls.stop(why));
    if (calls.isEnded) end();
    return calls;
  }

  /** For what runs on the page's side. */
  #proxy(plugin: InstalledPlugin): Plugin {
    let calls: Promise<SandboxCalls> | undefined;
    return sandboxedPlugin(plugin, async () => {
      if (!calls || (await calls).isEnded) {
        calls = this.#callsTo(plugin.manifest, plugin.text, plugin.models);
        endWhenIdle(await calls);
      }
      return calls;
    });
  }
}

/** What a manifest asks for. `key` tells one from another: a host may be called like a model, and a model's file may change. */
function wishesOf(manifest: PluginManifest | undefined): (PluginWish & { key: string })[] {
  const wish = (kind: PluginWish['kind'], name: string, version = ''): PluginWish & { key: string } => ({
    kind,
    name,
    key: `${kind} ${name} ${version}`,
  });
  if (!manifest) return [];
  return [
    ...manifest.sees.map((name) => wish('sight', name)),
    ...manifest.hosts.map((name) => wish('host', name)),
    ...manifest.models.map(({ path, sha256: hash }) => wish('model', path, hash)),
  ];
}

function nameOf(from: string): string {
  const [last = from] = (isLink(from) ? from.split(/[?#]/)[0]! : from).split('/').slice(-1);
  return last.slice(0, 100) || from.slice(0, 100);
}
