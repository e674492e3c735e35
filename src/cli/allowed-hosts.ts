import { readManifest, type PluginManifest } from '../plugin-api/index.ts';
import { UsageError } from './cli-error.ts';
import { sightWords } from './plugin-card.ts';
import type { PluginFile } from './read-plugin-file.ts';

/**
 * The hosts that a plugin's file may reach.
 * @param isAllowed whether the person said so on the command line.
 * @param before the installed plugin of an id, with the hosts that the person allowed it: these hold as long as it sees no more than then.
 * @param what what messages call the file, as `--plugin x.js`.
 * @throws UsageError that names the hosts that the person did not allow.
 */
export function allowedHosts(
  { bytes, from }: PluginFile,
  isAllowed: boolean,
  before: (id: string) => { manifest: PluginManifest; hosts: readonly string[] } | undefined,
  what: string,
): readonly string[] {
  let manifest: PluginManifest;
  try {
    manifest = readManifest(new TextDecoder().decode(bytes), from);
  } catch {
    return []; // whoever starts it says what is wrong
  }
  const { id, label, hosts, sees } = manifest;
  const installed = before(id);
  const allowed = installed && sees.every((sight) => installed.manifest.sees.includes(sight)) ? installed.hosts : [];
  const asked = hosts.filter((host) => !allowed.includes(host));
  if (asked.length > 0 && !isAllowed)
    throw new UsageError(
      `${what}: “${label}” wants to reach ${asked.join(', ')}, and can send there what it sees: ${sightWords(sees)}. If you want that, add --allow-hosts.`,
    );
  return hosts;
}
