import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../src/cli/prepare.mjs';
import { customElementsManifest } from '../../../src/element/custom-elements-manifest.mjs';

const names = { tag: 'unflat-photo', className: 'UnflatPhoto', eventMap: 'UnflatPhotoEventMap', module: 'dist/element/unflat-photo.js' };
const path = join(root, 'src/element/unflat-photo.ts');
const element = customElementsManifest(path, names).modules[0]!.declarations[0]!;
const readme = readFileSync(join(root, 'src/element/README.md'), 'utf8');

/** What stands in code marks in a column of the table under a heading. */
function columnOf(heading: string, column: number, part = 0): string[] {
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const tables = section.split('\n\n').filter((each) => each.startsWith('|'));
  const rows = (tables[part] ?? '').trim().split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split(/(?<!\\)\|/)[column + 1] ?? '').matchAll(/`([\w-]+)(?:\([^`]*)?`/g)].map((match) => match[1]!),
  );
}

const sorted = (list: Iterable<string>): string[] => [...list].sort();
const fields = element.members.filter(({ kind, ...member }) => kind === 'field' && !member.static).map(({ name }) => name);

test('the manifest says of the element what its README says', () => {
  assert.deepEqual(sorted(element.attributes.map(({ name }) => name)), sorted(columnOf('Attributes', 0)));
  assert.deepEqual(sorted(fields), sorted(columnOf('Attributes', 1)));
  assert.deepEqual(sorted(element.members.flatMap(({ kind, name }) => (kind === 'method' ? [name] : []))), sorted(columnOf('Methods', 0)));
  assert.deepEqual(sorted(element.events.map(({ name }) => name)), sorted(columnOf('Events', 0)));
  assert.deepEqual(
    sorted(element.cssProperties.map(({ name, default: value }) => `${name} ${value}`)),
    sorted(columnOf('Styling', 0).map((name) => `${name} ${/\| `([^`]*)`/.exec(readme.split(`| \`${name}\` `)[1] ?? '')?.[1]}`)),
  );
  assert.deepEqual(sorted(element.cssParts.map(({ name }) => name)), sorted(columnOf('Styling', 0, 1)));
});

test('everything in the manifest says what it is, with its type', () => {
  const all = [
    ...element.attributes,
    ...element.members,
    ...element.events,
    ...element.slots,
    ...element.cssParts,
    ...element.cssProperties,
  ];
  assert.ok(all.length > 40);
  assert.deepEqual(
    all.filter(({ description }) => description === '').map(({ name }) => name),
    [],
  );
  assert.deepEqual(
    element.members.filter(({ kind, type }) => kind === 'field' && !type?.text).map(({ name }) => name),
    [],
  );
  const strength = element.members.find(({ name }) => name === 'strength');
  assert.deepEqual([strength?.type?.text, strength?.default, strength?.attribute], ['number', '1', 'strength']);
});

test('the manifest of what only shows saved 3D photos leaves out how photos are converted', () => {
  const without = ['network', 'depth'];
  const view = customElementsManifest(path, { ...names, module: 'dist/view/unflat-view.js', without }).modules[0]!;
  assert.equal(view.path, 'dist/view/unflat-view.js');
  const [shown] = view.declarations;
  assert.deepEqual(
    element.attributes.map(({ name }) => name).filter((name) => !shown!.attributes.some((each) => each.name === name)),
    ['depth', 'network'],
  );
  assert.ok(shown!.members.every(({ name }) => !without.includes(name)));
});
