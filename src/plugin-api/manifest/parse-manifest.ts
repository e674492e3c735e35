import { UnflatError, isPlainLabel, isPublicHost, lookOf } from '../../core/index.ts';
import { API_VERSION } from '../api-version.ts';
import type { PluginManifest, PluginModelFile, PluginSight } from './plugin-manifest.ts';

const KINDS = ['depth', 'inpaint', 'output'] as const;
/** What each kind gets by its nature, and what it may have besides. */
const SIGHTS: Readonly<Record<PluginManifest['kind'], readonly (readonly PluginSight[])[]>> = {
  depth: [['photo'], ['photo', 'file']],
  inpaint: [['photo', 'depth']],
  output: [['depth'], ['scene']],
};
const FIELDS = ['id', 'version', 'kind', 'label', 'about', 'author', 'licence', 'apiVersion', 'hosts', 'models', 'sees'];
/** Without name and password, and with a host that the address itself names. */
const MODEL_URL = /^https:\/\/([a-z0-9-]+\.)+[a-z]{2,}\/[^\s"'<>@\\]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MOST_MODEL_BYTES = 2 ** 32;
/** Messages write it as code: unseen it would explain nothing, and some of it turns the message around. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const asCode = (unseen: string): string => `\\u{${unseen.codePointAt(0)!.toString(16)}}`;

/**
 * Reads a manifest from data of any origin.
 * @param file what messages call the plugin's file. Default 'the plugin'.
 * @throws UnflatError `bad-plugin` that names the file, the field and what it must be.
 */
export function parseManifest(value: unknown, file = 'the plugin'): PluginManifest {
  const wrong = (path: string, must: string, got: unknown): never => {
    const shown = JSON.stringify(got)?.slice(0, 80).replace(UNSEEN, asCode) ?? 'nothing';
    throw new UnflatError(
      'bad-plugin',
      `${file}: ${path} in its manifest must be ${must}, not ${shown}. Ask its author for a corrected file.`,
    );
  };
  const object = (path: string, each: unknown): Record<string, unknown> =>
    typeof each === 'object' && each !== null && !Array.isArray(each) ? (each as Record<string, unknown>) : wrong(path, 'an object', each);
  const text = (path: string, each: unknown, most: number): string =>
    isPlainLabel(each, most) ? each : wrong(path, `a text of 1 to ${most} characters on one line, each of which shows`, each);
  /** Nobody speaks for us. */
  const name = (path: string, each: unknown, most: number): string => {
    const given = text(path, each, most);
    return lookOf(given) === lookOf('Unflat') ? wrong(path, 'another name than ours', each) : given;
  };
  const matching = (path: string, each: unknown, pattern: RegExp, must: string): string =>
    typeof each === 'string' && each.length <= 500 && pattern.test(each) ? each : wrong(path, must, each);
  const list = <T>(path: string, each: unknown, most: number, of: (path: string, entry: unknown) => T): T[] => {
    if (!Array.isArray(each) || each.length > most) return wrong(path, `a list of at most ${most}`, each);
    return each.map((entry: unknown, i) => of(`${path}[${i}]`, entry));
  };
  const addressOf = (path: string, url: unknown): string => {
    const must = 'an address that begins with https:// and the name of a host of the internet';
    const address = matching(path, url, MODEL_URL, must);
    return isPublicHost(address.split('/')[2] ?? '') ? address : wrong(path, must, url);
  };
  const model = (path: string, each: unknown): PluginModelFile => {
    const { path: name, sizeBytes, sha256, url, base64 } = object(path, each);
    if (url !== undefined && base64 !== undefined) wrong(`${path}.base64`, 'absent, as there is a url', '…');
    if (!Number.isInteger(sizeBytes) || Number(sizeBytes) < 1 || Number(sizeBytes) > MOST_MODEL_BYTES)
      wrong(`${path}.sizeBytes`, `a whole number from 1 to ${MOST_MODEL_BYTES}`, sizeBytes);
    return {
      path: matching(`${path}.path`, name, /^[A-Za-z0-9_-][\w.-]{0,99}$/, 'a plain file name'),
      sizeBytes: Number(sizeBytes),
      ...(url !== undefined && { url: addressOf(`${path}.url`, url) }),
      ...(base64 !== undefined && {
        base64:
          typeof base64 === 'string' && base64.length <= 16_000 && BASE64.test(base64)
            ? base64
            : wrong(`${path}.base64`, 'base64 of at most 16,000 characters', base64),
      }),
      sha256: matching(`${path}.sha256`, sha256, /^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'),
    };
  };

  const fields = object('all of it', value);
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) wrong(unknown, `one of the fields ${FIELDS.join(', ')}`, unknown);
  const kind = KINDS.find((each) => each === fields['kind']) ?? wrong('kind', `one of ${KINDS.join(', ')}`, fields['kind']);
  const id = matching('id', fields['id'], /^(?=.{3,100}$)[a-z][a-z0-9]*(-[a-z0-9]+)+$/, 'lower-case words joined by hyphens');
  if (!id.startsWith(`${kind}-`)) wrong('id', `a name that begins with ${kind}-`, id);
  if (fields['apiVersion'] !== API_VERSION)
    wrong('apiVersion', `${API_VERSION}, the version of the plugin contract here`, fields['apiVersion']);
  const sees = list('sees', fields['sees'], 4, (path, each) =>
    matching(path, each, /^(photo|file|depth|scene)$/, 'photo, file, depth or scene'),
  );
  const allowed = SIGHTS[kind].find((each) => each.length === sees.length && each.every((sight) => sees.includes(sight)));
  const models = list('models', fields['models'], 8, model);
  const paths = models.map(({ path }) => path.toLowerCase());
  const twice = paths.findIndex((path, i) => paths.indexOf(path) < i);
  if (twice >= 0) wrong(`models[${twice}].path`, 'another name than those before it', models[twice]!.path);
  if (kind === 'output' && models.length > 0) wrong('models', '[], as an output runs no models', models.length);
  return {
    id,
    version: matching('version', fields['version'], /^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'three numbers with dots, as 1.2.3'),
    kind,
    label: name('label', fields['label'], 60),
    ...(fields['about'] !== undefined && { about: text('about', fields['about'], 300) }),
    author: name('author', fields['author'], 100),
    licence: text('licence', fields['licence'], 100),
    apiVersion: API_VERSION,
    hosts: list('hosts', fields['hosts'], 10, (path, each) =>
      typeof each === 'string' && isPublicHost(each) ? each : wrong(path, 'the name of a host of the internet, as tiles.example.org', each),
    ),
    models,
    sees: allowed ?? wrong('sees', SIGHTS[kind].map((each) => JSON.stringify(each)).join(' or '), sees),
  };
}
