import type { UsedPlugin } from '../automation/index.ts';
import { sizeWords } from '../core/index.ts';
import type { PluginManifest, PluginSight } from '../plugin-api/index.ts';

const KINDS = { depth: 'depth source', inpaint: 'inpainter', output: 'output' } as const;
const SIGHTS: Readonly<Record<PluginSight, string>> = {
  photo: 'the pixels of your photos',
  file: 'the files of your photos, with their names and where they were taken, and your depth maps',
  depth: 'depth maps',
  scene: 'your 3D photos with all their layers',
};

/** What a person should know of a plugin, in a few lines. */
export function pluginCard(
  { id, version, kind, label, about, author, licence, sees, hosts, models }: PluginManifest,
  from: string,
): string {
  const bytes = models.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    `${label} ${version} (${id}), ${KINDS[kind]} by ${author}, ${licence}${about === undefined ? '' : `: ${about}`}`,
    `  sees: ${sightWords(sees)}`,
    `  reaches: ${hosts.length > 0 ? `${hosts.join(', ')}, and can send there what it sees` : 'nobody'}`,
    ...(models.length > 0 ? [`  brings: ${models.map(({ path }) => path).join(', ')} (${sizeWords(bytes)})`] : []),
    `  from: ${from}`,
  ].join('\n');
}

/** How an update differs from what was there. */
export function changeWords({ manifest, replaces, gains, losses }: UsedPlugin): string {
  if (replaces === undefined) return '';
  return [
    `It replaces version ${replaces} by ${manifest.version}.`,
    gains.length > 0 ? `New: ${gains.map(wishWords).join(', ')}.` : '',
    losses.length > 0 ? `No longer: ${losses.map(wishWords).join(', ')}.` : '',
    gains.length + losses.length > 0 ? '' : 'It asks for the same as before.',
  ]
    .filter((line) => line !== '')
    .join(' ');
}

/** How its work is asked for. */
export function useWords({ manifest: { id, kind }, products }: UsedPlugin): string {
  return kind === 'output' ? `use it with --outputs ${products.join(',')}` : `use it with --${kind} ${id}`;
}

/** What a plugin sees, in words. */
export const sightWords = (sights: readonly PluginSight[]): string => sights.map((sight) => SIGHTS[sight]).join(', ');

const wishWords = ({ kind, name }: UsedPlugin['gains'][number]): string =>
  kind === 'sight' ? SIGHTS[name as PluginSight] : kind === 'host' ? `the host ${name}` : `the model ${name}`;
