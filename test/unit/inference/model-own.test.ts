import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, set } from 'idb-keyval';
import { root } from '../../../src/cli/prepare.mjs';
import { UnflatError, type MaskInput, type ModelRow } from '../../../src/core/index.ts';
import { CATALOGUE_ROWS } from '../../../src/inference/catalogue-rows.ts';
import { parseRow } from '../../../src/inference/parse-catalogue.ts';
import { inspectOnnx } from '../../../src/inference/inspect-onnx.ts';
import { LocalModels } from '../../../src/inference/local-models.ts';
import { ModelStore } from '../../../src/store/index.ts';
import { modelRow, noise, sha256Of } from '../../fixtures/model-row.ts';
import {
  depthAnything3Like,
  depthAnythingLike,
  fourChannelModel,
  midasLike,
  mogeLike,
  rawRangeLike,
  type TestModel,
} from '../../fixtures/depth-models.ts';
import { lamaLike, miganLike } from '../../fixtures/inpaint-models.ts';
import { writeOnnx, type OnnxModel } from '../../fixtures/onnx.ts';
import { hostileServer } from '../../helpers/hostile-server.ts';

let count = 0;
const models = (rows: readonly ModelRow[] = CATALOGUE_ROWS): LocalModels =>
  new LocalModels({ rows, store: new ModelStore({ name: `own-${++count}` }) });
const filesOf = (testModel: TestModel, name = 'model.onnx'): File[] =>
  testModel.files.map(({ path, bytes }, i) => new File([bytes], i === 0 ? name : path));
