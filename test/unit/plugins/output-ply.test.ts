import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@loaders.gl/core';
import { PLYLoader as LoadersGlPly } from '@loaders.gl/ply';
import { PLYLoader as ThreePly } from 'three/examples/jsm/loaders/PLYLoader.js';
import glb from '../../../plugins/output-glb/index.ts';
import output from '../../../plugins/output-ply/index.ts';
import { withoutUnseen } from '../../../plugins/shared/without-unseen.ts';
import type { OutputInput } from '../../../src/plugin-api/index.ts';
import { JOINED_RIGHT, inverseDepth, type Layer, type Scene } from '../../../src/core/index.ts';
import { outputContext } from '../../fixtures/plugin-context.ts';
import { BOX, SKY, WALL, emptyLayer, join, syntheticScene } from '../../fixtures/scene.ts';

async function save(scene: Scene, options: OutputInput['options'] = {}, hooks = outputContext()): Promise<Uint8Array<ArrayBuffer>> {
  const input: OutputInput = {
    product: 'ply',
    scene,
    options: { relief: 'full', ...options },
    frames: () => assert.fail('no frames needed'),
  };
  const file = await output.write(input, hooks);
  assert.equal(file.suffix, '.ply');
  return new Uint8Array(await file.blob.arrayBuffer());
}

interface Read {
  positions: Float32Array;
  /** Three a vertex, 0..255. */
  colours: number[];
  indices: number[];
  header: string;
  headerBytes: number;
}

/** Reads a file with three.js, and checks that loaders.gl reads the same. */
async function read(bytes: Uint8Array<ArrayBuffer>): Promise<Read> {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const headerBytes = text.indexOf('end_header\n') + 'end_header\n'.length;
  const geometry = new ThreePly().parse(bytes.buffer);
  const positions = geometry.getAttribute('position').array as Float32Array;
  const indices = Array.from(geometry.getIndex()?.array ?? []);

  const second = (await parse(bytes.buffer.slice(0), LoadersGlPly, { worker: false })) as {
    attributes: Record<string, { value: ArrayLike<number> }>;
    indices?: { value: ArrayLike<number> };
  };
  assert.deepEqual(Array.from(second.attributes['POSITION']!.value, Math.fround), Array.from(positions));
  assert.deepEqual(Array.from(second.indices?.value ?? []), indices);
  const colours = Array.from(second.attributes['COLOR_0']!.value);
  // three.js answers in linear light.
  assert.deepEqual(
    Array.from(geometry.getAttribute('color').array),
    colours.map((value) => Math.round(255 * toLinear(value / 255))),
  );
  return { positions, colours, indices, header: text.slice(0, headerBytes), headerBytes };
}

function toLinear(srgb: number): number {
  return srgb <= 0.04045 ? srgb / 12.92 : ((srgb + 0.055) / 1.055) ** 2.4;
}

/**
 * Triangles and extra vertices by another route. Whole cells are all of one depth (two triangles) or
 * torn: then two surfaces share the cell, each with its corners and the halves of the torn sides. The hidden layer of the
 * synthetic scene ends where nothing is.
 */
function expected(scene: Scene): { faces: number; extras: number } {
  let faces = 0;
  let extras = 0;
  scene.layers.forEach(({ width, height, rgba, disparity }) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const isThere = (k: number): boolean => rgba[4 * k + 3]! > 0;
        if (x + 1 < width && isThere(i) && isThere(i + 1) && disparity[i] !== disparity[i + 1]) extras += 2;
        if (y + 1 < height && isThere(i) && isThere(i + width) && disparity[i] !== disparity[i + width]) extras += 2;
        if (x + 1 === width || y + 1 === height) continue;
        const ring = [i, i + width, i + width + 1, i + 1];
        const cell = ring.filter(isThere);
        if (cell.length < 4) {
          const most = Math.max(0, ...cell.map((k) => cell.filter((other) => disparity[other] === disparity[k]).length));
          faces += most === 3 ? 1 : 0;
          continue;
        }
        const torn = ring.filter((k, n) => disparity[k] !== disparity[ring[(n + 1) % 4]!]).length;
        // Three surfaces meet in the middle: each has a vertex there.
        faces += torn < 2 ? 2 : torn === 2 ? 4 : 7;
        extras += torn > 2 ? torn : 0;
      }
    }
  });
  return { faces, extras };
}

