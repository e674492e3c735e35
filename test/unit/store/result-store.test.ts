import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, get, set } from 'idb-keyval';
import { NOTHING, lensFor, type DepthMap, type Layer, type Scene } from '../../../src/core/index.ts';
import { ResultStore, type Makings } from '../../../src/store/index.ts';
import { decodeScene, encodeScene } from '../../../src/store/encode-scene.ts';
import { benchScene, roughen, seeded } from '../../bench/scene.ts';
import { syntheticScene } from '../../fixtures/scene.ts';
import { withoutDatabase } from '../../helpers/without-database.ts';
import { grow, mesh, sharpen, tear } from '../../helpers/heart.ts';

let count = 0;
const freshName = (): string => `test-${++count}`;
const reportOf = (words: string): { words: string } => ({ words });

/** As if a corner of each layer had been painted, and two pixels of it were known before. */
function makingsFor({ layers }: Scene): Pick<Makings, 'grown'> & { depth: DepthMap } {
  const corner = (layer: Layer): Uint8Array => Uint8Array.from(layer.disparity, (d, i) => Number(d !== NOTHING && i % layer.width < 9));
  return {
    grown: {
      layers: layers.map((layer) => {
        const hole = corner(layer);
        return { ...layer, rgba: layer.rgba.map((value, i) => (i % 4 < 3 && hole[i >> 2] ? (value + 80) % 256 : value)) };
      }),
      holes: layers.map((layer, k) => {
        const hole = corner(layer);
        return {
          hole,
          count: hole.reduce((sum, each) => sum + each, 0),
          ...(k > 0 && { seen: { at: Int32Array.of(3, 5), colour: Uint32Array.of(0xff102030, 0xff405060) } }),
        };
      }),
      sameSurface: Infinity,
      softPx: 2,
    },
    depth: { width: 4, height: 3, disparity: Float32Array.from({ length: 12 }, (_, i) => i / 12) },
  };
}

function sceneWithDetail(): Scene {
  const scene = syntheticScene({ width: 30, height: 20 });
  const rgba = Uint8ClampedArray.from({ length: 60 * 40 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 31) % 256));
  return { ...scene, lens: { ...scene.lens, far: Infinity }, detail: { width: 60, height: 40, rgba } };
}

test('a scene comes back as it was, an infinitely far lens included', () => {
  const scene = sceneWithDetail();
  const { scene: back, extra } = decodeScene(encodeScene({ ...scene, movement: 2 }, reportOf('hello')));
  assert.deepEqual(extra, reportOf('hello'));
  assert.deepEqual(back, { ...withoutGhosts(scene), movement: 2 });
});

test('a depth map of its own comes back too', () => {
  const scene = sceneWithDetail();
  scene.depth.disparity[5] = 0.123;
  assert.equal(decodeScene(encodeScene(scene)).scene.depth.disparity[5], Math.fround(0.123));
});

test('empty parts of hidden layers take no room', () => {
  const scene = syntheticScene({ width: 200, height: 150 });
  const bare = scene.meshes.map((mesh) => ({ ...mesh, vertices: new Float32Array(), indices: new Uint32Array() }));
  const front = encodeScene({ ...scene, layers: scene.layers.slice(0, 1), meshes: bare.slice(0, 1) }).length;
  const both = encodeScene({ ...scene, meshes: bare }).length;
  assert.ok(both < 1.3 * front, `a sixth of a layer takes ${both / front - 1} of a whole one`);
});

