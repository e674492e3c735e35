import { UnflatError, sha256 } from '../core/index.ts';
import { readManifest, type Environment, type ModelRow, type Plugin, type PluginManifest } from '../plugin-api/index.ts';
import { checkDescription, type PluginDescription } from './check-description.ts';
import type { InstalledPlugin, PluginOffer, PluginWish } from './installed-plugin.ts';
import type { FromPluginHost, ListedPlugin, SandboxLink, ToPluginHost } from './plugin-messages.ts';
import { fetchModels, whyNoModels, type PluginModels } from './fetch-models.ts';
import { PluginStore } from './plugin-store.ts';
import { reachFor, type Reach } from './reach.ts';
import { programOf } from './program-of.ts';
import type { SandboxBudget } from './sandbox-budget.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { openSandboxFrame } from './open-sandbox-frame.ts';
import { sandboxedPlugin } from './sandboxed-plugin.ts';
import type { SandboxedTable } from './connect-plugins.ts';

/** Longest file of a plugin, in bytes. */
const MOST_BYTES = 8 * 2 ** 20;
/** A sandbox that the page itself opened ends so long after its last use, in ms. */
const IDLE_MS = 20_000;

export interface PluginHostOptions {
  /** Ids of plugins, of products and of models that nobody else may take. */
  taken: () => Promise<{ ids: readonly string[]; products: readonly string[]; models: readonly string[] }>;
  environment: () => Promise<Environment>;
  /** Where installed plugins are kept. Default: this browser. */
  store?: Pick<PluginStore, 'list' | 'put' | 'remove'>;
  budget?: Partial<SandboxBudget>;
  /** Reads and keeps the models that plugins bring. Default: plugins with models are refused. */
  models?: PluginModels;
  /** Asks an address that was checked, without cookies, and fails at a redirect. Default: plugins that name hosts are refused. */
  ask?: Reach;
}

/**
 * The plugins that a person installed, and the sandboxes that they run in. Nothing runs before the person agreed to the offer, and nothing but
 * the person's own act leads to one.
 * @fires change when a plugin came, went, or was switched on or off.
 */
export class PluginHost extends EventTarget {
  readonly #options: PluginHostOptions;
  readonly #store: Pick<PluginStore, 'list' | 'put' | 'remove'>;
  #list: InstalledPlugin[] = [];
  #loading: Promise<void> | undefined;
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