function pixelCount(scene: Scene): number {
  return scene.layers.reduce((sum, layer) => sum + layer.rgba.filter((value, i) => i % 4 === 3 && value > 0).length, 0);
}

/** The layers' pixels of one row, layer by layer. */
function pixelsOfRow(scene: Scene, row: number): [Layer, number][] {
  return scene.layers.flatMap((layer) => Array.from({ length: layer.width }, (_, x): [Layer, number] => [layer, row * layer.width + x]));
}

test('two readers find a vertex a pixel with its place and colour', async () => {
  const scene = syntheticScene();
  const { positions, colours } = await read(await save(scene, { margin: true }));
  assert.equal(positions.length, 3 * (pixelCount(scene) + expected(scene).extras));
  const { lens, width, height } = scene;
  const longer = Math.max(width, height);
  let at = 0;
  for (let row = 0; row < height + 6; row++) {
    for (const [layer, i] of pixelsOfRow(scene, row)) {
      if (layer.rgba[4 * i + 3] === 0) continue;
      const d = layer.disparity[i]!;
      const z = 1 / (d * (1 / lens.near - 1 / lens.far) + 1 / lens.far);
      // Projected with the photo's lens, the vertex falls on its own pixel's centre.
      const [x, y, depth] = [positions[3 * at]!, positions[3 * at + 1]!, -positions[3 * at + 2]!];
      assert.ok(Math.abs(depth / z - 1) < 1e-6);
      assert.ok(Math.abs((lens.cx + (lens.fx * x) / depth) * longer + layer.margin - ((i % layer.width) + 0.5)) < 1e-4);
      assert.ok(Math.abs((lens.cy - (lens.fy * y) / depth) * longer + layer.margin - (Math.floor(i / layer.width) + 0.5)) < 1e-4);
      assert.deepEqual(colours.slice(3 * at, 3 * at + 3), [...layer.rgba.subarray(4 * i, 4 * i + 3)]);
      at++;
    }
  }
});

test('faces: two triangles a whole quad, each once, none across a tear, all turned to the camera', async () => {
  const scene = syntheticScene({ width: 30, height: 20 });
  const { positions, indices } = await read(await save(scene, { margin: true }));
  assert.equal(indices.length, 3 * expected(scene).faces);
  const faces = new Set<string>();
  const edges = new Set<string>();
  let bridges = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const face = indices.slice(i, i + 3);
    const key = [...face].sort((p, q) => p - q).join();
    assert.ok(!faces.has(key), `face ${key} twice`);
    faces.add(key);
    for (let k = 0; k < 3; k++) {
      // In a mesh of one winding no edge is run twice in the same direction.
      const edge = `${face[k]}>${face[(k + 1) % 3]}`;
      assert.ok(!edges.has(edge), `edge ${edge} twice`);
      edges.add(edge);
    }
    const [a, b, c] = face.map((k) => [positions[3 * k]!, positions[3 * k + 1]!, positions[3 * k + 2]!]) as [number[], number[], number[]];
    if (new Set([a[2], b[2], c[2]]).size > 1) bridges++;
    const area = (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!);
    assert.ok(area > 0, 'a face shows its back');
  }
  assert.equal(bridges, 0);
});

test('from the photo’s camera there is no crack: what the front layer shows fills the picture once', async () => {
  const scene = syntheticScene({ width: 30, height: 20, margin: 0 });
  // Tears of every shape: lonely pixels, diagonals, ends.
  const front = scene.layers[0]!;
  [33, 64, 65, 94, 127, 156, 188, 218, 219, 250, 595, 0, 29].forEach((i, n) => (front.disparity[i] = 0.1 + n / 30));
  front.joins.fill(0);
  join(front);
  front.joins[300]! &= ~JOINED_RIGHT;
  scene.layers.length = 1;
  const { positions, indices } = await read(await save(scene));
  let sum = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * indices[t + k]!) as [number, number, number];
    const x = (p: number) => (positions[p]! / -positions[p + 2]!) * 30;
    const y = (p: number) => (positions[p + 1]! / -positions[p + 2]!) * 30;
    const area = ((x(b) - x(a)) * (y(c) - y(a)) - (y(b) - y(a)) * (x(c) - x(a))) / 2;
    assert.ok(area > 0.1, `area ${area}`);
    sum += area;
  }
  assert.ok(Math.abs(sum - 29 * 19) < 1e-3, `${sum} of ${29 * 19}`);
});