test('a grainy photo with a rough map takes little room, and comes back to the bit', async () => {
  const size = { width: 400, height: 300 };
  const { photo, depth: exact } = benchScene(size.width, size.height);
  const random = seeded(3);
  for (let i = 0; i < photo.rgba.length; i++) if (i % 4 < 3) photo.rgba[i]! += (random() + random() - 1) * 6;
  const options = { lens: lensFor(size.width, size.height), eyebox: { x: 0.03, y: 0.02, z: 0.06 } };
  const depth = sharpen(roughen(exact, photo, 'noise'), photo, { smoothing: 1, exact: false });
  const { layers } = grow(photo, depth, tear(depth, photo, options), options);
  const scene = withoutGhosts({ name: 'rough', ...size, ...options, depth, layers, meshes: mesh(layers, options) });
  const store = new ResultStore({ name: freshName() });
  await store.put('a', { scene, report: null });
  const bytes = (await store.sizeBytes()) / (size.width * size.height);
  assert.ok(bytes < 6e6 / (640 * 480), `${bytes.toFixed(1)} bytes a pixel, so ${((bytes * 640 * 480) / 1e6).toFixed(1)} MB for 640 × 480`);
  const back = (await store.get('a'))!.scene;
  const same = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
    Buffer.compare(Buffer.from(a.buffer, a.byteOffset, a.byteLength), Buffer.from(b.buffer, b.byteOffset, b.byteLength)) === 0;
  for (const [k, layer] of scene.layers.entries()) {
    for (const key of ['rgba', 'disparity', 'joins'] as const) assert.ok(same(layer[key], back.layers[k]![key]), `${key} of layer ${k}`);
    for (const key of ['vertices', 'indices'] as const) assert.ok(same(scene.meshes[k]![key], back.meshes[k]![key]), `${key} of mesh ${k}`);
  }
  assert.ok(same(scene.depth.disparity, back.depth.disparity));
});

test('where the browser has no compressor results are kept all the same', async (t) => {
  const name = freshName();
  const real = globalThis.CompressionStream;
  t.after(() => (globalThis.CompressionStream = real));
  globalThis.CompressionStream = undefined as unknown as typeof CompressionStream;
  await new ResultStore({ name }).put('a', { scene: sceneWithDetail(), report: reportOf('plain') });
  assert.deepEqual((await new ResultStore({ name }).get('a'))?.report, reportOf('plain'));
});

test('a kept result is there again, listed, and gone when removed', async () => {
  const name = freshName();
  const store = new ResultStore({ name });
  assert.equal(await store.get('a'), undefined);
  assert.equal(await store.put('a', { scene: sceneWithDetail(), report: reportOf('first') }), true);
  const again = await new ResultStore({ name }).get('a');
  assert.deepEqual(again?.report, reportOf('first'));
  assert.deepEqual(again?.scene.layers[0]?.rgba, sceneWithDetail().layers[0]?.rgba);
  const [entry] = await store.list();
  assert.deepEqual([entry?.key, entry?.name, entry?.width, entry?.height], ['a', 'synthetic', 30, 20]);
  assert.equal(await store.sizeBytes(), entry?.sizeBytes);
  await store.remove('a');
  assert.deepEqual(await store.list(), []);
  assert.equal(await store.get('a'), undefined);
});

test('with the makings of a result others are made: its layers come back grown, its depth map as it was', async () => {
  const name = freshName();
  const scene = withoutGhosts(sceneWithDetail());
  const { grown, depth } = makingsFor(scene);
  const makings: Makings = {
    photoHash: 'photo of a',
    layersKey: 'layers of a',
    depthKey: 'depth of a',
    grown,
    depth,
    about: { lens: 1 },
  };
  await new ResultStore({ name }).put('a', { scene, report: reportOf('first') }, makings);
  const store = new ResultStore({ name });
  assert.deepEqual(await store.get('a'), { scene, report: reportOf('first') });
  assert.deepEqual(await store.layers('layers of a'), { scene, report: reportOf('first'), about: { lens: 1 }, grown, depth });
  assert.deepEqual(await store.depth('depth of a'), { depth, about: { lens: 1 } });
  assert.deepEqual([await store.layers('depth of a'), await store.depth('layers of a')], [undefined, undefined]);
  await store.put('b', { scene, report: null });
  await store.put(
    'c',
    { scene, report: null },
    { photoHash: 'photo of c', layersKey: 'layers of c', depthKey: 'depth of c', grown, about: null },
  );
  assert.deepEqual(
    [(await store.layers('layers of c'))?.depth, await store.depth('depth of c')],
    [undefined, undefined],
    'depth is kept only where it was given',
  );
  const entries = await store.list();
  assert.deepEqual(
    new Map(entries.map(({ key, photoHash }) => [key, photoHash])),
    new Map([
      ['a', 'photo of a'],
      ['b', undefined],
      ['c', 'photo of c'],
    ]),
  );
  const sizeOf = (key: string): number => entries.find((entry) => entry.key === key)!.sizeBytes;
  assert.ok(sizeOf('c') < 1.2 * sizeOf('b'), `${sizeOf('c')} bytes with what a filling needs, ${sizeOf('b')} without`);
});

