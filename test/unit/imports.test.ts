import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

/** Which rooms a room may import from; arrows go one way, down to core. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  grid: [],
  'scene-file': ['core'],
  'plugin-api': ['core', 'grid', 'scene-file'],
  settings: ['plugin-api'],
  raster: ['core', 'grid'],
  worker: ['core'],
  decode: ['core'],
  download: ['core'],
  layers: ['core', 'grid'],
  inference: ['core', 'worker', 'models', 'plugins/own-model-plugins.ts'],
  store: ['core', 'download'],
  'plugin-host': ['core', 'plugin-api'],
  pipeline: ['core', 'scene-file', 'settings', 'worker', 'decode', 'plugin-api', 'layers', 'inference', 'store'],
  viewer: ['core', 'raster', 'shaders'],
  'orbit-viewer': ['core', 'scene-file'],
  babylon: ['core', 'scene-file', 'raster', 'shaders'],
  convert: ['core', 'raster', 'worker', 'plugin-api', 'inference', 'pipeline', 'viewer', 'plugins'],
  element: ['core', 'convert', 'worker', 'plugin-api', 'inference', 'pipeline', 'raster', 'viewer', 'store', 'plugins'],
  automation: ['core', 'plugin-api', 'inference', 'pipeline', 'plugin-host', 'viewer', 'plugins'],
  app: [
    'core',
    'settings',
    'plugin-api',
    'raster',
    'inference',
    'pipeline',
    'plugin-host',
    'viewer',
    'orbit-viewer',
    'store',
    'element',
    'automation',
    'plugins',
  ],
  cli: ['core', 'settings', 'plugin-api', 'download', 'inference', 'pipeline', 'automation'],
};
/** From these the command line takes types alone: the page does their work. */
const TYPES_ONLY: Record<string, readonly string[]> = { cli: ['pipeline', 'automation'] };

interface Import {
  file: string;
  from: string;
  isType: boolean;
}

function importsBelow(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`);
  return files.filter((file) => /\.(ts|mjs)$/.test(file)).flatMap(importsOf);
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const [, type, from = ''] of text.matchAll(/\b(?:import|export)\b\s+(type\b)?[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g))
    found.push({ file, from, isType: type !== undefined });
  for (const [, from = ''] of text.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g)) found.push({ file, from, isType: false });
  return found;
}

/** The room a relative import leads to: `core`, `plugins`, `shaders`, …; undefined for packages. */
function roomOf({ file, from }: Import): string | undefined {
  if (!from.startsWith('.')) return undefined;
  const [top = '', second = ''] = posix.join(dirname(file), from).split('/');
  // Data alone, which loads no plugin.
  if (top === 'plugins' && second === 'own-model-plugins.ts') return `${top}/${second}`;
  return top === 'src' ? second : top;
}

for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
  test(`src/${room} imports only ${allowed.join(', ') || 'nothing'}`, (context) => {
    if (!readdirSync(join(root, 'src')).includes(room)) return context.skip('not there');
    const wrong = importsBelow(`src/${room}`).filter((entry) => {
      const target = entry.from === 'unflat/plugin' ? 'plugin-api' : roomOf(entry);
      if (target === undefined || target === room) return false;
      return !allowed.includes(target) || (TYPES_ONLY[room]?.includes(target) && !entry.isType);
    });
    assert.deepEqual(wrong, []);
  });
}

test('rooms are entered by their index, so that their insides can change', () => {
  const wrong = importsBelow('src').filter((entry) => {
    const target = roomOf(entry);
    const own = entry.file.split('/')[1];
    // Shaders, the catalogue and the lists of plugins are files by nature.
    if (target === undefined || target === own || target === 'shaders' || target === 'models') return false;
    if (target.startsWith('plugins') && /\/plugins\/[a-z-]+\.ts$/.test(entry.from)) return false;
    return !entry.from.endsWith('/index.ts');
  });
  assert.deepEqual(wrong, []);
});

test('no stage of the heart imports another: heart.ts alone puts them in order', () => {
  const stageOf = (file: string) => /^src\/layers\/([^/]+)\//.exec(file)?.[1];
  const wrong = importsBelow('src/layers').filter((entry) => {
    const [own, target] = [
      stageOf(entry.file),
      entry.from.startsWith('.') ? stageOf(posix.join(dirname(entry.file), entry.from)) : undefined,
    ];
    return own !== undefined && target !== undefined && target !== own && target !== 'surface';
  });
  assert.deepEqual(wrong, []);
});

test('plugins import only unflat/plugin, packages, their own files and what several of them share', () => {
  const wrong = importsBelow('plugins').filter(({ file, from }) => {
    // The lists beside the folders.
    if (!file.slice('plugins/'.length).includes('/')) return from.startsWith('.') && !/^\.\/[a-z0-9-]+(?:\/index)?\.ts$/.test(from);
    const target = posix.join(dirname(file), from).split('/')[1];
    return from.startsWith('.') && target !== file.split('/')[1] && target !== 'shared';
  });
  assert.deepEqual(wrong, []);
});

test('only rooms that draw with it import Babylon, by deep paths', () => {
  const babylon = [...importsBelow('src'), ...importsBelow('plugins')].filter(({ from }) => from.startsWith('@babylonjs'));
  assert.deepEqual(
    babylon.filter(({ file }) => !/^src\/(viewer|orbit-viewer|babylon)\//.test(file)),
    [],
  );
  assert.deepEqual(
    babylon.filter(({ from, isType }) => !isType && from.split('/').length < 3),
    [],
  );
});

test('core imports nothing from outside itself', () => {
  assert.deepEqual(
    importsBelow('src/core').filter(({ from }) => !from.startsWith('./')),
    [],
  );
});

test('imported packages stand in package.json, and what stands there is used', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const known = { ...manifest.dependencies, ...manifest.devDependencies };
  const used = new Set(
    [...importsBelow('src'), ...importsBelow('plugins'), ...importsBelow('test'), ...importsOf('rollup.config.mjs')]
      .map(({ from }) => from)
      .filter((from) => /^[@a-z]/.test(from) && !from.startsWith('node:') && !/^unflat(?:[:/]|$)/.test(from))
      .map((from) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  assert.deepEqual(
    [...used].filter((name) => !(name in known)),
    [],
  );
  const tools = [
    '@arethetypeswrong/cli',
    '@types/node',
    '@types/react',
    '@types/three',
    'prettier',
    'oxlint',
    'oxlint-tsgolint',
    'playcanvas',
    'preact',
    'publint',
    'rollup',
    'tsx',
    'typescript',
  ];
  assert.deepEqual(
    Object.keys(known).filter((name) => !used.has(name) && !tools.includes(name)),
    [],
  );
  assert.deepEqual(
    Object.values(known).filter((range) => !/^\d/.test(range)),
    [],
    'versions are exact',
  );
});

test('the table of rooms in CONTRIBUTING.md says what this test allows', () => {
  const rows = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(/^\| `src\/([a-z-]+)` \| .* \| ([^|]*) \|$/gm);
  const named = Object.fromEntries(
    Array.from(rows, ([, room = '', rooms = '']) => {
      const list = rooms === 'nothing' ? [] : rooms.replace('types of ', '').split(/[,;] /);
      return [room, list.map((name) => name.replaceAll('`', '').replace(/\/$/, '')).sort()];
    }),
  );
  assert.deepEqual(named, Object.fromEntries(Object.entries(MAY_IMPORT).map(([room, allowed]) => [room, [...allowed].sort()])));
});
