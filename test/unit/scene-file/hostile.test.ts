import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnflatError } from '../../../src/core/index.ts';
import { readScene, writeScene, type DecodeTexture } from '../../../src/scene-file/index.ts';
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