test('of one photo the last four results are kept, whatever was changed in between', async () => {
  const store = new ResultStore({ name: freshName() });
  const scene = sceneWithDetail();
  const of = (photoHash: string, key: string): Makings => ({
    photoHash,
    layersKey: `layers ${key}`,
    depthKey: `depth ${key}`,
    about: null,
    ...makingsFor(scene),
  });
  await store.put('other', { scene, report: null }, of('other photo', 'other'));
  for (const key of ['1', '2', '3', '4', '5', '6']) {
    await store.put(key, { scene, report: null }, of('photo', key));
    await pause();
  }
  assert.deepEqual((await store.list()).map(({ key }) => key).sort(), ['3', '4', '5', '6', 'other']);
});

test('a record that was written in another way is never read, and goes when the next is written', async () => {
  const name = freshName();
  const store = new ResultStore({ name });
  const scene = sceneWithDetail();
  await store.put(
    'old',
    { scene, report: null },
    { photoHash: 'photo', layersKey: 'layers', depthKey: 'depth', about: null, ...makingsFor(scene) },
  );
  const records = createStore(name, 'records');
  await set('entry:old', { ...(await get('entry:old', records)), version: 1 }, records);
  assert.equal(await store.layers('layers'), undefined);
  await store.put('older', { scene, report: null });
  await set('entry:older', { ...(await get('entry:older', records)), version: 1 }, records);
  await store.put('new', { scene, report: null });
  assert.deepEqual(
    (await store.list()).map(({ key }) => key),
    ['new'],
  );
});

test('what was unused for longest makes room; what does not fit at all is not kept', async () => {
  const measuring = new ResultStore({ name: freshName() });
  await measuring.put('a', { scene: syntheticScene(), report: null });
  const store = new ResultStore({ name: freshName(), budgetBytes: Math.round((await measuring.sizeBytes()) * 2.5) });
  for (const key of ['a', 'b']) {
    await store.put(key, { scene: syntheticScene(), report: null });
    await pause();
  }
  await store.get('a');
  await pause();
  await store.put('c', { scene: syntheticScene(), report: null });
  assert.deepEqual((await store.list()).map(({ key }) => key).sort(), ['a', 'c']);
  assert.equal(await store.put('d', { scene: syntheticScene({ width: 400, height: 300 }), report: null }), false);
  assert.equal((await store.list()).length, 2);
});

test('a damaged record is found out and dropped', async () => {
  const name = freshName();
  const store = new ResultStore({ name });
  const database = createStore(name, 'records');
  for (const damage of ['flip', 'cut', 'lost', 'version'] as const) {
    await store.put('a', { scene: syntheticScene(), report: null });
    const bytes = new Uint8Array(await (await get<Blob>('data:a', database))!.arrayBuffer());
    if (damage === 'flip') bytes[bytes.length >> 1]! ^= 1;
    if (damage === 'version') await set('entry:a', { ...(await get<object>('entry:a', database)), version: 0 }, database);
    else await set('data:a', damage === 'lost' ? undefined : new Blob([damage === 'cut' ? bytes.subarray(0, 99) : bytes]), database);
    assert.equal(await store.get('a'), undefined, damage);
    assert.deepEqual(await store.list(), [], damage);
  }
});