test('the end of a tear neither overlaps nor folds', async () => {
  const scene = syntheticScene({ width: 4, height: 4, margin: 0 });
  const layer = emptyLayer(2, 2, 0);
  layer.rgba.fill(255);
  layer.disparity.set([0.1, 0.15, 0.4, 0.2]);
  layer.joins.set([1, 2, 1, 0]); // a–b, b–d, c–d, but not a–c.
  scene.layers = [layer];
  const { indices } = await read(await save(scene));
  assert.deepEqual(indices, [0, 2, 1, 1, 2, 3]);
});

test('a hidden layer goes on from the pixels it repeats: one vertex each, no face twice', async () => {
  const scene = syntheticScene({ width: 30, height: 20 });
  const [front, behind] = scene.layers as [Layer, Layer];
  const { width, height } = front;
  const before = pixelCount(scene);
  // The wall behind the box repeats a ring of two pixels of the wall beside it.
  const ring: number[] = [];
  for (let i = 0; i < width * height; i++) {
    const near = [-2, -1, 0, 1, 2].some((dy) => [-2, -1, 0, 1, 2].some((dx) => front.disparity[i + dy * width + dx] === BOX));
    if (near && front.disparity[i] !== BOX) ring.push(i);
  }
  for (const i of ring) {
    behind.rgba.set(front.rgba.subarray(4 * i, 4 * i + 4), 4 * i);
    behind.disparity[i] = front.disparity[i]!;
  }
  join(behind);
  assert.equal(pixelCount(scene), before + ring.length);
  const { positions, indices, colours } = await read(await save(scene));
  const faces = Array.from({ length: indices.length / 3 }, (_, k) =>
    indices
      .slice(3 * k, 3 * k + 3)
      .sort((p, q) => p - q)
      .join(),
  );
  assert.equal(new Set(faces).size, faces.length);
  // The repeated pixels are no new vertices.
  const places = Array.from({ length: positions.length / 3 }, (_, k) => positions.subarray(3 * k, 3 * k + 3));
  const isCentre = ([x, , z]: Float32Array): boolean => Math.abs((((x! / -z! + 0.5) * 30 + 100) % 1) - 0.5) < 1e-3;
  const isCentreDown = ([, y, z]: Float32Array): boolean => Math.abs((((y! / -z! + scene.lens.cy) * 30 + 100) % 1) - 0.5) < 1e-3;
  const centres = places.filter((place) => isCentre(place) && isCentreDown(place)).map(String);
  assert.ok(centres.length >= 600);
  assert.equal(new Set(centres).size, centres.length);
  const walls = indices.filter((_, n) => {
    const face = indices.slice(n - (n % 3), n - (n % 3) + 3);
    return face.some((index) => colours[3 * index] === 1) && face.some((index) => colours[3 * index] === 0);
  });
  assert.ok(walls.length > 0, 'nothing joins the hidden wall to the wall beside it');
});

test('sizes follow from the counts, and the header says what a reader may want to know', async () => {
  const scene = syntheticScene();
  scene.name = 'Grüße\nelement';
  const bytes = await save(scene, { margin: true });
  const { header, headerBytes } = await read(bytes);
  const { faces, extras } = expected(scene);
  assert.equal(bytes.length, headerBytes + 15 * (pixelCount(scene) + extras) + 13 * faces);
  assert.match(header, /^ply\nformat binary_little_endian 1\.0\n/);
  assert.match(header, /\ncomment photo Gr\?\?e\?element\n/);
  assert.match(header, /\ncomment W 24\ncomment H 16\ncomment hFov 53\.1301 degrees\ncomment vFov 36\.8699 degrees\n/);
  assert.match(header, /\ncomment layers 2\n/);
  assert.match(header, /\nproperty list uchar int vertex_indices\n/);
  assert.doesNotMatch(header, /alpha/);
});

test('ASCII says the same as binary, float for float', async () => {
  for (const shape of ['mesh', 'points']) {
    const scene = syntheticScene({ width: 40, height: 30 });
    // Lengths of every magnitude.
    scene.layers[0]!.disparity.forEach((_, i, all) => (all[i] = (i % 97) / 96));
    scene.lens = { ...scene.lens, near: 3e-5, far: 4e9 };
    const binary = await read(await save(scene, { shape, margin: true }));
    const ascii = await read(await save(scene, { shape, margin: true, format: 'ascii' }));
    assert.deepEqual(ascii.positions, binary.positions);
    assert.deepEqual(ascii.colours, binary.colours);
    assert.deepEqual(ascii.indices, binary.indices);
  }
});

