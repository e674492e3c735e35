import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { UnflatError } from '../../../src/core/index.ts';
import { readScene, writeScene, type DecodeTexture } from '../../../src/scene-file/index.ts';
import { CornerMemory } from '../../../src/scene-file/corner-memory.ts';
import { inPieces, inflateAtMost } from '../../../src/scene-file/deflate.ts';
import { pictureSize } from '../../../src/scene-file/picture-size.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

/** Inputs of each kind; UNFLAT_FUZZ_RUNS=2500 makes it 10,000 in all. */
const numRuns = Number(process.env['UNFLAT_FUZZ_RUNS'] ?? 250);
const good = new Uint8Array(await (await writeScene(syntheticScene())).arrayBuffer());

/** As large as the picture says, which is what matters here. */
const decode: DecodeTexture = async (bytes) => {
  const { width, height } = pictureSize(bytes);
  assert.ok(width * height <= 2 ** 25, 'a bomb was to be decoded');
  return { width, height, rgba: new Uint8ClampedArray(4 * width * height) };
};

interface GlbJson {
  extensions: { UNFLAT_layered_photo: { version: string; layers: { data: number; motion?: unknown }[]; sound?: unknown } };
  bufferViews: { byteOffset: number; byteLength: number }[];
  images: { bufferView: number }[];
  textures: unknown[];
}

function taken(bytes: Uint8Array): { json: GlbJson; binary: Uint8Array } {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  return { json: JSON.parse(Buffer.from(bytes.subarray(20, 20 + length)).toString()) as GlbJson, binary: bytes.subarray(28 + length) };
}

function put({ json, binary }: { json: unknown; binary: Uint8Array }): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.alloc((text.length + 3) & ~3, 32);
  text.copy(padded);
  const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  return new Uint8Array(
    Buffer.concat([
      words(0x46546c67, 2, 28 + padded.length + binary.length, padded.length, 0x4e4f534a),
      padded,
      words(binary.length, 0x004e4942),
      binary,
    ]),
  );
}

/** Opens it, or says why not in a way that a person can use: nothing else may happen, and that within moments. */
async function isOpenedOrRefused(bytes: Uint8Array): Promise<void> {
  const before = performance.now();
  try {
    const scene = await readScene({ name: 'x.glb', bytes }, decode);
    for (const { indices, vertices } of scene.meshes) for (const vertex of indices) assert.ok(vertex * 5 < vertices.length);
    for (const { rgba, disparity } of scene.layers) assert.ok(disparity.every(Number.isFinite) && rgba.length === 4 * disparity.length);
  } catch (error) {
    assert.ok(error instanceof UnflatError && ['bad-scene', 'unsupported'].includes(error.code), String((error as Error).stack));
    assert.match(error.message, /^x\.glb .*\. [A-Z]/);
  }
  assert.ok(performance.now() - before < 20_000);
}

const extensionOf = ({ extensions }: GlbJson): GlbJson['extensions']['UNFLAT_layered_photo'] => extensions.UNFLAT_layered_photo;

test('a file that is cut anywhere is refused by name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: good.length - 1 }), async (length) => {
      await assert.rejects(readScene({ name: 'x.glb', bytes: good.slice(0, length) }, decode), { code: 'bad-scene', message: /^x\.glb/ });
    }),
    { numRuns },
  );
});

test('changed bytes anywhere are opened or refused', async () => {
  const change = fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      await isOpenedOrRefused(bytes);
    }),
    { numRuns },
  );
});

test('lies in the extension are opened or refused: huge counts, no numbers, places out of the file', async () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, -1, 0, 1, 0.5, 1e9, 1e308, 2 ** 32, 'NaN', '', true, [], {}, [0, 0, 1e6, 1e6], [0, 0, 1, 1]),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 }), async (lies) => {
      const file = taken(good);
      for (const [pick, lie] of lies) {
        // Any member at any depth: of the extension, or of what it points to.
        const places: [Record<string, unknown>, string][] = [];
        const walk = (of: object): void =>
          Object.entries(of).forEach(([key, value]: [string, unknown]) => {
            places.push([of as Record<string, unknown>, key]);
            if (typeof value === 'object' && value !== null) walk(value);
          });
        const { bufferViews, images, textures } = file.json;
        walk({ extension: extensionOf(file.json), bufferViews, images, textures });
        const [of, key] = places[pick % places.length]!;
        of[key] = lie;
      }
      await isOpenedOrRefused(put(file));
    }),
    { numRuns },
  );
});