  /** Reads what is installed, once. */
  load(): Promise<void> {
    return (this.#loading ??= this.#store.list().then((list) => {
      this.#list = list;
      this.#changed();
    }));
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
    const file = nameOf(from);
    if (bytes.length > MOST_BYTES)
      throw new UnflatError('bad-plugin', `${file} is larger than the ${MOST_BYTES / 2 ** 20} MB that a plugin may have.`);
    const text = new TextDecoder().decode(bytes);
    const manifest = readManifest(text, file);
    const { ids } = await this.#options.taken();
    if (ids.includes(manifest.id))
      throw new UnflatError(
        'bad-plugin',
        `${file} calls itself ${manifest.id}, as a plugin of Unflat does. Ask its author to choose another id.`,
      );
    const lacks =
      manifest.hosts.length > 0 && !this.#options.ask
        ? `wants to reach ${manifest.hosts.join(', ')}`
        : manifest.models.length > 0 && !this.#options.models
          ? 'brings a model'
          : '';
    if (lacks !== '') throw new UnflatError('bad-plugin', `${file} ${lacks}, which plugins cannot do here. Use it in the app.`);
    const noModels = this.#options.models?.keeper && whyNoModels(manifest, from);
    if (noModels !== undefined) throw new UnflatError('bad-plugin', `${file} ${noModels}.`);
    // What cannot be started is said before a person decides.
    await programOf(text, '', file);
    const installed = this.#list.find((plugin) => plugin.manifest.id === manifest.id);
    const now = wishesOf(manifest);
    const before = wishesOf(installed?.manifest);
    const without = (wishes: typeof now, others: typeof now): PluginWish[] =>
      wishes.filter(({ key }) => !others.some((other) => other.key === key)).map(({ kind, name }) => ({ kind, name }));
    return {
      manifest,
      text,
      sha256: await sha256(bytes),
      from,
      installed,
      gains: without(now, before),
      losses: without(before, now).filter((lost) => !now.some(({ kind, name }) => kind === lost.kind && name === lost.name)),
    };
  }

  /**
   * Installs what the person agreed to, or updates it, once the models that it brings are here.
   * @param onFraction how much of its models is downloaded, 0..1.
   * @throws UnflatError `bad-plugin` where the plugin is not what its manifest says, or does not start; `signal.reason` when cancelled.
   */
  async install(
    { manifest, text, sha256: hash, from, installed }: PluginOffer,
    onFraction: (fraction: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<InstalledPlugin> {
    const description = await this.#describe(manifest, text);
    const { products, models: ours } = await this.#options.taken();
    const others = this.#list
      .filter((plugin) => plugin.manifest.id !== manifest.id)
      .flatMap((plugin) => plugin.products.map(({ id }) => id));
    const twice = description.products.find(({ id }) => products.includes(id) || others.includes(id));
    if (twice)
      throw new UnflatError(
        'bad-plugin',
        `The plugin “${manifest.label}” writes “${twice.id}”, which another one writes already. Remove that one first, or ask its author.`,
      );
    const { models } = description;
    const known = models.find(({ id }) => ours.includes(id));
    if (known)
      throw new UnflatError(
        'bad-plugin',
        `The plugin “${manifest.label}” calls its model ${known.id}, as one of Unflat’s list is called. Ask its author to choose another id.`,
      );
    const own = this.#list.find(
      (plugin) => plugin.manifest.id !== manifest.id && plugin.models.some(({ id }) => models.some((row) => row.id === id)),
    );
    if (own)
      throw new UnflatError(
        'bad-plugin',
        `The plugin “${manifest.label}” brings a model of the same id as “${own.manifest.label}”. Ask its author.`,
      );
    const keeper = this.#options.models?.keeper;
    signal?.throwIfAborted();
    if (models.length > 0 && keeper) await fetchModels(manifest, models, from, keeper, onFraction, signal);
    await this.#forget(installed?.models.filter(({ id }) => !models.some((row) => row.id === id)));
    const plugin: InstalledPlugin = { ...description, text, sha256: hash, from, isEnabled: installed?.isEnabled ?? true };
    await this.#store.put(plugin).catch((cause: unknown) => {
      throw new UnflatError(
        'storage-full',
        `The plugin “${manifest.label}” cannot be kept in this browser. Free some space, or leave private browsing.`,
        { cause },
      );
    });
    const at = this.#list.findIndex((each) => each.manifest.id === manifest.id);
    this.#list = at < 0 ? [...this.#list, plugin] : this.#list.with(at, plugin);
    this.#reaches.delete(manifest.id);
    this.#end(manifest.id);
    this.#changed();
    return plugin;
  }

  async setEnabled(id: string, isEnabled: boolean): Promise<void> {
    const plugin = this.#list.find((each) => each.manifest.id === id);
    if (!plugin || plugin.isEnabled === isEnabled) return;
    const changed = { ...plugin, isEnabled };
    this.#list = this.#list.map((each) => (each === plugin ? changed : each));
    if (!isEnabled) this.#end(id);
    this.#changed();
    await this.#store.put(changed);
  }

  /** Its sandbox goes at once, whatever it is doing, and so do its models. */
  async remove(id: string): Promise<void> {
    const models = this.#list.find((each) => each.manifest.id === id)?.models;
    this.#list = this.#list.filter((each) => each.manifest.id !== id);
    this.#end(id);
    this.#changed();
    await this.#store.remove(id);
    await this.#forget(models);
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
      if (!calls || (await calls).isEnded) calls = this.#callsTo(plugin.manifest, plugin.text, plugin.models);
      const opened = await calls;
      opened.onIdle = () => void setTimeout(() => opened.stop(), IDLE_MS);
      return opened;
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
  const [last = from] = from.split(/[?#]/)[0]!.split('/').slice(-1);
  return last.slice(0, 100) || from.slice(0, 100);
}
