/** What a plugin says of itself, as a stranger may have written it: each thing that cannot be is refused, naming plugin and option. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnflatError } from '../../../src/core/index.ts';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';
import { checkDescription, type PluginDescription } from '../../../src/plugin-host/check-description.ts';
import { checkFile } from '../../../src/plugin-host/check-file.ts';

const manifest: PluginManifest = {
  id: 'output-mine',
  version: '1.0.0',
  kind: 'output',
  label: 'Mine',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: [],
  models: [],
  sees: ['scene'],
};
const number = { id: 'size', label: 'Size', type: 'number', default: 1, min: 0, max: 2 };
const choice = {
  id: 'mode',
  label: 'Mode',
  type: 'choice',
  default: 'a',
  choices: [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ],
};
const product = { id: 'mine', label: 'My file', suffixes: ['.mine'] };

const described = (changes: { options?: unknown; products?: unknown }): PluginDescription =>
  checkDescription(
    {
      data: { id: manifest.id, kind: 'output', apiVersion: 1, options: [number, choice], products: [product], ...changes },
      methods: ['write'],
      supported: true,
    },
    manifest,
  );

test('what is sound is taken as it is', () => {
  assert.deepEqual(
    described({}).options.map(({ id }) => id),
    ['size', 'mode'],
  );
  const shown = described({ options: [choice, { ...number, showIf: { option: 'mode', is: 'b' }, step: 0.5 }] }).options[1];
  assert.deepEqual(shown, { ...number, showIf: { option: 'mode', is: ['b'] }, step: 0.5 });
});

test('an option that cannot be is refused, with its name and the plugin’s', () => {
  const choices = (...all: object[]): object => ({ ...choice, choices: all });
  const wrong: [string, unknown[]][] = [
    ['options[0].id', [{ ...number, id: '__proto__' }]],
    ['options[0].id', [{ ...number, id: 'constructor' }]],
    ['options[0].id', [{ ...number, id: 'toString' }]],
    ['options[0].id', [{ ...number, id: 'a-b' }]],
    ['options[0].id', [{ ...number, id: '' }]],
    ['options[1].id', [number, { ...choice, id: 'size' }]],
    ['options.size.label', [{ ...number, label: '\u3164' }]],
    ['options.size.group', [{ ...number, group: 'a\u202Eb' }]],
    ['options.size.unit', [{ ...number, unit: '\u200B' }]],
    ['options.size.min', [{ ...number, min: -1.7e308, max: 1.7e308 }]],
    ['options.size.min', [{ ...number, min: NaN }]],
    ['options.size.min', [{ ...number, max: Infinity }]],
    ['options.size.min', [{ ...number, min: 2, max: 2 }]],
    ['options.size.default', [{ ...number, default: 3 }]],
    ['options.size.default', [{ ...number, default: NaN }]],
    ['options.size.step', [{ ...number, step: 0 }]],
    ['options.size.step', [{ ...number, step: -1 }]],
    ['options.size.step', [{ ...number, step: NaN }]],
    ['options.size.step', [{ ...number, step: 3 }]],
    ['options.size.step', [{ ...number, step: 5e-324 }]],
    ['options.mode.choices[1].value', [choices({ value: 'a', label: 'A' }, { value: 'a', label: 'B' })]],
    ['options.mode.choices[1].label', [choices({ value: 'a', label: 'A' }, { value: 'b', label: 'A' })]],
    ['options.mode.choices[1].label', [choices({ value: 'a', label: 'A' }, { value: 'b', label: '\u2800' })]],
    ['options.size.showIf.option', [{ ...number, showIf: { option: 'x'.repeat(20_000_000), is: 1 } }]],
    ['options.size.showIf.option', [{ ...number, showIf: { option: 'size', is: 1 } }]],
    ['options.size.showIf.option', [{ ...number, showIf: { option: '__proto__', is: 1 } }]],
    ['options.size.showIf.is', [{ ...number, showIf: { option: 'mode', is: 'c' } }, choice]],
    [
      'options.size.showIf.is',
      [
        { ...number, showIf: { option: 'name', is: 'x'.repeat(1e6) } },
        { id: 'name', label: 'Name', type: 'text', default: '' },
      ],
    ],
    ['options.size.showIf', [{ ...number, showIf: { option: 'mode', is: [] } }, choice]],
    ['options.name.maxLength', [{ id: 'name', label: 'Name', type: 'text', default: '', maxLength: 1e9 }]],
  ];
  for (const [path, options] of wrong)
    assert.throws(
      () => described({ options }),
      (error) => {
        assert.ok(error instanceof UnflatError && error.code === 'bad-plugin');
        assert.ok(error.message.startsWith(`The plugin “Mine” (output-mine): ${path} must be `), `${path}: ${error.message.slice(0, 200)}`);
        return error.message.length < 300;
      },
      path,
    );
});

test('products have ids and names of their own, which show', () => {
  const wrong: [string, unknown[]][] = [
    ['products[1].id', [product, { ...product, label: 'Other' }]],
    ['products.other.label', [product, { ...product, id: 'other' }]],
    ['products.mine.label', [{ ...product, label: ' ' }]],
    ['products.mine.label', [{ ...product, label: 'gpj\u202E.exe' }]],
    ['products[0].id', [{ ...product, id: '__proto__' }]],
  ];
  for (const [path, products] of wrong)
    assert.throws(
      () => described({ products }),
      (error) => error instanceof UnflatError && error.message.startsWith(`The plugin “Mine” (output-mine): ${path} must be `),
      path,
    );
});

const run = [
  ...[
    '.exe',
    '.bat',
    '.cmd',
    '.com',
    '.lnk',
    '.scr',
    '.pif',
    '.url',
    '.hta',
    '.js',
    '.vbs',
    '.ps1',
    '.msi',
    '.reg',
    '.jar',
    '.iso',
    '.chm',
  ],
  ...['.html', '.htm', '.xhtml', '.mht', '.svg', '.xml', '_photo.jpg.exe', '_a.html', '.command', '.app', '.dmg', '.pkg', '.webloc'],
  ...['.sh', '.desktop', '.appimage', '.deb', '.py', '.apk', '.docm', '.crt', '.scf', '.settings.inf'],
];
const parts = [
  '/x.obj',
  '../x.obj',
  '\\x.obj',
  'a/b.obj',
  '..obj',
  '.obj.',
  '.obj ',
  '. obj',
  '.o\u202Ebj',
  ':x.obj',
  '.obj:x',
  '',
  'obj',
  '.OBJ',
  '.\u0000obj',
  `.${'x'.repeat(40)}`,
];
const open = [
  ...[
    '.obj',
    '.mtl',
    '.bmp',
    '.ply',
    '.stl',
    '.glb',
    '.gltf',
    '.usdz',
    '.fbx',
    '.dae',
    '.x3d',
    '.3mf',
    '.dxf',
    '.step',
    '.blend',
    '.spz',
    '.splat',
  ],
  ...[
    '.jpg',
    '.png',
    '.tif',
    '.exr',
    '.psd',
    '.webp',
    '.avif',
    '.gif',
    '.mp4',
    '.webm',
    '.mov',
    '.ts',
    '.pdf',
    '.zip',
    '.7z',
    '.npy',
    '.pfm',
    '.mat',
  ],
  ...['.csv', '.txt', '.json', '.xyz', '.las', '.pcd', '.raw', '.bin', '_LR.jpg', '_qs8x6a0.75.png', '.newformat'],
];

test('a plugin writes no file that a computer or a browser would run, and none elsewhere; all other formats are open', () => {
  const bytes = new ArrayBuffer(4);
  for (const suffix of [...run, ...parts]) {
    assert.throws(
      () => described({ products: [{ ...product, suffixes: [suffix] }] }),
      /\(output-mine\): products\.mine\.suffixes must be/,
      suffix,
    );
    assert.throws(() => checkFile({ suffix, bytes }, undefined, manifest), /a file with a suffix that it did not announce/, suffix);
  }
  for (const suffix of open) {
    assert.deepEqual(described({ products: [{ ...product, suffixes: [suffix] }] }).products[0]?.suffixes, [suffix]);
    assert.equal(checkFile({ suffix, bytes }, [suffix], manifest).suffix, suffix);
  }
  assert.throws(() => checkFile({ suffix: '.obj', bytes }, ['.ply'], manifest), /did not announce/);
});
