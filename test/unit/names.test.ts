import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from '../../src/cli/prepare.mjs';

/** Files of several exports of which none is the main one, and why they stay together. */
const COLLECTIONS: Record<string, string> = {
  'plugins/depth-map/bytes.ts': 'what all readers of binary formats need of bytes',
  'plugins/shared/moves/move-options.ts': 'the options that all outputs with a camera move have',
  'plugins/shared/video/video-options.ts': 'the options that all videos have',
  'src/app/styles/media.ts': 'the media queries of all styles',
  'src/cli/chromium.mjs': 'finding, installing and starting the browser',
  'src/cli/content-policy.mjs': 'the policies of page, models and workers, which must agree',
  'src/cli/static-server.mjs': 'one server, as handler and whole; the README names it for publishers',
  'src/decode/decode-errors.ts': 'what is said of a photo that cannot be read',
  'src/decode/heic/transfer.ts': 'transfer functions and matrices of colour spaces',
  'src/download/download-errors.ts': 'what is said of a download that failed',
  'src/plugin-host/plugin-messages.ts': 'both directions of one link',
  'src/plugin-host/sandbox-messages.ts': 'both directions of one port',
  'src/plugin-host/sandbox/plugin-program.ts': 'the two ends that the module of a plugin can have',
  'src/layers/heart.ts': 'the order of the stages and nothing else',
  'src/layers/tear/majority-filter.ts': 'the two halves of one filter',
};

/** Names that stand in two places for one and the same thing: plugins import nothing of `src` but the contract. */
const SAME_THING = ['boxBlur', 'halve', 'unknownShare'];

/** Tests of the whole repository, of benches and of training; all others lie where in `src` or `plugins` that lies which they test. */
const WHOLE = /^(build-chunks|docblocks|flicker|imports|inpaint-training|names|plugin-ids|realms|repository|run-files|training)\.test\.ts$/;

interface SourceFile {
  path: string;
  name: string;
  values: string[];
  types: string[];
}

const files: SourceFile[] = ['src', 'plugins']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${String(path).replaceAll('\\', '/')}`),
  )
  .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.d.ts'))
  .map((path) => ({ path, name: basename(path).replace(/\.\w+$/, ''), ...exportsOf(path) }));

/** What a file declares and exports; what it passes on from others does not name it. */
function exportsOf(path: string): Pick<SourceFile, 'values' | 'types'> {
  const values: string[] = [];
  const types: string[] = [];
  for (const statement of ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest).statements) {
    if (!ts.canHaveModifiers(statement) || !ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) values.push(name.text);
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) if (statement.name) values.push(statement.name.text);
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) types.push(statement.name.text);
  }
  return { values, types };
}

const letters = (text: string): string => text.replace(/[-_]/g, '').toLowerCase();

function isNamedAfterAnExport({ path, name, values, types }: SourceFile): boolean {
  if (name === 'index' || path in COLLECTIONS) return true;
  const all = [...values, ...types];
  // What starts a worker, a page or a command exports nothing of its own.
  if (all.length === 0) return true;
  if (values.length === 0 && types.length > 1 && /(^|-)types$/.test(name)) return true;
  if (path.startsWith('src/app/styles/') && values.some((value) => letters(value) === `${letters(name)}styles`)) return true;
  return all.some((each) => letters(each) === letters(name));
}

test('files are named after their main export, in kebab-case', () => {
  assert.deepEqual(
    files.filter(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)).map(({ path }) => path),
    [],
  );
  assert.deepEqual(
    files
      .filter((file) => !isNamedAfterAnExport(file))
      .map(({ path, values, types }) => `${path} exports ${[...values, ...types].join(', ')}`),
    [],
  );
});

test('every exception is one', () => {
  for (const path of Object.keys(COLLECTIONS)) {
    const file = files.find((each) => each.path === path);
    assert.ok(file, `${path} is gone: take it out of the list`);
    assert.ok(
      !file.values.some((value) => letters(value) === letters(file.name)),
      `${path} is named after an export: take it out of the list`,
    );
  }
});

test('a name stands for one thing', () => {
  const homes = new Map<string, Set<string>>();
  for (const { path, values, types } of files)
    for (const name of [...values, ...types]) homes.set(name, (homes.get(name) ?? new Set()).add(path));
  const doubled = [...homes].filter(([, paths]) => paths.size > 1);
  assert.deepEqual(
    SAME_THING.filter((name) => !doubled.some(([other]) => other === name)),
    [],
    'stands in one place now: take it out of the list',
  );
  const others = doubled.filter(([name]) => !SAME_THING.includes(name));
  assert.deepEqual(
    others.map(([name, paths]) => `${name}: ${[...paths].join(', ')}`),
    [],
  );
});

test('two files of one name are a component and its styles, or entries and types of their rooms', () => {
  const homes = new Map<string, string[]>();
  for (const { path, name } of files) if (!path.startsWith('src/app/styles/')) homes.set(name, [...(homes.get(name) ?? []), path]);
  const allowed = ['index', 'standalone', 'worker', 'types'];
  assert.deepEqual(
    [...homes].filter(([name, paths]) => paths.length > 1 && !allowed.includes(name)),
    [],
  );
});

test('the folders of test/unit are those of src, and plugins', () => {
  const tests = readdirSync(join(root, 'test/unit'), { recursive: true }).map((path) => String(path).replaceAll('\\', '/'));
  assert.deepEqual(
    tests.filter((path) => {
      const folder = dirname(path);
      if (!path.endsWith('.ts') || WHOLE.test(path)) return false;
      return folder === '.' || !existsSync(join(root, folder.startsWith('plugins') ? folder : `src/${folder}`));
    }),
    [],
  );
});
