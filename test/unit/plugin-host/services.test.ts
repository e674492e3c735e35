/** What the host does for plugins of others, with requests as a hostile one would write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnflatError } from '../../../src/core/index.ts';
import { parseRow } from '../../../src/inference/parse-catalogue.ts';
import type { Camera, Frame, PluginManifest } from '../../../src/plugin-api/index.ts';
import { checkDescription } from '../../../src/plugin-host/check-description.ts';
import { reachFor } from '../../../src/plugin-host/reach.ts';
import { ServeFrames } from '../../../src/plugin-host/serve-frames.ts';
import { midasLike, rowOf } from '../../fixtures/depth-models.ts';

const manifest: PluginManifest = {
  id: 'depth-mine',
  version: '1.0.0',
  kind: 'depth',
  label: 'Mine',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: ['tiles.example.org'],
  models: [{ path: 'model.onnx', sizeBytes: 3, sha256: 'a'.repeat(64) }],
  sees: ['photo'],
};
const answer = { status: 200, bytes: new Uint8Array(3) };

test('a plugin reaches the hosts that its manifest names, by https on their own port, and no others', async () => {
  const asked: string[] = [];
  const reach = reachFor(manifest, async (address) => (asked.push(address), answer));
  assert.deepEqual(await reach('https://tiles.example.org/a?b#c'), answer);
  for (const address of [
    'http://tiles.example.org/',
    'https://tiles.example.org:8443/',
    'https://me:secret@tiles.example.org/',
    'https://tiles.example.org.evil.com/',
    'https://evil.tiles.example.org/',
    'https://evil.com/tiles.example.org',
    'https://evil.com\\@tiles.example.org/',
    'wss://tiles.example.org/',
    'file:///etc/passwd',
    'data:text/plain,x',
    '//tiles.example.org/',
    `https://tiles.example.org/${'x'.repeat(4000)}`,
    '',
  ])
    await assert.rejects(reach(address), (error) => error instanceof UnflatError && /“Mine”/.test(error.message), address);
  assert.deepEqual(asked, ['https://tiles.example.org/a?b#c']);
  await assert.rejects(reachFor({ ...manifest, hosts: [] }, async () => answer)('https://tiles.example.org/'), /may reach nobody/);
});

test('what a plugin asks of its hosts is counted, and answers are checked', async () => {
  let count = 0;
  const reach = reachFor(manifest, async () => (count++, answer));
  const all = await Promise.allSettled(Array.from({ length: 200 }, () => reach('https://tiles.example.org/')));
  assert.deepEqual([count, all.filter(({ status }) => status === 'rejected').length], [120, 80]);
  const large = reachFor(manifest, async () => ({ status: 200, bytes: new Uint8Array(2 ** 25 + 1) }));
  await assert.rejects(large('https://tiles.example.org/'), /no answer of at most 32 MB/);
});

const camera: Camera = { width: 64, height: 48, fx: 64, fy: 64, cx: 32, cy: 24, c2w: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };

test('frames come one at a time for cameras that can be, and end with the call', async () => {
  let rendered = 0;
  let ended = 0;
  const frames = new ServeFrames(async function* (cameras) {
    try {
      for (const each of cameras) {
        rendered++;
        yield each as unknown as Frame;
      }
    } finally {
      ended++;
    }
  });
  const number = frames.start({ cameras: [camera, camera, camera] });
  assert.deepEqual([await frames.next({ frames: number }), rendered], [camera, 1]);
  await frames.next({ frames: number });
  await frames.next({ frames: number });
  assert.deepEqual(
    [await frames.next({ frames: number }), await frames.next({ frames: number }), rendered, ended],
    [undefined, undefined, 3, 1],
  );
  await frames.next({ frames: frames.start({ cameras: [camera] }) });
  frames.endAll();
  await new Promise((done) => setTimeout(done));
  assert.equal(ended, 2);

  for (const cameras of [
    undefined,
    [{}],
    [{ ...camera, width: 1e9 }],
    [{ ...camera, fx: NaN }],
    [{ ...camera, c2w: camera.c2w.slice(1) }],
    [{ ...camera, c2w: camera.c2w.map(() => Infinity) }],
    [{ ...camera, c2w: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.1, 0, 0, 1] }],
    [camera, { ...camera, width: 65 }],
    Array.from({ length: 6000 }, () => camera),
    Array.from({ length: 1000 }, () => ({ ...camera, width: 4096, height: 4096 })),
  ])
    assert.throws(() => frames.start({ cameras }), /frames/);
  for (const cameras of [[camera], [camera], [camera], [camera]]) frames.start({ cameras });
  assert.throws(() => frames.start({ cameras: [camera] }), /end the frames/);
});

test('whatever a plugin sends as cameras, the renderer gets cameras or nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(camera)), (value, field) => {
      let got: Camera[] = [];
      const frames = new ServeFrames((cameras) => ((got = [...cameras]), (async function* () {})()));
      try {
        frames.start({ cameras: [{ ...camera, [field]: value }] });
        for (const { width, height, fx, fy, cx, cy, c2w } of got)
          assert.ok([width, height, fx, fy, cx, cy, ...c2w].every(Number.isFinite) && width >= 1 && width <= 4096 && c2w.length === 16);
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('rows of models are a plugin’s own: their files are those of the manifest, their ids begin with its own', () => {
  const row = rowOf('depth-mine-small', midasLike(), { plugin: 'depth-mine' });
  const described = (changes: object, of = manifest): unknown =>
    checkDescription(
      {
        data: { id: of.id, kind: 'depth', apiVersion: 1, options: [], needsModel: true, models: [row], ...changes },
        methods: ['estimate'],
        supported: true,
      },
      of,
      parseRow,
    );
  const { models } = described({
    models: [{ ...row, files: [{ path: 'model.onnx', url: 'https://evil.com/x', sizeBytes: 9, sha256: null }] }],
  }) as {
    models: { files: unknown }[];
  };
  assert.deepEqual(models[0]?.files, [{ path: 'model.onnx', sizeBytes: 3, sha256: 'a'.repeat(64) }]);
  const wrong: [object, RegExp][] = [
    [{ models: [] }, /models must be a list of rows that use all models/],
    [{ models: [{ ...row, id: 'midas-small' }] }, /models\[0\]\.id must be a name that begins with depth-mine-/],
    [{ models: [{ ...row, plugin: 'depth-midas' }] }, /models\[0\]\.plugin must be depth-mine/],
    [
      { models: [{ ...row, files: [{ path: 'other.onnx', sizeBytes: 3, sha256: null }] }] },
      /files\[0\]\.path must be the path of a model in its manifest/,
    ],
    [{ models: [row, row] }, /models must be a list of different ids/],
    [{ models: [{ ...row, input: 1 }] }, /models\[0\] must be a model’s row/],
    [{ needsModel: false }, /needsModel must be true/],
  ];
  for (const [changes, words] of wrong) assert.throws(() => described(changes), words);
  assert.throws(() => described({}, { ...manifest, models: [] }), /needsModel must be absent/);
});

test('options of every kind are taken with their groups, conditions and help, and nothing else', () => {
  const OTHER = { id: 'b', label: 'B', type: 'text', default: '' };
  const described = (option: object): unknown =>
    checkDescription(
      {
        data: { id: 'depth-plain', kind: 'depth', apiVersion: 1, options: [{ id: 'a', label: 'A', ...option }, OTHER] },
        methods: ['estimate'],
        supported: true,
      },
      { ...manifest, id: 'depth-plain', models: [] },
    );
  const words = { help: 'Helps.', group: 'More', showIf: { option: 'b', is: ['x'] } };
  for (const option of [
    { type: 'text', default: 'hello', maxLength: 20 },
    { type: 'colour', default: '#ff8800' },
    { type: 'boolean', default: true },
    {
      type: 'choice',
      default: 'x',
      choices: [
        { value: 'x', label: 'X' },
        { value: 'y', label: 'Y' },
      ],
    },
    { type: 'number', default: 1, min: 0, max: 2, step: 0.5, unit: 'px' },
    { type: 'number', default: 1, min: 0, max: 2, place: 'size' },
  ])
    assert.deepEqual((described({ ...words, ...option, extra: 1 }) as { options: unknown[] }).options, [
      { id: 'a', label: 'A', ...words, ...option },
      { ...OTHER, maxLength: 1000 },
    ]);
  for (const option of [
    { type: 'text', default: 'hello', maxLength: 2 },
    { type: 'colour', default: 'red' },
    { type: 'colour', default: 'url(https://evil.com)' },
    { type: 'html', default: '<b>' },
    { type: 'boolean', default: true, help: 'Two\nlines' },
  ])
    assert.throws(() => described(option), UnflatError);
});
