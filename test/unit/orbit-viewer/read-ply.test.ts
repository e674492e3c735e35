import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fault } from '../../../src/orbit-viewer/fault.ts';
import { cameraOfMesh } from '../../../src/orbit-viewer/camera-of-mesh.ts';
import { readPly, type PlyShape } from '../../../src/orbit-viewer/read-ply/read-ply.ts';
import type { Splats } from '../../../src/orbit-viewer/read-ply/read-splats.ts';
import { guessUp } from '../../../src/orbit-viewer/up-axis.ts';
import { QUAD, plyFile, splatFile, splatPlyFile, type PlyFormat } from '../../fixtures/other-3d-files.ts';

/** Inputs of each kind; UNFLAT_FUZZ_RUNS=2500 makes it 10,000 in all. */
const numRuns = Number(process.env['UNFLAT_FUZZ_RUNS'] ?? 150);
const read = (file: Uint8Array) => readPly(new Uint8Array(file));
const FACE = [[0, 1, 2, 3]];
const FORMATS: readonly PlyFormat[] = ['ascii', 'binary_little_endian', 'binary_big_endian'];

for (const format of FORMATS) {
  test(`a coloured mesh in ${format} has its places, colours and triangles; without faces it is points`, () => {
    const mesh = read(plyFile(QUAD, FACE, { format })) as PlyShape;
    assert.equal(mesh.kind, 'mesh');
    const places = Array.from(mesh.positions, (value, i) => value + mesh.centre[i % 3]!);
    assert.deepEqual(
      places,
      QUAD.flatMap(({ at }) => [...at]),
    );
    assert.deepEqual(
      [...mesh.colours!],
      QUAD.flatMap(({ rgb }) => [...rgb, 255]),
    );
    assert.deepEqual([...mesh.indices!], [0, 1, 2, 0, 2, 3]);
    assert.equal(read(plyFile(QUAD, [], { format })).kind, 'points');
  });

  test(`a ${format} file that is cut off, or counts more than it holds, is an error at once`, () => {
    const whole = plyFile(QUAD, FACE, { format });
    for (const length of [2, 40, whole.length - 20, whole.length - 3])
      assert.throws(() => read(whole.subarray(0, length)), Fault, String(length));
    const lying = Buffer.from(whole.toString('latin1').replace('element vertex 4', 'element vertex 19999999'), 'latin1');
    const start = performance.now();
    assert.throws(() => read(lying), /cut off: it announces 19999999 of “vertex”/);
    assert.ok(performance.now() - start < 1000);
  });
}

test('headers of other programs: line ends, doubles far from the origin, float colours, more properties, faces of five corners', () => {
  const lines = [
    'ply',
    'format ascii 1.0',
    'obj_info x',
    'element vertex 5',
    'property double x',
    'property double y',
    'property double z',
  ];
  const more = ['property float nx', 'property float red', 'property float green', 'property float blue', 'property uchar alpha'];
  const faces = ['element face 1', 'property uchar flags', 'property list uint8 int32 vertex_index', 'end_header'];
  const rows = [0, 1, 2, 3, 4].map((i) => `${500_000 + i * 0.25} 4e6 -1.5E-3 0 1 ${i / 4} .5 ${i}`);
  const shape = read(Buffer.from([...lines, ...more, ...faces, ...rows, '7 5 0 1 2 3 4'].join('\r\n'))) as PlyShape;
  assert.deepEqual(shape.centre.slice(0, 2), [500_000, 4_000_000]);
  assert.deepEqual([shape.positions[0], shape.positions[12]], [0, 1]);
  assert.deepEqual([...shape.colours!.subarray(16)], [255, 255, 128, 255], 'alpha is no opacity');
  assert.deepEqual([...shape.indices!], [0, 1, 2, 0, 2, 3, 0, 3, 4]);
});

test('splats come out as in a .splat file, whatever the encoding', () => {
  const splats = [
    { at: [1, 2, 3], size: [0.5, 0.25, 0.125], rgb: [200, 100, 50], turn: [0.6, 0, 0.8, 0] },
    { at: [-1, 0, 0.5], size: [1, 1, 1], rgb: [0, 255, 128] },
  ] as const;
  const wanted = new Uint8Array(splatFile(splats));
  for (const format of ['ascii', 'binary_little_endian'] as const) {
    const { kind, rows } = read(splatPlyFile(splats, format)) as Splats;
    assert.equal(kind, 'splats');
    const [floats, expected] = [new Float32Array(rows), new Float32Array(wanted.buffer)];
    for (let s = 0; s < 2; s++) for (let i = 0; i < 6; i++) assert.ok(Math.abs(floats[8 * s + i]! - expected[8 * s + i]!) < 1e-5);
    const bytes = new Uint8Array(rows);
    for (let i = 0; i < 64; i++) if (i % 32 >= 24) assert.ok(Math.abs(bytes[i]! - wanted[i]!) <= 1, `byte ${i}`);
  }
});

test('faces of vertices that are not there are an error, and so is a file without places', () => {
  assert.throws(() => read(plyFile(QUAD, [[0, 1, 9]])), /a face names vertex 9 of 4/);
  const noPlaces = 'ply\nformat ascii 1.0\nelement vertex 1\nproperty float s\nend_header\n1\n';
  assert.throws(() => read(Buffer.from(noPlaces)), /no x, y and z/);
  const hollow =
    'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nelement face 999999999999999\nend_header\n1 2 3\n';
  assert.equal(read(Buffer.from(hollow)).kind, 'points');
  const words = hollow.replace('1 2 3', '1 two 3');
  assert.throws(() => read(Buffer.from(words)), /“two” stands where a number should/);
});

test('damaged files are errors or something to show, and never hang', () => {
  const files = [
    ...FORMATS.map((format) => plyFile(QUAD, FACE, { format })),
    splatPlyFile([{ at: [0, 0, 0], size: [1, 1, 1], rgb: [1, 2, 3] }]),
  ];
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
  for (const file of files) {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(), (changes, cut) => {
        const bytes = new Uint8Array(file.subarray(0, cut % 3 ? file.length : cut % (file.length + 1)));
        for (const { at, byte } of changes) if (bytes.length) bytes[at % bytes.length] = byte;
        try {
          readPly(bytes);
        } catch (error) {
          assert.ok(error instanceof Fault, String(error));
        }
      }),
      { numRuns },
    );
  }
});

test('up is guessed: y of glTF and our own, y down of splats and the 2020 system, z of what is flat along it', () => {
  const box = { low: [0, 0, 0], high: [10, 10, 1] } as const;
  const copy = { low: [...box.low], high: [...box.high] } as { low: [number, number, number]; high: [number, number, number] };
  assert.equal(guessUp('gltf', copy), 'y');
  assert.equal(guessUp('splats', copy), '-y');
  assert.equal(guessUp('points', copy), 'z');
  assert.equal(guessUp('mesh', copy, ['made by Unflat']), 'y');
  const of2020 = ['H 640', 'W 880', 'hFov 0.927', 'vFov 0.71'];
  assert.equal(guessUp('mesh', copy, of2020), '-y');
  assert.deepEqual(cameraOfMesh(of2020), { z: 0, hFov: 0.927, vFov: 0.71 });
  const ours = ['made by Unflat', 'hFov 60.0000 degrees', 'vFov 45.0000 degrees', 'x right, y up, the camera at 0 0 1.25 looks along -z'];
  assert.equal(cameraOfMesh(ours)?.z, 1.25);
  assert.ok(Math.abs(cameraOfMesh(ours)!.hFov - Math.PI / 3) < 1e-6);
  assert.equal(cameraOfMesh(['something else']), undefined);
});
