import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'out']);
const TEXT = /\.(ts|mjs|js|json|md|html|css|glsl|vert|frag|wgsl|webmanifest|svg|txt)$|^(LICENSE|run|\.npmrc|\.gitignore)$/;

function textFiles(folder = ''): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    if (SKIPPED.has(name)) return [];
    const path = folder === '' ? name : `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return textFiles(path);
    return TEXT.test(name) ? [path] : [];
  });
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

// Put together here, so that this file does not hold them itself.
const FORBIDDEN: readonly [string, RegExp][] = [
  [
    'registry hosts',
    new RegExp(['registry\\.np' + 'mjs', 'registry\\.yarn' + 'pkg', 'npm' + 'mirror', 'arti' + 'factory', 'ver' + 'daccio'].join('|'), 'i'),
  ],
  [
    'paths of one machine',
    new RegExp(['/(?:ho)me/[a-z]', '/(?:ro)ot/', '/(?:wo)rk/', '(?<![\\w.])/(?:tm)p/', '[A-Z]:\\\\\\\\Us' + 'ers'].join('|')),
  ],
  ['unfinished work', new RegExp(['\\bTO' + 'DO\\b', '\\bFIX' + 'ME\\b', '\\bX' + 'XX\\b', 'coming ' + 'soon'].join('|'))],
];

for (const [what, pattern] of FORBIDDEN) {
  test(`no file holds ${what}`, () => {
    const found = textFiles().flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
    );
    assert.deepEqual(found, []);
  });
}

test('the lock file names no host to fetch packages from', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved":\s*"http/);
});

test('the lock file is whole, for every platform', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, Record<string, Record<string, string> | undefined>>;
  };
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys({ ...entry['dependencies'], ...entry['optionalDependencies'], ...entry['devDependencies'] }).filter((name) => {
      // As Node looks for it: beside the package, then further and further up.
      for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/')))) {
        if (packages[`${at}${at === '' || at.endsWith('/') ? '' : '/'}node_modules/${name}`]) return false;
        if (at === '') return true;
        if (at.endsWith('/')) at = at.slice(0, -1);
      }
    }),
  );
  const advice = 'npm drops what its registry did not offer: put the missing optional packages back by hand (version, os, cpu, libc)';
  assert.deepEqual([...new Set(missing)], [], advice);
});
