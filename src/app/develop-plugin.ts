import type { InstalledPlugin, PluginHost } from '../plugin-host/index.ts';
import type { Desk } from './desk.ts';
import type { DepthFrom, PhotoSettings } from './desk-types.ts';
import type { Messages } from './messages.ts';
import { strings } from './strings.ts';

/** What the server of `unflat plugins dev` says: the plugin's file was built, or why not. */
export type PluginBuild = { file: string } | { problem: string };

/** Parts of the app that it works with. */
export interface DevelopedApp {
  host: PluginHost;
  desk: Desk;
  messages: Messages;
}

/**
 * Keeps the plugin that its author works on installed as it was built last, and makes the open photo again with it. Only the page that
 * `unflat plugins dev` serves says that there is one.
 * @param folder address below which that server answers, with a slash at its end.
 */
export function developPlugin(folder: string, app: DevelopedApp): void {
  const { messages } = app;
  /** Errors that the server heard of, or that came from it. */
  const told = new Set<number | string>();
  messages.addEventListener('change', () => {
    for (const { id, tone, text, stack } of messages.list) {
      if (tone === 'info' || told.has(id) || told.has(text)) continue;
      told.add(id);
      void fetch(`${folder}problems`, { method: 'POST', body: stack === undefined ? text : `${text}\n${stack}` }).catch(() => {});
    }
  });
  let last: InstalledPlugin | undefined;
  let work = Promise.resolve();
  const take = async (build: PluginBuild): Promise<void> => {
    messages.clear('error');
    if ('problem' in build) {
      told.add(build.problem);
      messages.tell('error', build.problem);
      return;
    }
    try {
      last = await replace(folder, build.file, last, app);
    } catch (error) {
      messages.fail(error, build.file);
    }
  };
  new EventSource(`${folder}builds`).onmessage = ({ data }: MessageEvent<string>) => {
    work = work.then(() => take(JSON.parse(data) as PluginBuild));
  };
}

/** @returns the plugin as it is installed now. @throws UnflatError that says what is wrong with it. */
async function replace(
  folder: string,
  file: string,
  last: InstalledPlugin | undefined,
  { host, desk, messages }: DevelopedApp,
): Promise<InstalledPlugin> {
  const base = new URL(`${folder}files/`, document.baseURI).href;
  const response = await fetch(base + file);
  const offer = await host.offer(new Uint8Array(await response.arrayBuffer()), base + file);
  const { manifest, installed, sha256 } = offer;
  // What was worked on here before is another author's time.
  for (const { from, manifest: other } of host.list) if (from.startsWith(base) && other.id !== manifest.id) await host.remove(other.id);
  const isHere = installed?.sha256 === sha256;
  if (isHere && last) return last;
  // It may be at work, and would fail in the middle of it.
  if (!isHere && desk.run?.again) desk.cancel();
  const plugin = isHere ? installed : await host.install(offer);
  await host.setEnabled(manifest.id, true);
  messages.tell('info', strings.plugins.reloaded(manifest.label), { lastsMs: 4000 });
  if (manifest.kind !== 'output') void useAgain(plugin, last, desk);
  return plugin;
}

/** Makes the open photo again, as soon as there is one, if it was made with the plugin or the plugin is new here. */
async function useAgain(plugin: InstalledPlugin, last: InstalledPlugin | undefined, desk: Desk): Promise<void> {
  if (!desk.open) await new Promise((resolve) => desk.addEventListener('opened', resolve, { once: true }));
  const { manifest, models, options } = plugin;
  const ids = [manifest.id, ...models.map(({ id }) => id)];
  const { wished } = desk;
  // Settings of other options would be refused.
  const isSame = last !== undefined && JSON.stringify(last.options) === JSON.stringify(options);
  const settings: PhotoSettings =
    manifest.kind === 'depth'
      ? { ...wished, from: fromOf(plugin, wished.from), depthOptions: isSame ? (wished.depthOptions ?? {}) : {} }
      : {
          ...wished,
          inpainter: ids.find((id) => id === wished.inpainter) ?? models[0]?.id ?? manifest.id,
          inpaintOptions: isSame ? (wished.inpaintOptions ?? {}) : {},
        };
  const used = manifest.kind === 'depth' ? idOf(wished.from) : wished.inpainter;
  if (last && !ids.includes(used ?? '')) return;
  await desk.adjust(settings);
}

function idOf(from: DepthFrom | undefined): string | undefined {
  return from?.kind === 'plugin' ? from.plugin : from?.kind === 'model' ? from.model : undefined;
}

/** The model that was chosen stays, as far as the plugin still brings it. */
function fromOf({ manifest, models }: InstalledPlugin, wished: DepthFrom | undefined): DepthFrom {
  const [first] = models;
  if (!first) return { kind: 'plugin', plugin: manifest.id };
  const chosen = models.find(({ id }) => id === idOf(wished)) ?? first;
  return { kind: 'model', model: chosen.id };
}
