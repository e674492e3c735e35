import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { encode } from 'fast-png';
import fc from 'fast-check';
import { UnflatError } from '../../../src/core/index.ts';
import { Fault, faultOf } from '../../../src/orbit-viewer/fault.ts';
import { packGltf } from '../../../src/orbit-viewer/gltf/pack-gltf.ts';
import { inflateSpz } from '../../../src/orbit-viewer/inflate-spz.ts';
import { read3dFile } from '../../../src/orbit-viewer/read-3d-file.ts';
import { findOther3dFile } from '../../../src/orbit-viewer/index.ts';
import { writeScene } from '../../../src/scene-file/index.ts';
import { QUAD, glbOf, gltfParts, plyFile } from '../../fixtures/other-3d-files.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const numRuns = Number(process.env['UNFLAT_FUZZ_RUNS'] ?? 150);
const png = Buffer.from(encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12) }));
const asData = `data:image/png;base64,${png.toString('base64')}`;
const file = (name: string, bytes: Uint8Array | string): File => new File([bytes as Uint8Array<ArrayBuffer>], name);
const { json, data } = gltfParts(asData);
const glb = glbOf(json, data);
type Loose = Record<string, { uri?: string; count?: number; bufferView?: number }[]>;

/** The description of a packed file. */
const described = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + new DataView(bytes.buffer).getUint32(12, true)))) as Record<string, unknown>;

test('3D files are told from photos and from 3D photos; pictures that a file does not need are what the person means', async () => {
  const kind = async (...files: File[]): Promise<string | undefined> => (await findOther3dFile(files))?.kind;
  const own = new File([await writeScene(syntheticScene())], 'photo.glb');
  assert.equal(await kind(own), undefined);
  assert.equal(await kind(file('chair.glb', glb)), 'gltf');
  assert.equal(await kind(file('chair', glb)), 'gltf', 'by its first bytes');
  assert.equal(await kind(file('cloud.txt', plyFile(QUAD))), 'ply');
  assert.equal(await kind(file('a.splat', 'x')), 'splat');
  assert.equal(await kind(file('photo.jpg', 'x'), file('photo_depth.png', 'x')), undefined);
  assert.equal(await kind(file('photo.jpg', 'x'), file('photo.ply', plyFile(QUAD))), undefined);
  assert.equal(await kind(own, file('chair.glb', glb)), undefined, 'the 3D photo is what the person means');
  assert.equal(await kind(file('a.glb', glb), file('b.glb', glb)), 'gltf');
  assert.equal(await kind(file('p.png', png), file('a.bin', data), file('a.gltf', '{}')), 'gltf');
});

test('a glTF file becomes one file without any address, with the files that came along', async () => {
  const parts = gltfParts('textures/wood%20oak.png', 'a.bin');
  const gltf = file('a.gltf', JSON.stringify({ ...parts.json, animations: [{}], cameras: [{}] }));
  const packed = await packGltf(gltf, [file('A.BIN', parts.data), file('wood oak.png', png)]);
  assert.deepEqual([packed.vertices, packed.triangles, packed.points], [4, 2, 0]);
  const text = JSON.stringify(described(packed.glb));
  assert.ok(!text.includes('uri') && !text.includes('animations') && !text.includes('cameras'), text);
  assert.equal((await packGltf(file('a.glb', glb), [])).triangles, 2);
});

test('what is missing or not read is named: outside files, the internet, compression, extensions, old versions', async () => {
  const parts = gltfParts('https://example.com/p.png', 'a.bin');
  const failure = async (description: object, ...companions: File[]): Promise<Error> => {
    try {
      await packGltf(file('a.gltf', JSON.stringify(description)), companions);
    } catch (error) {
      return error as Error;
    }
    return assert.fail('it was read');
  };
  assert.match((await failure(parts.json)).message, /^a\.gltf refers to a file on the internet \(https:\/\/example\.com\/p\.png\)/);
  assert.match((await failure(gltfParts('p.png', 'a.bin').json)).message, /^a\.gltf needs a\.bin, p\.png\. Open them together/);
  for (const [name, words] of [
    ['KHR_draco_mesh_compression', /compressed with Draco/],
    ['EXT_meshopt_compression', /compressed with meshopt/],
    ['KHR_texture_basisu', /compressed with Basis Universal/],
    ['ACME_thing', /needs the glTF extension ACME_thing/],
  ] as const) {
    const error = await failure({ ...json, extensionsRequired: [name] });
    assert.match(error.message, words);
    assert.ok(error instanceof UnflatError && error.code === 'unsupported');
  }
  assert.match((await failure({ ...json, asset: { version: '1.0' } })).message, /not glTF version 2/);
});