test('streams of any bytes are opened or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1), fc.uint8Array({ minLength: 1, maxLength: 4000 }), async (layer, noise) => {
      const { json, binary } = taken(good);
      const view = json.bufferViews[extensionOf(json).layers[layer]!.data]!;
      const data = new Uint8Array(
        await new Response(new Blob([noise]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer(),
      );
      Object.assign(view, { byteOffset: binary.length, byteLength: data.length });
      await isOpenedOrRefused(put({ json, binary: Buffer.concat([binary, data]) }));
    }),
    { numRuns },
  );
});

test('a small file with a picture or data that no memory holds is refused before they are unpacked', async () => {
  const picture = taken(good);
  const { bufferView } = picture.json.images[0]!;
  const { byteOffset } = picture.json.bufferViews[bufferView]!;
  const binary = picture.binary.slice();
  const frame = Buffer.from(binary).indexOf(Buffer.from([0xff, 0xc0]), byteOffset);
  binary.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await assert.rejects(readScene({ name: 'x.glb', bytes: put({ json: picture.json, binary }) }, decode), /picture in it is too large/);

  const { json, binary: rest } = taken(good);
  const zeros = new Blob([new Uint8Array(2 ** 26)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bomb = new Uint8Array(await new Response(zeros).arrayBuffer());
  Object.assign(json.bufferViews[extensionOf(json).layers[0]!.data]!, { byteOffset: rest.length, byteLength: bomb.length });
  await assert.rejects(readScene({ name: 'x.glb', bytes: put({ json, binary: Buffer.concat([rest, bomb]) }) }, decode), {
    code: 'bad-scene',
  });
});

const deflated = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer());

/** A photo of one colour, 64 × 32 pixels, whose mesh is these quads: the numbers of each, less those of the quad before. */
async function photoOfQuads(quads: readonly (readonly number[])[]): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [64, 32];
  const pixels = width * height;
  const rgba = new Uint8ClampedArray(4 * pixels).fill(255);
  const flat = { width, height, margin: 0, rgba, disparity: new Float32Array(pixels).fill(0.5), joins: new Uint8Array(pixels) };
  const scene = { ...syntheticScene(), width, height, layers: [flat], meshes: [], detail: undefined };
  const { json, binary } = taken(new Uint8Array(await (await writeScene(scene)).arrayBuffer()));
  const layer = extensionOf(json).layers[0]!;
  const view = json.bufferViews[layer.data]!;
  const streams = zlib.inflateRawSync(binary.subarray(view.byteOffset, view.byteOffset + view.byteLength));
  const out = new Uint8Array(streams.length + 42 * quads.length);
  out.set(streams);
  for (let n = 0, at = streams.length; n < 14; n++) {
    for (const shift of [0, 8, 16]) for (const quad of quads) out[at++] = ((quad[n]! << 1) ^ (quad[n]! >> 31)) >> shift;
  }
  const data = await deflated(out);
  Object.assign(view, { byteOffset: binary.length, byteLength: data.length });
  Object.assign(layer, { quads: quads.length, order: [0, 1, 2, 0, 2, 3] });
  return put({ json, binary: Buffer.concat([binary, data]) });
}

const WHOLE_PHOTO = [0, 0, 64 * 32, 0, 0, 32 * 32, 64 * 32, 32 * 32, 0, 0, 0, 0, 0, 0];

test('a mesh that covers its photo a few times is opened, one that does so many times is refused', async () => {
  const few = await readScene({ name: 'x.glb', bytes: await photoOfQuads([WHOLE_PHOTO, WHOLE_PHOTO]) }, decode);
  assert.equal(few.meshes[0]!.indices.length, 12);
  await assert.rejects(readScene({ name: 'x.glb', bytes: await photoOfQuads(Array.from({ length: 1000 }, () => WHOLE_PHOTO)) }, decode), {
    code: 'bad-scene',
    message: /covers its picture many times over/,
  });
});

test('corners whose places were chosen to meet in one slot are found as quickly as others', () => {
  // Multiples of a large power of two have the same low bits, whatever odd number they are multiplied with.
  const count = 40_000;
  const memory = new CornerMemory(count);
  for (let i = 0; i < count; i++) memory.keep((i % 200) * 2 ** 18, Math.floor(i / 200) * 2 ** 18, i);
  for (let i = 0; i < count; i++) assert.equal(memory.near((i % 200) * 2 ** 18, Math.floor(i / 200) * 2 ** 18, -1), i);
});

