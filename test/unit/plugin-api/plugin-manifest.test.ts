import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnflatError, manifestComment, parseManifest, readManifest, type PluginManifest } from '../../../src/plugin-api/index.ts';

const sound: PluginManifest = {
  id: 'depth-tilt',
  version: '1.0.0',
  kind: 'depth',
  label: 'Tilt',
  about: 'Ends with */ in the middle.',
  author: 'A. Stranger',
  licence: 'MIT',
  apiVersion: 1,
  hosts: [],
  models: [],
  sees: ['photo'],
};

test('a manifest is read from the comment that a plugin begins with, and nothing of the code counts', () => {
  const file = `${manifestComment(sound)}\nthrow new Error('this must not run');\n/*! unflat-plugin {"id":"depth-other"} */`;
  assert.deepEqual(readManifest(file), sound);
  assert.deepEqual(readManifest(`\uFEFF${file}`), sound);
  assert.deepEqual(readManifest(`\uFEFF\uFEFF${file}`), sound);
});

test('a file that is no plugin is refused by name, with what to do', () => {
  for (const text of ['', 'export default 1;', '/*! unflat-plugin', '/*! unflat-plugin {x} */', ` ${manifestComment(sound)}`])
    assert.throws(
      () => readManifest(text, 'tilt.js'),
      (error) =>
        error instanceof UnflatError && error.code === 'bad-plugin' && error.message.startsWith('tilt.js') && error.message.length > 40,
    );
});

test('each field that is wrong is named', () => {
  const wrong: [string, object][] = [
    ['id', { id: 'Depth-Tilt' }],
    ['id', { id: 'inpaint-tilt' }],
    ['id', { id: 'depth' }],
    ['version', { version: '1.0' }],
    ['version', { version: 'v1.0.0' }],
    ['kind', { kind: 'viewer' }],
    ['label', { label: '' }],
    ['label', { label: 'x'.repeat(61) }],
    ['label', { label: 'Two\nlines' }],
    ['label', { label: 'safe \u202Egnp.exe' }],
    ['label', { label: '\u3164' }],
    ['label', { label: '\u2800' }],
    ['label', { label: 'Ti\u034Flt' }],
    ['label', { label: 'unflat' }],
    ['author', { author: undefined }],
    ['author', { author: '\u200B' }],
    ['author', { author: 'Unflаt' }],
    ['licence', { licence: '\uFFA0' }],
    ['about', { about: 'safe \u2066' }],
    ['apiVersion', { apiVersion: 2 }],
    ['hosts[0]', { hosts: ['https://example.org'] }],
    ['hosts[0]', { hosts: ['*.example.org'] }],
    ['hosts[0]', { hosts: ['127.0.0.1'] }],
    ['hosts[0]', { hosts: ['localhost'] }],
    ['hosts[0]', { hosts: ['x.localhost'] }],
    ['hosts[0]', { hosts: ['metadata.google.internal'] }],
    ['hosts[0]', { hosts: ['0x7f.0.0.0x1'] }],
    ['models[0].path', { models: [{ path: '../x', sizeBytes: 1, sha256: '0'.repeat(64) }] }],
    ['models[0].sizeBytes', { models: [{ path: 'x.onnx', sizeBytes: 0, sha256: '0'.repeat(64) }] }],
    ['models[0].url', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), url: 'http://example.org/x.onnx' }] }],
    ['models[0].url', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), url: 'https://me@example.org/x.onnx' }] }],
    ['models[0].url', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), url: 'https://127.0.0.1/x.onnx' }] }],
    ['models[0].url', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), url: 'https://nas.local/x.onnx' }] }],
    ['models[1].path', { models: ['x.onnx', 'X.onnx'].map((path) => ({ path, sizeBytes: 1, sha256: '0'.repeat(64) })) }],
    ['models[0].base64', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), base64: '<b>' }] }],
    [
      'models[0].base64',
      { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: '0'.repeat(64), base64: 'AA==', url: 'https://example.org/x' }] },
    ],
    ['models[0].sha256', { models: [{ path: 'x.onnx', sizeBytes: 1, sha256: null }] }],
    ['sees', { sees: [] }],
    ['sees', { sees: ['photo', 'scene'] }],
    ['sees', { kind: 'output', id: 'output-x', sees: ['depth', 'scene'] }],
    ['camera', { camera: true }],
  ];
  for (const [path, change] of wrong)
    assert.throws(
      () => parseManifest({ ...sound, ...change }),
      (error) => error instanceof UnflatError && error.message.includes(`${path} in its manifest`),
      `${path}: ${JSON.stringify(change)}`,
    );
});

test('what shows nothing is written as code where a message tells it', () => {
  assert.throws(() => parseManifest({ ...sound, label: 'a\u202Eb' }), /not "a\\u\{202e\}b"\. Ask/);
});

test('whatever stands in the comment, the answer is a manifest or an error for people', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(sound)), (value, field) => {
      for (const each of [value, { ...sound, [field]: value }]) {
        try {
          assert.deepEqual(parseManifest(each), parseManifest(parseManifest(each)));
        } catch (error) {
          assert.ok(error instanceof UnflatError, String(error));
        }
      }
    }),
    { numRuns: 300 },
  );
});
