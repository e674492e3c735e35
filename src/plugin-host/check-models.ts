import { isPlainLabel } from '../core/index.ts';
import type { ModelRow, PluginManifest } from '../plugin-api/index.ts';

type Wrong = (path: string, must: string) => never;

/**
 * The rows of the models that a plugin brings, put together anew: what it says of their files counts for nothing beside its manifest, which the
 * person agreed to. Ids begin with the plugin's, so that no model of others can be taken.
 */
export function checkModels(
  fields: Record<string, unknown>,
  { id, kind, models: files }: PluginManifest,
  given: readonly unknown[],
  wrong: Wrong,
  parseRow: ((row: unknown, path: string) => ModelRow) | undefined,
): readonly ModelRow[] {
  if ((fields['needsModel'] === true) !== files.length > 0)
    wrong('needsModel', files.length > 0 ? 'true, as its manifest names models' : 'absent, as its manifest names no models');
  if (files.length === 0) return [];
  if (!parseRow) return wrong('models', 'absent: plugins here run no models');
  const rows = given.map((each, i): ModelRow => {
    const path = `models[${i}]`;
    let row: ModelRow;
    try {
      row = parseRow(each, path);
    } catch (error) {
      return wrong(path, `a model’s row (${error instanceof Error ? error.message.slice(0, 200) : 'it is none'})`);
    }
    if (row.plugin !== id || row.kind !== kind) wrong(`${path}.plugin`, `${id}, and its kind ${kind}`);
    if (!row.id.startsWith(`${id}-`)) wrong(`${path}.id`, `a name that begins with ${id}-`);
    if (!isPlainLabel(row.label, 100)) wrong(`${path}.label`, 'a text of 1 to 100 characters on one line, each of which shows');
    if (!isPlainLabel(row.about, 300)) wrong(`${path}.about`, 'a text of 1 to 300 characters on one line, each of which shows');
    if (row.licence !== null && !isPlainLabel(row.licence, 100))
      wrong(`${path}.licence`, 'a text of 1 to 100 characters on one line, each of which shows');
    const own = row.files.map(({ path: name }, j) => {
      const file = files.find((known) => known.path === name) ?? wrong(`${path}.files[${j}].path`, 'the path of a model in its manifest');
      return { path: file.path, sizeBytes: file.sizeBytes, sha256: file.sha256 };
    });
    return { ...row, files: own };
  });
  if (rows.length === 0 || files.some(({ path }) => !rows.some((row) => row.files.some((file) => file.path === path))))
    wrong('models', 'a list of rows that use all models of its manifest');
  if (new Set(rows.map((row) => row.id)).size !== rows.length) wrong('models', 'a list of different ids');
  return rows;
}