test('data are inflated piece by piece: little more than what is expected is ever taken out of a bomb', async () => {
  const bomb = new Uint8Array(zlib.deflateRawSync(new Uint8Array(2 ** 26), { level: 9 }));
  let given = 0;
  const pieces = inPieces(bomb).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({ transform: (piece, to) => ((given += piece.length), to.enqueue(piece)) }),
  );
  const reader = pieces.getReader();
  await reader.read();
  assert.ok(given < 2 ** 16, `${given} bytes were taken at once`);
  await reader.cancel();
  await assert.rejects(inflateAtMost(bomb, 1000), RangeError);
  assert.deepEqual(
    await inflateAtMost(new Uint8Array(await deflated(new Uint8Array(100_000).fill(7))), 100_000),
    new Uint8Array(100_000).fill(7),
  );
});

test('large pictures are unpacked one after another, and only the photo’s own may be larger than its layer', async () => {
  const { json, binary } = taken(good);
  const [front, hidden] = extensionOf(json).layers as unknown as [object, Record<string, unknown>];
  hidden['detail'] = [0, 0, 8192, 4096];
  await assert.rejects(readScene({ name: 'x.glb', bytes: put({ json, binary }) }, decode), { code: 'bad-scene', message: /hidden layer/ });
  delete hidden['detail'];
  // The photo's picture says that it has 32 megapixels: those of hidden parts are decoded when it is done.
  const large = binary.slice();
  const { byteOffset } = json.bufferViews[json.images[0]!.bufferView]!;
  const frame = Buffer.from(large).indexOf(Buffer.from([0xff, 0xc0]), byteOffset);
  large.set([0x10, 0x00, 0x20, 0x00], frame + 5);
  Object.assign(front, { detail: [0, 0, 8192, 4096] });
  let [now, most] = [0, 0];
  const counting: DecodeTexture = async (...picture) => {
    most = Math.max(most, ++now);
    await new Promise((done) => setTimeout(done, 5));
    now--;
    return decode(...picture);
  };
  const scene = await readScene({ name: 'x.glb', bytes: put({ json, binary: large }) }, counting);
  assert.deepEqual([scene.layers.length, scene.detail?.width, most], [2, 8192, 1]);
});

test('a file without a photo in it is refused; hidden layers that hold nothing take no memory', async () => {
  const file = taken(good);
  const extension = extensionOf(file.json);
  const { layers } = extension;
  const empty = { width: 16_384, height: 6100, margin: 0, quads: 0, softStart: 0, order: [] } as unknown as (typeof layers)[0];
  for (const none of [[], [empty], [empty, empty]]) {
    extension.layers = none;
    await assert.rejects(readScene({ name: 'x.glb', bytes: put(file) }, decode), { code: 'bad-scene', message: /holds no photo/ });
  }
  await assert.rejects(
    readScene(
      {
        name: 'x.glb',
        bytes: put({ ...file, json: { ...file.json, extensions: { UNFLAT_layered_photo: { ...extension, width: 8192, height: 4096 } } } }),
      },
      decode,
    ),
    { code: 'bad-scene', message: /photo is too large/ },
  );
  extension.layers = [...layers, ...Array.from({ length: 20 }, () => empty)];
  assert.equal((await readScene({ name: 'x.glb', bytes: put(file) }, decode)).layers.length, layers.length);
});

test('a newer minor version is opened, with members that nobody knows; a newer major version says to update', async () => {
  const file = taken(good);
  const extension = extensionOf(file.json);
  extension.version = '1.7';
  extension.sound = { loop: true };
  for (const layer of extension.layers) layer.motion = [1, 2, 3];
  assert.equal((await readScene({ name: 'x.glb', bytes: put(file) }, decode)).layers.length, 2);
  extension.version = '2.0';
  await assert.rejects(readScene({ name: 'x.glb', bytes: put(file) }, decode), {
    code: 'unsupported',
    message: /newer version of Unflat .*Update/,
  });
});

test('somebody else’s GLB is said to be one', async () => {
  const bytes = put({ json: { asset: { version: '2.0' } }, binary: new Uint8Array(0) });
  await assert.rejects(readScene({ name: 'chair.glb', bytes }, decode), {
    code: 'unsupported',
    message: /^chair\.glb is a 3D model, but not a 3D photo/,
  });
});
