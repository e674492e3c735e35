import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from '../../src/cli/prepare.mjs';
import { PROJECTS, readProject } from '../check-types.mjs';

/** Globals of other places, which no file of a project may know. */
const UNKNOWN: Record<string, readonly string[]> = {
  'src/tsconfig.pure.json': ['document', 'window', 'self', 'process', 'Buffer', 'fetch', 'navigator', 'indexedDB', 'postMessage'],
  'src/tsconfig.workers.json': ['document', 'window', 'localStorage', 'HTMLElement', 'process', 'Buffer'],
  'src/tsconfig.pages.json': ['process', 'Buffer', 'importScripts'],
  'src/tsconfig.node.json': ['window', 'document', 'indexedDB', 'HTMLElement', 'importScripts'],
  'src/app/service-worker/tsconfig.json': ['document', 'window', 'process', 'Buffer'],
};

for (const [project, names] of Object.entries(UNKNOWN)) {
  test(`${project} knows no ${names.join(', no ')}`, () => {
    const { fileNames, options } = readProject(project);
    const probe = join(root, dirname(project), 'probe.ts');
    const host = ts.createCompilerHost(options);
    const text = names.map((name) => `void ${name};`).join('\n');
    const parse = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version) => (name === probe ? ts.createSourceFile(name, text, version) : parse(name, version));
    const ambient = fileNames.filter((name) => name.endsWith('.d.ts'));
    const program = ts.createProgram([...ambient, probe], options, host);
    const missed = program.getSemanticDiagnostics(program.getSourceFile(probe)).map(({ start = 0 }) => text.slice(start).split(';')[0]);
    assert.deepEqual(missed, names);
  });
}

test('every file of src and plugins is of one realm', () => {
  const realms = PROJECTS.filter((project) => project !== 'tsconfig.json').map((project) => readProject(project).fileNames);
  const files = ['src', 'plugins'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
      .filter((name) => /\.(ts|mjs)$/.test(name) && name !== 'src/modules.d.ts'),
  );
  const times = (file: string): number => realms.filter((names) => names.some((name) => relative(root, name) === file)).length;
  assert.deepEqual(
    files.filter((file) => times(file) !== 1),
    [],
  );
});