const onnx = (model: Partial<OnnxModel>): File => {
  const port = { name: 'x', dims: [1, 3, 32, 32] };
  return new File(
    [
      writeOnnx({
        inputs: [port],
        outputs: [{ name: 'y', dims: [1, 1, 32, 32] }],
        nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
        ...model,
      }).bytes,
    ],
    'net.onnx',
  );
};
const refuses =
  (message: RegExp, code = 'bad-model') =>
  (error: unknown) => {
    assert.ok(error instanceof UnflatError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };

for (const [what, testModel, name, expected] of [
  [
    'MiDaS',
    midasLike(),
    'my-midas.onnx',
    { size: { rule: 'fixed', width: 256, height: 256 }, shape: [1, 3, 'height', 'width'], meaning: 'disparity', unsure: ['values'] },
  ],
  [
    'a fixed oblong model',
    rawRangeLike(),
    'net.onnx',
    {
      size: { rule: 'fixed', width: 320, height: 192 },
      shape: [1, 3, 'height', 'width'],
      meaning: 'disparity',
      unsure: ['meaning', 'values'],
    },
  ],
  [
    'Depth Anything',
    depthAnythingLike(),
    'depth_anything_v2.onnx',
    {
      size: { rule: 'short-side', px: 518, multipleOf: 14 },
      shape: [1, 3, 'height', 'width'],
      meaning: 'disparity',
      unsure: ['meaning', 'values'],
    },
  ],
  [
    'Depth Anything 3',
    depthAnything3Like(),
    'da3.onnx',
    {
      size: { rule: 'short-side', px: 448, multipleOf: 224 },
      shape: [1, 1, 3, 'height', 'width'],
      meaning: 'disparity',
      unsure: ['meaning', 'values'],
    },
  ],
  [
    'MoGe',
    mogeLike(),
    'moge.onnx',
    { size: { rule: 'short-side', px: 518, multipleOf: 14 }, shape: [1, 3, 'height', 'width'], meaning: 'points', unsure: [] },
  ],
] as const) {
  test(`a model like ${what} tells its layout, size and meaning by itself`, async () => {
    const { row, unsure } = await models().describe(filesOf(testModel, name));
    assert.deepEqual({ size: row.input.size, shape: row.input.shape, meaning: row.output.meaning, unsure }, expected);
    assert.deepEqual(parseRow(row), row);
  });
}

test('a model that says one side of its picture alone is fed squares of it', async () => {
  const high = onnx({ inputs: [{ name: 'x', dims: [1, 3, 96, 'width'] }] });
  const wide = onnx({ inputs: [{ name: 'x', dims: [1, 'height', 64, 3] }] });
  const sizes = await Promise.all([high, wide].map(async (file) => (await models().describe([file])).row.input.size));
  assert.deepEqual(sizes, [
    { rule: 'fixed', width: 96, height: 96 },
    { rule: 'fixed', width: 64, height: 64 },
  ]);
});

test('what the exporters of Hugging Face name is normalised outside; what a person says counts more', async () => {
  const files = filesOf(depthAnythingLike());
  assert.deepEqual((await models().describe(files)).row.input.mean, [0.485, 0.456, 0.406]);
  const own = models();
  const { row, isOwn, state } = await own.add(files, { label: 'Mine', meaning: 'depth', values: '-1..1', channels: 'bgr' });
  assert.deepEqual(
    [row.label, row.output.meaning, row.input.range, row.input.mean, row.input.channels],
    ['Mine', 'depth', [-1, 1], [0, 0, 0], 'bgr'],
  );
  assert.deepEqual([isOwn, state, row.plugin, row.id], [true, 'ready', 'depth-own', 'own-model']);
});

for (const [what, testModel, name, expected] of [
  [
    'MI-GAN',
    miganLike('red'),
    'MIGAN_v2.onnx',
    { fill: 0, keep: 255, under: undefined, range: [0, 255], gives: [0, 255], size: 512, providers: 2, unsure: [] },
  ],
  [
    'LaMa',
    lamaLike('red', { px: 256 }),
    'my-lama.onnx',
    { fill: 1, keep: 0, under: 'black', range: [0, 1], gives: [0, 255], size: 256, providers: 1, unsure: [] },
  ],
  [
    'something that takes bytes',
    miganLike('red'),
    'net.onnx',
    { fill: 255, keep: 0, under: undefined, range: [0, 255], gives: [0, 255], size: 512, providers: 2, unsure: ['mask'] },
  ],
  [
    'something that takes fractions',
    lamaLike('red'),
    'net.onnx',
    { fill: 1, keep: 0, under: 'black', range: [0, 1], gives: [0, 1], size: 128, providers: 2, unsure: ['mask', 'values', 'gives'] },
  ],
] as const) {
  test(`a model for filling like ${what} is known by its picture and mask`, async () => {
    const { row, unsure } = await models().describe(filesOf(testModel, name));
    const { mask, range, size } = row.input;
    assert.deepEqual([row.kind, row.plugin, row.output.meaning], ['inpaint', 'inpaint-onnx', 'colour']);
    assert.deepEqual(
      {
        fill: mask?.fill,
        keep: mask?.keep,
        under: mask?.under,
        range,
        gives: row.output.range,
        size: size.rule === 'fixed' && size.width,
        providers: row.providers.length,
        unsure,
      },
      expected,
    );
    assert.deepEqual(parseRow(row), row);
  });
}

test('a model whose mask is a fourth colour is one for filling', async () => {
  const four = onnx({ inputs: [{ name: 'input', dims: ['batch', 4, 64, 64] }], outputs: [{ name: 'output', dims: ['batch', 3, 64, 64] }] });
  const { row, unsure } = await models().describe([new File([await four.arrayBuffer()], 'lama_64_fp16.onnx')]);
  assert.deepEqual(
    [row.kind, row.input.shape, row.input.mask, row.output.range, unsure],
    ['inpaint', [1, 4, 'height', 'width'], { channel: 'last', keep: 0, fill: 1, under: 'black' }, [0, 1], []],
  );
  assert.deepEqual(parseRow(row), row);
  assert.deepEqual((await models().describe([four])).unsure, ['mask', 'values', 'gives']);
});

test('what a person says of a model for filling counts', async () => {
  const { row } = await models().add(filesOf(lamaLike('red')), {
    mask: 'keep',
    values: '-1..1',
    gives: '-1..1',
    channels: 'bgr',
    label: 'Inpainter',
  });
  const { mask, range, channels } = row.input;
  assert.deepEqual(
    [row.label, mask?.keep, mask?.fill, mask?.under, range, row.output.range, channels],
    ['Inpainter', 1, 0, 'grey', [-1, 1], [-1, 1], 'bgr'],
  );
});

test('a mask may come first, unnamed shapes go by their names, and colours may be last', async () => {
  const names = onnx({
    inputs: [
      { name: 'mask', dims: ['n', 'm', 'h', 'w'] },
      { name: 'picture', dims: ['n', 'c', 'h', 'w'] },
    ],
    outputs: [{ name: 'y', dims: ['n', 'c', 'h', 'w'] }],
  });
  const { row } = await models().describe([names]);
  const mask = row.input.mask as MaskInput;
  assert.deepEqual([row.input.name, mask.name, row.input.shape], ['picture', 'mask', [1, 3, 'height', 'width']]);
  const last = onnx({
    inputs: [
      { name: 'a', type: 'uint8', dims: [1, 96, 128, 3] },
      { name: 'b', type: 'uint8', dims: [1, 96, 128] },
    ],
    outputs: [{ name: 'y', type: 'uint8', dims: [1, 96, 128, 3] }],
  });
  const { input } = (await models().describe([last])).row;
  assert.deepEqual(
    [input.shape, (input.mask as MaskInput).shape, input.size],
    [[1, 'height', 'width', 3], [1, 'height', 'width'], { rule: 'fixed', width: 128, height: 96 }],
  );
});

test('colours may come last, and as bytes', async () => {
  const file = onnx({ inputs: [{ name: 'x', type: 'uint8', dims: [1, 48, 64, 3] }] });
  const { row, unsure } = await models().describe([file]);
  assert.deepEqual(
    [row.input.shape, row.input.type, row.input.range, row.input.size],
    [[1, 'height', 'width', 3], 'uint8', [0, 255], { rule: 'fixed', width: 64, height: 48 }],
  );
  assert.deepEqual(unsure, ['meaning']);
});

test('weights that are listed among the inputs, as old files do, are no inputs', async () => {
  const file = onnx({
    inputs: [
      { name: 'x', dims: [1, 3, 32, 32] },
      { name: 'w', dims: [4, 3, 3, 3] },
    ],
    initialisers: [{ name: 'w', dims: [4, 3, 3, 3], data: new Float32Array(108) }],
  });
  assert.deepEqual(
    (await inspectOnnx(file, file.name)).inputs.map(({ name }) => name),
    ['x'],
  );
  await models().describe([file]);
});

test('a model with its weights beside it needs both files, and is kept with both', async () => {
  const [testModel, data] = filesOf(depthAnything3Like({ externalPath: 'weights.bin' }), 'deep.onnx') as [File, File];
  await assert.rejects(
    models().describe([testModel]),
    refuses(/deep\.onnx keeps its weights in a second file, weights\.bin\. Add both files together/),
  );
  const own = models();
  const { row, storedBytes } = await own.add([data, testModel]);
  assert.deepEqual(
    row.files.map(({ path }) => path),
    ['deep.onnx', 'weights.bin'],
  );
  assert.equal(storedBytes, testModel.size + data.size);
  assert.deepEqual(
    (await own.read(row.id)).files.map(({ bytes }) => bytes.length),
    [testModel.size, data.size],
  );
  await assert.rejects(models().describe(filesOf(depthAnything3Like({ externalPath: '../../secret' }))), refuses(/outside its own folder/));
});

test('two files of one name are two models; the same file again is the same model', async () => {
  const own = models();
  const first = await own.add(filesOf(midasLike()));
  const other = await own.add(filesOf(rawRangeLike()));
  assert.deepEqual([first.row.id, other.row.id], ['own-model', 'own-model-2']);
  await own.add(filesOf(midasLike()), { label: 'Renamed' });
  assert.deepEqual(
    (await own.list())
      .filter(({ isOwn }) => isOwn)
      .map(({ row }) => row.label)
      .sort(),
    ['Renamed', 'model'],
  );
  await own.remove('own-model');
  assert.deepEqual(
    (await own.list()).filter(({ isOwn }) => isOwn).map(({ row }) => row.id),
    ['own-model-2'],
  );
});

test('a file of the catalogue is known by its hash, whatever its name', async () => {
  const { bytes } = rawRangeLike().files[0]!;
  const row = modelRow([{ path: 'net.onnx', url: 'https://example.com/net.onnx', sizeBytes: bytes.length, sha256: sha256Of(bytes) }], {
    id: 'known',
    label: 'Known',
  });
  const own = models([row]);
  const guess = await own.describe([new File([bytes], 'download (1).onnx')]);
  assert.deepEqual([guess.row.id, guess.unsure], ['known', []]);
  const { isOwn, state } = await own.add([new File([bytes], 'download (1).onnx')]);
  assert.deepEqual([isOwn, state], [false, 'ready']);
  const damaged = bytes.slice();
  damaged[damaged.length - 20]! ^= 1;
  assert.notEqual((await own.describe([new File([damaged], 'net.onnx')]).catch(() => ({ row: { id: 'none' } }))).row.id, 'known');
});

for (const [what, file, message] of [
  ['an empty file', new File([], 'm.onnx'), /m\.onnx is empty/],
  ['a web page', new File(['<!DOCTYPE html><html>'], 'm.onnx'), /is a web page, not a model/],
  ['a pointer', new File(['version https://git-lfs.github.com/spec/v1'], 'm.onnx'), /Git LFS/],
  [
    'a PyTorch checkpoint',
    new File(['PK\x03\x04rest'], 'm.pt'),
    /m\.pt is a PyTorch checkpoint or an archive, not ONNX; ask for the model’s \.onnx file/,
  ],
  ['a TensorFlow Lite model', new File([Uint8Array.of(28, 0, 0, 0), 'TFL3', new Uint8Array(99)], 'm.tflite'), /TensorFlow Lite/],
  ['safetensors', new File([Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0), '{"x":1}'], 'm.safetensors'), /safetensors/],
  ['a photo', new File([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)], 'm.jpg'), /is an image, not a model/],
  ['noise', new File([noise(5000)], 'm.onnx'), /m\.onnx is (cut off, or )?not an ONNX model/],
  [
    'half a model',
    new File([midasLike().files[0]!.bytes.slice(0, 120)], 'm.onnx'),
    /m\.onnx is cut off, or not an ONNX model\. Download it again/,
  ],
  ['four channels', filesOf(fourChannelModel())[0]!, /takes images of 4 channels \(1 × 4 × 32 × 32\); Unflat gives 3 colours/],
  [
    'an inpainter of another shape',
    onnx({
      inputs: [
        { name: 'image', dims: [1, 3, 32, 32] },
        { name: 'mask', dims: [1, 1, 32, 32] },
        { name: 'edges', dims: [1, 1, 32, 32] },
      ],
    }),
    /needs mask besides an image/,
  ],
  ['a classifier', onnx({ outputs: [{ name: 'classes', dims: [1, 1000] }] }), /gives no depth map \(its outputs: classes \(1 × 1000\)\)/],
  ['a segmenter', onnx({ outputs: [{ name: 'masks', dims: [1, 21, 32, 32] }] }), /gives no depth map/],
  ['a text model', onnx({ inputs: [{ name: 'ids', type: 'int64', dims: [1, 77] }] }), /takes no image \(its inputs: ids \(1 × 77\)\)/],
  [
    'a video model',
    onnx({ inputs: [{ name: 'x', dims: [1, 16, 3, 32, 32] }] }),
    /takes 1 × 16 × 3 × 32 × 32, which is not a single colour image/,
  ],
  ['doubles', onnx({ inputs: [{ name: 'x', type: 'int32', dims: [1, 3, 32, 32] }] }), /takes its image as int32/],
] as const) {
  test(`${what} is refused with a next step`, async () => {
    await assert.rejects(models().describe([file]), refuses(message));
  });
}

