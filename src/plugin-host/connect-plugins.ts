import { UnflatError } from '../core/index.ts';
import type { Plugin, ReachedAnswer } from '../plugin-api/index.ts';
import type { FromPluginHost, ListedPlugin, SandboxLink, ToPluginHost } from './plugin-messages.ts';
import { endWhenIdle } from './end-when-idle.ts';
import { SandboxCalls } from './sandbox-calls.ts';
import { sandboxedPlugin } from './sandboxed-plugin.ts';

/** Plugins by id, as a pipeline takes them. */
export type SandboxedTable = Readonly<Record<string, () => Promise<{ default: Plugin }>>>;

/**
 * The installed plugins as a pipeline's worker sees them; their sandboxes are frames of the page at the other end of the link.
 * @param onChange gets the plugins whenever they change, and at once; `versions` tells by id which file a plugin is.
 */
export function connectPlugins(
  { port, list }: SandboxLink,
  onChange: (table: SandboxedTable, versions: ReadonlyMap<string, string>) => void,
): void {
  const sandboxes = new Map<number, SandboxCalls>();
  let next = 1;
  /** What hosts were asked for, by number. */
  const asked = new Map<number, { resolve(answer: ReachedAnswer): void; reject(reason: unknown): void }>();
  const reach = (id: string, address: string, signal?: AbortSignal): Promise<ReachedAnswer> =>
    new Promise((resolve, reject) => {
      const ask = next++;
      asked.set(ask, { resolve, reject });
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      post({ type: 'reach', id, ask, address });
    });
  const open = (plugin: ListedPlugin): SandboxCalls => {
    const { port1, port2 } = new MessageChannel();
    const sandbox = next++;
    const calls = new SandboxCalls({
      port: port1,
      id: plugin.manifest.id,
      label: plugin.manifest.label,
      models: plugin.models.map(({ id }) => id),
      ...(plugin.manifest.hosts.length > 0 && {
        reach: (address: string, signal?: AbortSignal) => reach(plugin.manifest.id, address, signal),
      }),
      end: () => {
        sandboxes.delete(sandbox);
        post({ type: 'close', sandbox });
      },
    });
    sandboxes.set(sandbox, calls);
    post({ type: 'open', id: plugin.manifest.id, sandbox, port: port2 }, [port2]);
    return calls;
  };
  const post = (message: ToPluginHost, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  const show = (listed: readonly ListedPlugin[]): void => {
    for (const calls of sandboxes.values()) calls.stop('was removed or changed');
    const table = listed.map((plugin) => [plugin.manifest.id, keptOpen(plugin, () => open(plugin))] as const);
    onChange(Object.fromEntries(table), new Map(listed.map(({ manifest, sha256 }) => [manifest.id, sha256])));
  };
  port.onmessage = ({ data }: MessageEvent<FromPluginHost>) => {
    if (data.type === 'list') show(data.list);
    else if (data.type === 'ended') sandboxes.get(data.sandbox)?.stop(data.why);
    else {
      const { resolve, reject } = asked.get(data.ask) ?? {};
      asked.delete(data.ask);
      if (data.answer) resolve?.(data.answer);
      else reject?.(new UnflatError(data.error?.code ?? 'io', data.error?.message ?? 'There was no answer.'));
    }
  };
  show(list);
}

/** One sandbox for all that is asked of a plugin in a row. */
function keptOpen(plugin: ListedPlugin, open: () => SandboxCalls): () => Promise<{ default: Plugin }> {
  let calls: SandboxCalls | undefined;
  const current = async (): Promise<SandboxCalls> => {
    if (!calls || calls.isEnded) endWhenIdle((calls = open()));
    return calls;
  };
  const loaded = { default: sandboxedPlugin(plugin, current) };
  return async () => loaded;
}