test('points have no faces; alpha and margin come when asked for', async () => {
  const scene = syntheticScene();
  const points = await save(scene, { shape: 'points', margin: true });
  const { header, headerBytes } = await read(points);
  assert.doesNotMatch(header, /element face/);
  assert.equal(points.length, headerBytes + 15 * pixelCount(scene));
  const alpha = new TextDecoder('latin1').decode(await save(scene, { alpha: true }));
  assert.match(alpha, /\nproperty uchar alpha\n/);
  const cropped = await read(await save(scene, { shape: 'points' }));
  const { width, height } = scene;
  const behind = scene.layers[1]!.rgba.filter((value, i) => i % 4 === 3 && value > 0).length;
  assert.ok(cropped.positions.length > 3 * width * height && cropped.positions.length <= 3 * (width * height + behind));
});

test('hidden pixels that no camera of the eyebox sees are left out, and no others', async () => {
  const scene = syntheticScene({ width: 240, height: 160, margin: 4 });
  const [front, behind] = (await withoutUnseen(scene, async () => {})).layers;
  assert.equal(front, scene.layers[0]);
  const { lens, eyebox, width, height } = scene;
  const seen = new Set<number>();
  let state = 7;
  const random = (): number => (state = (state * 48271) % 0x7fffffff) / 0x3fffffff - 1;
  // The box is a rectangle: what a camera sees past it follows from its sides alone.
  const box = { left: 80, right: 160, top: 40, bottom: 120 };
  for (let n = 0; n < 300; n++) {
    const [x, y, z] = [random() * eyebox.x, random() * eyebox.y, random() * eyebox.z];
    const across = (u: number, d: number): number => project(u, lens.cx * 240, lens.fx * 240 * x, inverseDepth(lens, d), z);
    const down = (v: number, d: number): number => project(v, lens.cy * 240, -lens.fy * 240 * y, inverseDepth(lens, d), z);
    for (let v = box.top; v < box.bottom; v++) {
      const d = v < height / 3 ? SKY : WALL;
      const py = down(v + 0.5, d);
      for (let u = box.left; u < box.right; u++) {
        const px = across(u + 0.5, d);
        const covered = px > across(box.left, BOX) && px < across(box.right, BOX) && py > down(box.top, BOX) && py < down(box.bottom, BOX);
        if (!covered) seen.add(v * width + u);
      }
    }
  }
  const hidden = 80 * 80;
  let kept = 0;
  for (let i = 0; i < width * height; i++) {
    const at = (Math.floor(i / width) + 4) * behind!.width + (i % width) + 4;
    const isThere = Number.isFinite(behind!.disparity[at]!) && behind!.rgba[4 * at + 3]! > 0;
    assert.ok(isThere || !seen.has(i), `pixel ${i} is seen but left out`);
    if (isThere) kept++;
  }
  assert.ok(seen.size > 0.2 * hidden && kept < seen.size + 0.15 * hidden, `${kept} kept, ${seen.size} seen of ${hidden}`);
  assert.ok((await save(scene)).length < (await save(scene, { margin: true })).length);
});

/** Where photo coordinate `u` lies for a camera moved by `shift` / focal length sideways and by `z` back. */
function project(u: number, centre: number, shift: number, inverse: number, z: number): number {
  return centre + (u - centre - shift * inverse) / (1 + z * inverse);
}