test('two models at once, or a heap of files without one, are refused', async () => {
  const [file] = filesOf(midasLike()) as [File];
  await assert.rejects(
    models().describe([file, new File([await file.arrayBuffer()], 'b.onnx')]),
    refuses(/model\.onnx and b\.onnx are 2 models/),
  );
  await assert.rejects(
    models().describe([new File(['a'], 'a.txt'), new File(['b'], 'b.txt')]),
    refuses(/None of a\.txt, b\.txt is an ONNX model/),
  );
  await assert.rejects(models().describe([]), refuses(/No file was given/));
});

test('a file of 2 GB is refused before anything is read of its weights', async () => {
  const testModel = depthAnything3Like();
  const read: number[] = [];
  const huge = Object.assign(new File([], 'model.onnx_data'), {});
  Object.defineProperty(huge, 'size', { value: 2.1e9 });
  huge.slice = () => {
    read.push(1);
    return new Blob();
  };
  await assert.rejects(
    models().describe([filesOf(testModel)[0]!, huge]),
    refuses(/and its data have 2\.1 GB; a browser runs models of up to 1\.9 GB\./, 'out-of-memory'),
  );
  assert.deepEqual(read, []);
});

test('of a large model only a few windows are read', async () => {
  const { bytes } = writeOnnx({
    inputs: [{ name: 'x', dims: [1, 3, 32, 32] }],
    outputs: [{ name: 'y', dims: [1, 1, 32, 32] }],
    nodes: [],
    initialisers: Array.from({ length: 20 }, (_, i) => ({ name: `w${i}`, dims: [250_000], data: new Float32Array(250_000) })),
  });
  const file = new File([bytes], 'large.onnx');
  let read = 0;
  const slice = file.slice.bind(file);
  file.slice = (from = 0, to = 0) => ((read += to - from), slice(from, to));
  await inspectOnnx(file, file.name);
  assert.ok(read < bytes.length / 8, `${read} of ${bytes.length} bytes were read`);
});

