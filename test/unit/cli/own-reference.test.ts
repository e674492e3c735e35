/** What a new plugin's package.json names Unflat by: something that installs, wherever this copy came from. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ownReference } from '../../../src/cli/own-reference.ts';

const place = mkdtempSync(join(tmpdir(), 'unflat-reference-'));
after(() => rmSync(place, { recursive: true, force: true }));

/** A folder in which npm installed Unflat from there. @returns the folder of the package. */
function installed(resolved: string | undefined): string {
  const modules = join(mkdtempSync(join(place, 'app-')), 'node_modules');
  mkdirSync(join(modules, 'unflat'), { recursive: true });
  const packages = { 'node_modules/unflat': { version: '1.2.3', ...(resolved !== undefined && { resolved }) } };
  writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
  return join(modules, 'unflat');
}

test('what came from a registry is named by its version', () => {
  const root = installed('https://packages.example.org/unflat/-/unflat-1.2.3.tgz');
  assert.deepEqual(ownReference(root, '1.2.3'), { reference: '^1.2.3', isPublished: true });
  // Another package manager leaves no such list.
  rmSync(join(root, '../.package-lock.json'));
  assert.equal(ownReference(root, '1.2.3').reference, '^1.2.3');
  const pnpm = '/apps/photos/node_modules/.pnpm/unflat@1.2.3/node_modules/unflat';
  assert.equal(ownReference(pnpm, '1.2.3').reference, '^1.2.3');
});

test('a clone, a packed file and what came from Git are named by their folder', () => {
  assert.deepEqual(ownReference('/clones/unflat', '1.2.3'), { reference: 'file:/clones/unflat', isPublished: false });
  assert.equal(ownReference('C:\\me\\unflat', '1.2.3').reference, 'file:C:/me/unflat');
  for (const resolved of ['file:../unflat-1.2.3.tgz', 'git+ssh://git@github.com/unflat/unflat.git#abc']) {
    const root = installed(resolved);
    assert.equal(ownReference(root, '1.2.3').reference, `file:${root}`);
  }
  const pnpm = '/apps/photos/node_modules/.pnpm/unflat@file+..+unflat/node_modules/unflat';
  assert.equal(ownReference(pnpm, '1.2.3').isPublished, false);
});