test('compact depth: the nearest thing, the far end and the sky fit one view, and the photo’s camera sees the same', async () => {
  for (const far of [20, Infinity]) {
    const scene = syntheticScene({ width: 60, height: 40 });
    scene.lens = { ...scene.lens, far };
    const full = await read(await save(scene, { margin: true }));
    const compact = await read(await save(scene, { margin: true, relief: 'compact' }));
    const camera = Number(/comment x right, y up, the camera at 0 0 (\S+) looks along -z/.exec(compact.header)![1]);
    assert.match(compact.header, new RegExp(`\ncomment relief of near 0\\.33\\d+ far ${far}\n`));
    assert.deepEqual(compact.indices.slice(0, full.indices.length), full.indices);
    assert.match(compact.header, /comment layers 2 and a backdrop behind them all/);
    // The backdrop comes last, and lies behind: here a pixel of it is one of the photo's.
    const sheet = compact.positions.subarray(full.positions.length);
    assert.equal(sheet.length, 3 * 66 * 46);
    assert.equal(compact.indices.length - full.indices.length, 6 * 65 * 45);
    assert.ok(compact.indices.slice(full.indices.length).every((index) => 3 * index >= full.positions.length));
    for (let n = 0; n < 66 * 46; n++) {
      const [x, y, z] = [sheet[3 * n]!, sheet[3 * n + 1]!, camera - sheet[3 * n + 2]!];
      const [u, v] = [((x / z) * scene.lens.fx + scene.lens.cx) * 60 + 3, ((-y / z) * scene.lens.fy + scene.lens.cy) * 60 + 3];
      assert.ok(Math.abs(u - (n % 66) - 0.5) < 1e-3 && Math.abs(v - Math.floor(n / 66) - 0.5) < 1e-3, `${u}, ${v}`);
    }
    const depths: number[] = [];
    let [widest, largest] = [0, 0];
    for (let n = 0; n < full.positions.length; n += 3) {
      const [x, y, z] = [compact.positions[n]!, compact.positions[n + 1]!, camera - compact.positions[n + 2]!];
      const [X, Y, Z] = [full.positions[n]!, full.positions[n + 1]!, -full.positions[n + 2]!];
      assert.ok(Math.abs(x / z - X / Z) < 1e-5 && Math.abs(y / z - Y / Z) < 1e-5, 'a vertex left its ray');
      depths.push(z);
      widest = Math.max(widest, Math.abs(x), Math.abs(y));
      if (compact.colours[n] === 255 && compact.colours[n + 2] === 0) largest = Math.max(largest, Math.abs(x), Math.abs(y));
    }
    const sorted = depths.toSorted((a, b) => a - b);
    const [nearest, median, farthest] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    assert.ok(farthest - nearest < 3 * median, `${nearest} to ${farthest}, half at ${median}`);
    assert.ok(largest > widest / 12, `the box reaches ${largest} of ${widest}`);
    assert.ok(nearest < camera && camera < farthest, 'the origin lies outside the scene');
  }
});

test('empty layers, holes, no-numbers and sky beyond the far end leave a sound file', async () => {
  const scene = syntheticScene();
  scene.layers.push(emptyLayer(5, 1, 0), emptyLayer(0, 0, 0), emptyLayer(7, 7, 3));
  const front = scene.layers[0]!;
  front.disparity.set([Number.NaN, Infinity, -Infinity, -5, 1e30]);
  front.joins.fill(3);
  const { positions, indices } = await read(await save(scene, { margin: true }));
  assert.ok(positions.length >= 3 * (pixelCount(scene) - 3));
  assert.ok(positions.every(Number.isFinite));
  for (let i = 2; i < positions.length; i += 3) assert.ok(positions[i]! < 0 && positions[i]! >= -scene.lens.far * 1.000001);
  assert.ok(indices.every((index) => index < positions.length / 3));

  scene.layers = [emptyLayer(8, 8, 1)];
  const nothing = new TextDecoder().decode(await save(scene));
  assert.match(nothing, /element vertex 0\n[^]*element face 0\n/);
});

test('a cancel in the middle stops with the signal’s own reason', async () => {
  const scene = syntheticScene({ width: 500, height: 500, margin: 0 });
  const abort = new AbortController();
  const reason = new Error('enough');
  const hooks = outputContext(abort.signal);
  hooks.progress = () => abort.abort(reason);
  await assert.rejects(save(scene, {}, hooks), (error) => error === reason);
});

test('a 960 × 960 scene takes at most 60 MB and little time', async () => {
  const scene = syntheticScene({ width: 960, height: 960, margin: 60 });
  const hooks = outputContext();
  const started = performance.now();
  const bytes = await save(scene, {}, hooks);
  const ms = performance.now() - started;
  assert.ok(bytes.length <= 60e6, `${bytes.length} bytes`);
  assert.ok(ms < 10_000, `${ms} ms`);
  assert.ok(hooks.fractions.length > 5);
  assert.ok(hooks.fractions.every((value, i, all) => value <= 1 && (i === 0 || value >= all[i - 1]!)));
  assert.ok(scene.layers[0]!.disparity.includes(BOX));
});

test('the depth range is described once, for both kinds of models', () => {
  const [ofPly, ofGlb] = [output, glb].map(({ options }) => options.find(({ id }) => id === 'relief'));
  assert.ok(ofPly);
  assert.strictEqual(ofPly, ofGlb);
});