test('whatever a file holds, there are facts or an UnflatError, soon', async () => {
  const check = async (bytes: Uint8Array): Promise<void> => {
    try {
      const { row } = await models().describe([new File([bytes as Uint8Array<ArrayBuffer>], 'f.onnx')]);
      parseRow(row);
    } catch (error) {
      assert.ok(error instanceof UnflatError, error instanceof Error ? error.stack : String(error));
    }
  };
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), check), { numRuns: 200 });
  const samples = [midasLike(), depthAnythingLike(), mogeLike()].map(({ files }) => files[0]!.bytes);
  const damaged = fc.tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
    fc.double({ min: 0.3, max: 1, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(damaged, ([bytes, hits, part]) => {
      const copy = bytes.slice(0, Math.ceil(bytes.length * part));
      for (const [at, value] of hits) copy[at % copy.length] = value;
      return check(copy);
    }),
    { numRuns: 400 },
  );
});

const real = join(root, '../shared/models/tcmonodepth_tcsmallnet_192x320.onnx');
test('the real TCMonoDepth file is known as what it is', { skip: !existsSync(real) && 'its file is not here' }, async () => {
  const blob = await openAsBlob(real);
  const facts = await inspectOnnx(blob, 'x');
  assert.deepEqual(facts.inputs, [{ name: 'input', type: 'float32', dims: [1, 3, 192, 320] }]);
  assert.deepEqual(facts.outputs, [{ name: 'output', type: 'float32', dims: [1, 1, 192, 320] }]);
  assert.equal((await models().describe([new File([blob], 'whatever.onnx')])).row.id, 'tcmonodepth-small');
});