test('counts, indices and trees that lie are errors before anything is loaded', async () => {
  const change = async (edit: (json: Loose) => void): Promise<unknown> => {
    const changed = structuredClone(json) as Loose;
    edit(changed);
    return packGltf(file('a.glb', glbOf(changed, data)), []);
  };
  await assert.rejects(
    change((it) => (it['accessors']![0]!.count = 4e9)),
    /more values than it holds/,
  );
  await assert.rejects(
    change((it) => (it['accessors']![2]!.count = 12)),
    /more values than it holds/,
  );
  await assert.rejects(
    change((it) => Object.assign(it['accessors']![0]!, { bufferView: undefined, count: 4e9 })),
    Fault,
  );
  await assert.rejects(
    change((it) => Object.assign(it['nodes']![0]!, { children: [0] })),
    /nested without end/,
  );
  await assert.rejects(
    change((it) => Object.assign(it['nodes']![0]!, { mesh: 7 })),
    /a mesh that is not there/,
  );
  const far = Buffer.from(data);
  far.writeUInt16LE(900, 80);
  await assert.rejects(packGltf(file('a.glb', glbOf(json, far)), []), /a triangle names vertex 900 of 4/);
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(60_000, 16);
  await assert.rejects(
    packGltf(file('a.glb', glbOf(gltfParts(`data:image/png;base64,${bomb.toString('base64')}`).json, data)), []),
    /too many/,
  );
});

test('a GLB or its description that is cut or damaged is an error for people, or is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 6 }), fc.nat(), async (changes, cut) => {
      const bytes = new Uint8Array(glb.subarray(0, cut % 3 ? glb.length : cut % glb.length));
      for (const { at, byte } of changes) if (bytes.length) bytes[at % bytes.length] = byte;
      try {
        await packGltf(file('a.glb', bytes), []);
      } catch (error) {
        assert.match(faultOf(error, 'a.glb').message, /a\.glb/);
      }
    }),
    { numRuns },
  );
});

test('.spz files are unpacked no further than they say, and are whole', async () => {
  const header = Buffer.alloc(16);
  [0x5053474e, 2, 3].forEach((value, i) => header.writeUInt32LE(value, 4 * i));
  const whole = Buffer.concat([header, Buffer.alloc(3 * 19, 7)]);
  const { bytes, count } = await inflateSpz(new Blob([new Uint8Array(gzipSync(whole))]));
  assert.deepEqual([count, bytes.byteLength], [3, whole.length]);
  const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(2 ** 26)]));
  assert.equal((await inflateSpz(new Blob([new Uint8Array(bomb)]))).bytes.byteLength, whole.length);
  await assert.rejects(inflateSpz(new Blob([new Uint8Array(gzipSync(whole.subarray(0, 40)))])), /cut off/);
  await assert.rejects(inflateSpz(new Blob([new Uint8Array(gzipSync(whole).subarray(0, 20))])), /cut off or damaged/);
});

test('a small .spz file that says it has millions of splats is refused before they are unpacked', async () => {
  const header = Buffer.alloc(16);
  [0x5053474e, 2, 4_000_000].forEach((value, i) => header.writeUInt32LE(value, 4 * i));
  const bomb = new Blob([new Uint8Array(gzipSync(Buffer.concat([header, Buffer.alloc(4_000_000 * 19)])))]);
  await assert.rejects(inflateSpz(bomb), /says that it has 4000000 splats, which its \d+ bytes cannot hold/);
});

test('pictures that a glTF file names are counted together, so that many of a usual size are refused as one giant is', async () => {
  const large = Buffer.from(png);
  // Its header says 16384 × 4096 pixels, four of which are opened.
  large.writeUInt32BE(16_384, 16);
  large.writeUInt32BE(4096, 20);
  const uri = `data:image/png;base64,${large.toString('base64')}`;
  const withPictures = (count: number): File =>
    file('a.glb', glbOf({ ...json, images: Array.from({ length: count }, () => ({ uri })) }, data));
  assert.equal((await packGltf(withPictures(4), [])).triangles, 2);
  await assert.rejects(packGltf(withPictures(5), []), /pictures have more than the 268 million pixels/);
});

test('.spz files of other versions are named, with a way to save one that opens', async () => {
  const read = (bytes: Uint8Array): Promise<unknown> =>
    read3dFile(
      { kind: 'spz', file: file('room.spz', bytes), companions: [] },
      { createPlyWorker: () => assert.fail('no worker is needed'), signal: new AbortController().signal },
    );
  const says = (version: string): object => ({
    code: 'unsupported',
    message: `room.spz cannot be shown: it is .spz version ${version}; versions 2 and 3 are read. In the program that it comes from, save it as PLY or as .spz version 3.`,
  });
  // Version 4 begins with its magic number, not with gzip's.
  const fourth = Buffer.alloc(64);
  fourth.write('NGSP');
  fourth.writeUInt32LE(4, 4);
  await assert.rejects(read(fourth), says('4 or newer'));
  const first = Buffer.alloc(16 + 20);
  [0x5053474e, 1, 1].forEach((value, i) => first.writeUInt32LE(value, 4 * i));
  await assert.rejects(read(gzipSync(first)), says('1'));
});