test('without a database everything answers as if empty, and says so once', async () => {
  const said: string[] = [];
  await withoutDatabase(async () => {
    const store = new ResultStore({ name: freshName() }, (message) => said.push(message));
    assert.equal(await store.put('a', { scene: syntheticScene(), report: null }), false);
    assert.equal(await store.get('a'), undefined);
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.sizeBytes(), 0);
    await store.clear();
    assert.equal(said.length, 1);
    assert.match(said[0]!, /not kept.*everything else works/);
  });
});

test('a browser that grants less than one result needs is said to be full, once; a caller’s own limit is not', async (t) => {
  const storage = { estimate: async () => ({ quota: 1000, usage: 0 }) };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { storage } });
  t.after(() => (before ? Object.defineProperty(globalThis, 'navigator', before) : Reflect.deleteProperty(globalThis, 'navigator')));
  const said: string[] = [];
  const store = new ResultStore({ name: freshName() }, (message) => said.push(message));
  for (const key of ['a', 'b']) assert.equal(await store.put(key, { scene: syntheticScene(), report: null }), false);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /storage is full.*not kept.*Remove photos or models/);
  storage.estimate = async () => ({ quota: 1e9, usage: 0 });
  const small = new ResultStore({ name: freshName(), budgetBytes: 100 }, (message) => said.push(message));
  assert.equal(await small.put('a', { scene: syntheticScene(), report: null }), false);
  assert.equal(said.length, 1);
});

test('a connection that the browser closed meanwhile is opened anew, and nobody is warned', async (t) => {
  const said: string[] = [];
  const store = new ResultStore({ name: freshName() }, (message) => said.push(message));
  await store.put('a', { scene: syntheticScene(), report: 'kept' });
  const { transaction } = IDBDatabase.prototype;
  let lost = 0;
  t.mock.method(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...given: Parameters<typeof transaction>) {
    if (lost++ === 0) throw new DOMException('The database connection is closing.', 'InvalidStateError');
    return transaction.apply(this, given);
  });
  assert.equal((await store.get('a'))?.report, 'kept');
  assert.deepEqual(said, []);
});

test('a database that takes everything but Blobs, as in some private windows, keeps results as bytes, and nobody is warned', async (t) => {
  const { put } = IDBObjectStore.prototype;
  let refused = 0;
  t.mock.method(IDBObjectStore.prototype, 'put', function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
    if (!(given[0] instanceof Blob)) return put.apply(this, given);
    refused++;
    throw new DOMException('Blobs cannot be stored here.', 'DataCloneError');
  });
  const said: string[] = [];
  const name = freshName();
  const store = new ResultStore({ name }, (message) => said.push(message));
  const scene = syntheticScene({ width: 40, height: 30 });
  for (const key of ['a', 'b']) assert.equal(await store.put(key, { scene, report: key }), true);
  assert.ok(refused > 0, 'no Blob was tried');
  const back = await new ResultStore({ name }).get('b');
  assert.equal(back?.report, 'b');
  assert.deepEqual(back.scene.layers[0]!.rgba, scene.layers[0]!.rgba);
  assert.deepEqual(said, []);
});

test('a full disk costs the older results first, then the new one, never an error', async () => {
  const said: string[] = [];
  const store = new ResultStore({ name: freshName() }, (message) => said.push(message));
  await store.put('old', { scene: syntheticScene(), report: null });
  const put = IDBObjectStore.prototype.put;
  try {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    assert.equal(await store.put('new', { scene: syntheticScene(), report: null }), false);
    assert.equal(said.length, 1);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.deepEqual(await store.list(), []);
  assert.equal(await store.put('new', { scene: syntheticScene(), report: null }), true, 'room again');
});

/** Pixels that hold nothing come back as nothing, whatever lay there. */
function withoutGhosts(scene: Scene): Scene {
  for (const { rgba, disparity, joins } of scene.layers) {
    for (let i = 0; i < joins.length; i++) {
      if (!rgba[4 * i + 3] && !joins[i] && disparity[i] === NOTHING) rgba.fill(0, 4 * i, 4 * i + 4);
    }
  }
  return scene;
}

function pause(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 5));
}