test('a model of the catalogue that was damaged is fetched again by itself, and never given', async () => {
  const bytes = noise(5000);
  const server = await hostileServer({ 'm.onnx': { bytes } });
  const row = modelRow([{ path: 'm.onnx', url: `${server.url}m.onnx`, sizeBytes: null, sha256: null }]);
  const name = `own-${++count}`;
  const open = (): LocalModels =>
    new LocalModels({ rows: [row], store: new ModelStore({ name, download: { chunkBytes: 1000, retries: 0 } }) });
  assert.deepEqual(
    (await open().list()).map(({ state }) => state),
    ['absent'],
  );
  await assert.rejects(open().read(row.id), refuses(/Test model is not on this device; download it first/, 'no-model'));
  await open().fetch(row.id);
  assert.equal((await open().list())[0]?.row.files[0]?.sha256, sha256Of(bytes), 'what was learned is told');
  const database = createStore(name, 'records');
  await set(`chunk:${row.id}/m.onnx/3`, new Blob([noise(1000, 5)]), database);
  assert.deepEqual((await open().read(row.id)).files[0]?.bytes, bytes);
  assert.deepEqual(
    server.asked.map(({ range }) => range),
    [undefined, 'bytes=3000-'],
  );
  await set(`chunk:${row.id}/m.onnx/3`, new Blob([noise(1000, 5)]), database);
  await server.close();
  await assert.rejects(
    open().read(row.id),
    refuses(/is damaged on this device and could not be downloaded again: .*localhost:\d+ cannot be reached/, 'no-model'),
  );
  assert.deepEqual(
    (await open().list()).map(({ state, storedBytes }) => [state, storedBytes]),
    [['partial', 3000]],
  );
});

test('an id that nobody knows lists those that there are', async () => {
  await assert.rejects(
    models([modelRow([{ path: 'm.onnx', sizeBytes: null, sha256: null }])]).fetch('nope'),
    refuses(/There is no model “nope”; there is test-model/, 'no-model'),
  );
});

test('rows of plugins come behind the catalogue’s, and what is no row stays out', async () => {
  const base = modelRow([{ path: 'm.onnx', sizeBytes: null, sha256: null }]);
  const extraRows = [{ ...base, label: 'An impostor' }, { ...base, id: 'plugins-own' }, { id: 'broken' }, null];
  const own = new LocalModels({ rows: [base], extraRows, store: new ModelStore({ name: `own-${++count}` }) });
  assert.deepEqual(
    (await own.list()).map(({ row }) => [row.id, row.label]),
    [
      ['test-model', 'Test model'],
      ['plugins-own', 'Test model'],
    ],
  );
});
