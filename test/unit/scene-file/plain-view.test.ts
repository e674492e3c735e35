import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateBytes } from 'gltf-validator';
import { writeScene, type SceneFileOptions } from '../../../src/scene-file/index.ts';
import { surfaceOf, type Surface } from '../../../src/scene-file/plain/surface.ts';
import { JOINED_DOWN, JOINED_RIGHT, inverseDepth, reliefOf, type Layer, type Lens, type Scene } from '../../../src/core/index.ts';
import { BOX, emptyLayer, join, syntheticScene } from '../../fixtures/scene.ts';

const pause = async (): Promise<void> => undefined;

function save(scene: Scene, options: Partial<SceneFileOptions> = {}): Promise<Blob> {
  return writeScene(scene, { relief: false, cellPx: 1, ...options });
}

interface Report {
  issues: { numErrors: number; numWarnings: number; messages: unknown[] };
  info: { drawCallCount: number; totalVertexCount: number; totalTriangleCount: number; hasTextures: boolean; extensionsUsed?: string[] };
}

async function validated(blob: Blob): Promise<Report['info']> {
  const report = (await validateBytes(new Uint8Array(await blob.arrayBuffer()))) as Report;
  assert.equal(report.issues.numErrors + report.issues.numWarnings, 0, JSON.stringify(report.issues.messages, null, 1));
  return report.info;
}

/** A wavy sheet with a rough patch, all of it joined. */
function wavy(width: number, height: number): Layer {
  const layer = emptyLayer(width, height, 0);
  layer.rgba.fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const rough = x > 40 && x < 70 && y > 30 && y < 50 ? 0.03 * Math.sin(x * 2.1) * Math.cos(y * 1.7) : 0;
      layer.disparity[y * width + x] = 0.4 + 0.1 * Math.sin(x / 30) * Math.cos(y / 25) + rough;
      layer.joins[y * width + x] = (x + 1 < width ? JOINED_RIGHT : 0) | (y + 1 < height ? JOINED_DOWN : 0);
    }
  }
  return layer;
}

const LENS = syntheticScene().lens;

/** Twice the area of a triangle in the layer's pixels; positive when it faces the camera. */
function area(surface: Surface, width: number, t: number): number {
  const [a, b, c] = [0, 1, 2].map((k) => surface.pixels[surface.indices[t + k]!]!) as [number, number, number];
  const x = (p: number) => p % width;
  const y = (p: number) => -Math.floor(p / width);
  return (x(b) - x(a)) * (y(c) - y(a)) - (y(b) - y(a)) * (x(c) - x(a));
}

test('the validator finds nothing, and every layer is one unlit textured mesh', async () => {
  const info = await validated(await save(syntheticScene({ width: 90, height: 60 })));
  assert.equal(info.drawCallCount, 2);
  assert.ok(info.hasTextures);
  assert.deepEqual(info.extensionsUsed, ['KHR_materials_unlit', 'UNFLAT_layered_photo']);
});

test('flat parts take few triangles, and none of the picture is lost', async () => {
  const scene = syntheticScene({ width: 300, height: 200, margin: 10 });
  const layer = scene.layers[0]!;
  const surface = await surfaceOf(layer, { lens: scene.lens, longer: 300, inset: 0, tolerance: 0.01 }, pause);
  assert.ok(surface.indices.length / 3 < 0.1 * 2 * layer.width * layer.height, `${surface.indices.length / 3} triangles`);
  const covered = coveredPixels(surface, scene.lens, 300);
  assert.ok(Math.abs(covered - (layer.width - 1) * (layer.height - 1)) < 0.1, `${covered} pixels`);
});

/** Pixels that the triangles cover in the photo's camera, each counted as often as it is covered; none shows its back. */
function coveredPixels({ positions, indices }: Surface, lens: Lens, longer: number): number {
  let sum = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => 3 * indices[t + k]!) as [number, number, number];
    const x = (p: number) => (lens.fx * positions[p]! * longer) / -positions[p + 2]!;
    const y = (p: number) => (lens.fy * positions[p + 1]! * longer) / -positions[p + 2]!;
    const part = ((x(b) - x(a)) * (y(c) - y(a)) - (y(b) - y(a)) * (x(c) - x(a))) / 2;
    assert.ok(part > 0.05, `area ${part}`);
    sum += part;
  }
  return sum;
}

test('there are no cracks: where squares of different sizes meet they share their vertices', async () => {
  const [width, height] = [131, 97];
  const layer = wavy(width, height);
  const surface = await surfaceOf(layer, { lens: LENS, longer: 131, inset: 0, tolerance: 0.01 }, pause);
  const sizes = new Set<number>();
  const edges = new Map<string, number>();
  let covered = 0;
  for (let t = 0; t < surface.indices.length; t += 3) {
    sizes.add(area(surface, width, t));
    covered += area(surface, width, t) / 2;
    for (let k = 0; k < 3; k++) {
      const [p, q] = [surface.indices[t + k]!, surface.indices[t + ((k + 1) % 3)]!];
      edges.set(`${p}>${q}`, (edges.get(`${p}>${q}`) ?? 0) + 1);
    }
  }
  assert.ok(sizes.size > 5, 'the test sheet must mix sizes');
  assert.equal(covered, (width - 1) * (height - 1));
  for (const [edge, count] of edges) {
    assert.equal(count, 1, `edge ${edge} twice`);
    const [p, q] = edge.split('>').map(Number) as [number, number];
    if (edges.has(`${q}>${p}`)) continue;
    // An edge of one triangle only lies on the layer's rim.
    const [a, b] = [surface.pixels[p]!, surface.pixels[q]!];
    const [ax, ay, bx, by] = [a % width, Math.floor(a / width), b % width, Math.floor(b / width)];
    const onRim = (ax === bx && (ax === 0 || ax === width - 1)) || (ay === by && (ay === 0 || ay === height - 1));
    assert.ok(onRim, `crack between (${ax}, ${ay}) and (${bx}, ${by})`);
  }
});

test('tears are closed from both sides, whatever lies behind: the photo’s camera sees the front layer alone, and all of it once', async () => {
  const scene = syntheticScene({ width: 60, height: 40, margin: 0 });
  const layer = scene.layers[0]!;
  [63, 124, 125, 184, 247, 306, 368, 448, 449, 510, 1195, 0, 59].forEach((i, n) => (layer.disparity[i] = 0.1 + n / 30));
  layer.joins.fill(0);
  join(layer);
  const surface = await surfaceOf(layer, { lens: scene.lens, longer: 60, inset: 0, tolerance: 0.01 }, pause);
  const sum = coveredPixels(surface, scene.lens, 60);
  assert.ok(Math.abs(sum - 59 * 39) < 1e-2, `${sum} of ${59 * 39}`);
});

test('a silhouette runs where the near side’s alpha is a half, between two pixels', async () => {
  const layer = emptyLayer(4, 3, 0);
  layer.rgba.fill(255);
  for (let y = 0; y < 3; y++) {
    layer.disparity.set([1, 1, 0, 0], 4 * y);
    // Covered by 60 %: the surface ends 0.17 pixels after the middle of the second one.
    layer.rgba[4 * (4 * y + 1) + 3] = 153;
    layer.joins.set([JOINED_RIGHT | JOINED_DOWN, JOINED_DOWN, JOINED_RIGHT | JOINED_DOWN, JOINED_DOWN], 4 * y);
  }
  const { positions } = await surfaceOf(layer, { lens: LENS, longer: 4, inset: 0, tolerance: 0.01 }, pause);
  const ends = [LENS.near, LENS.far].map((z) =>
    Array.from({ length: positions.length / 3 }, (_, n) => n)
      .filter((n) => Math.abs(-positions[3 * n + 2]! / z - 1) < 1e-5)
      .map((n) => (positions[3 * n]! / z + LENS.cx) * 4),
  );
  const cut = 1.5 + (153 - 127.5) / 153;
  assert.ok(
    Math.abs(Math.max(...ends[0]!) - cut) < 1e-4 && Math.abs(Math.min(...ends[1]!) - cut) < 1e-4,
    `${ends.map((each) => each.join())}`,
  );
});

test('depth stays within the asked error everywhere', async () => {
  const [width, height] = [131, 97];
  const layer = wavy(width, height);
  const tolerance = 0.02;
  const surface = await surfaceOf(layer, { lens: LENS, longer: 131, inset: 0, tolerance }, pause);
  let worst = 0;
  for (let t = 0; t < surface.indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => surface.pixels[surface.indices[t + k]!]!) as [number, number, number];
    const at = (p: number) => [p % width, Math.floor(p / width)] as const;
    const [ax, ay] = at(a);
    const [bx, by] = at(b);
    const [cx, cy] = at(c);
    const whole = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    const q = (p: number) => inverseDepth(LENS, layer.disparity[p]!);
    for (let y = Math.min(ay, by, cy); y <= Math.max(ay, by, cy); y++) {
      for (let x = Math.min(ax, bx, cx); x <= Math.max(ax, bx, cx); x++) {
        const wb = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / whole;
        const wc = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / whole;
        if (wb < 0 || wc < 0 || wb + wc > 1) continue;
        worst = Math.max(worst, Math.abs(q(a) * (1 - wb - wc) + q(b) * wb + q(c) * wc - q(y * width + x)));
      }
    }
  }
  // Between a square's corners and its triangles once, at a border with smaller squares once more.
  assert.ok(worst <= 2.5 * tolerance, `${worst}`);
});

test('vertices project onto their own pixels, or within one of them where a silhouette cuts', async () => {
  const scene = syntheticScene({ width: 60, height: 40, margin: 6 });
  const layer = scene.layers[0]!;
  const { pixels, positions } = await surfaceOf(layer, { lens: scene.lens, longer: 60, inset: 0, tolerance: 0.01 }, pause);
  let exact = 0;
  for (const [n, pixel] of pixels.entries()) {
    const [x, y, z] = [positions[3 * n]!, positions[3 * n + 1]!, positions[3 * n + 2]!];
    const dx = Math.abs((scene.lens.cx - (scene.lens.fx * x) / z) * 60 + 6 - ((pixel % layer.width) + 0.5));
    const dy = Math.abs((scene.lens.cy + (scene.lens.fy * y) / z) * 60 + 6 - (Math.floor(pixel / layer.width) + 0.5));
    if (dx < 1e-3 && dy < 1e-3) exact++;
    assert.ok(dx < 1 && dy < 1, `${dx}, ${dy}`);
    assert.ok(Math.abs(-1 / z / inverseDepth(scene.lens, layer.disparity[pixel]!) - 1) < 1e-5);
  }
  assert.ok(exact > pixels.length / 2);
});

interface Part {
  min: number[];
  max: number[];
}

/** What is looked at of a model's description. */
interface Gltf {
  nodes: { mesh?: number; translation?: number[] }[];
  meshes: { name: string; primitives: { attributes: { POSITION: number } }[] }[];
  accessors: Part[];
  scenes: { extras: Record<string, unknown> }[];
}

function gltfOf(bytes: Uint8Array<ArrayBuffer>): Gltf {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + new DataView(bytes.buffer).getUint32(12, true)))) as Gltf;
}

/** Where the corners of each mesh lie. */
const partsOf = ({ meshes, accessors }: Gltf): Part[] => meshes.map((mesh) => accessors[mesh.primitives[0]!.attributes.POSITION]!);

/** Corners of each mesh and of them all, where the nodes put them, and what the scene says of itself. */
async function boxesOf(blob: Blob): Promise<{ all: Part; extras: Record<string, unknown> }> {
  const gltf = gltfOf(new Uint8Array(await blob.arrayBuffer()));
  const all: Part = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };
  for (const { mesh, translation = [0, 0, 0] } of gltf.nodes) {
    if (mesh === undefined) continue;
    const { min, max } = partsOf(gltf)[mesh]!;
    for (let c = 0; c < 3; c++) {
      all.min[c] = Math.min(all.min[c]!, min[c]! + translation[c]!);
      all.max[c] = Math.max(all.max[c]!, max[c]! + translation[c]!);
    }
  }
  return { all, extras: gltf.scenes[0]!.extras };
}

test('compact depth fits one view around the origin: near 1/3 against far 20, and a sky at infinity', async () => {
  for (const far of [20, Infinity]) {
    const scene = syntheticScene({ width: 90, height: 60 });
    scene.lens = { ...scene.lens, far };
    const full = (await boxesOf(await save(scene))).all;
    assert.ok(full.max[2]! - full.min[2]! > 15);
    const blob = await save(scene, { relief: true });
    await validated(blob);
    const { all, extras } = await boxesOf(blob);
    const size = [0, 1, 2].map((c) => all.max[c]! - all.min[c]!);
    assert.ok(size[2]! < 1.5 * size[0]! && size[0]! < 5 * scene.lens.near, `${size}`);
    assert.ok(all.min[2]! < 0 && all.max[2]! > 0, 'the origin lies outside the scene');
    assert.equal(extras['trueNear'], 1 / 3);
    assert.equal(extras['trueFar'], far === 20 ? 20 : 'infinite');
  }
});

test('a scene that is not deep keeps its distances; planes stay planes in one that is; stray pixels decide nothing', () => {
  const scene = syntheticScene({ width: 90, height: 60 });
  scene.lens = { ...scene.lens, near: 2, far: 5 };
  assert.equal(reliefOf(scene).lens, scene.lens);
  scene.lens = { ...scene.lens, near: 0.1, far: 100 };
  const { lens, scale } = reliefOf(scene);
  const steps = [0, 0.1, 0.5, 1].map((d) => inverseDepth(lens, d) - scale * inverseDepth(scene.lens, d));
  assert.ok(
    steps.every((step) => Math.abs(step - steps[0]!) < 1e-6),
    `${steps}`,
  );
  scene.layers[0]!.disparity[40 * scene.layers[0]!.width + 50] = 300;
  assert.ok(Math.abs(reliefOf(scene).lens.far / lens.far - 1) < 1e-6);
  // A long lens: a picture is narrow where it is as deep as that.
  scene.lens = { ...scene.lens, fx: 6, fy: 6 };
  const long = reliefOf(scene);
  assert.ok(long.lens.far - 1 / inverseDepth(long.lens, BOX) < (3 * long.centre) / 6);
});

test('odd sizes, single pixels, empty layers and no-numbers leave a valid file', async () => {
  for (const [width, height] of [
    [1, 1],
    [2, 2],
    [3, 70],
    [33, 34],
  ] as const)
    await validated(await save(syntheticScene({ width, height, margin: 0 })));
  const scene = syntheticScene();
  scene.layers.push(emptyLayer(4, 4, 1), emptyLayer(0, 0, 0));
  scene.layers[0]!.disparity.set([Number.NaN, Infinity, -Infinity, -7, 1e30], 40);
  scene.layers[0]!.joins.fill(3);
  scene.lens = { ...scene.lens, far: Infinity };
  await validated(await save(scene));
  scene.layers = [];
  await validated(await save(scene));
});

test('without the margin nothing outside the photo is written', async () => {
  const scene = syntheticScene({ width: 60, height: 40, margin: 8 });
  const [all, photo] = [await validated(await save(scene)), await validated(await save(scene, { margin: false }))];
  assert.ok(photo.totalVertexCount < all.totalVertexCount);
  const layer = scene.layers[0]!;
  const { pixels } = await surfaceOf(layer, { lens: scene.lens, longer: 60, inset: 8, tolerance: 0.01 }, pause);
  for (const pixel of pixels) {
    const [x, y] = [pixel % layer.width, Math.floor(pixel / layer.width)];
    assert.ok(x >= 8 && x < 68 && y >= 8 && y < 48);
  }
});

test('large layers are written in parts of two-byte vertex numbers, without losing a triangle', async () => {
  const scene = syntheticScene({ width: 500, height: 300, margin: 0 });
  const layer = scene.layers[0]!;
  // Rough as gravel: a vertex a pixel.
  layer.disparity.forEach((_, i, all) => (all[i] = 0.3 + 0.1 * Math.abs(Math.sin(i * 12.9898))));
  layer.joins.fill(JOINED_RIGHT | JOINED_DOWN);
  scene.layers = [layer];
  const info = await validated(await save(scene));
  assert.equal(info.drawCallCount, 3);
  assert.equal(info.totalTriangleCount, 2 * 499 * 299);
  assert.ok(info.totalVertexCount < 1.02 * 500 * 300, `${info.totalVertexCount} vertices`);
});

test('a compact scene has a backdrop of its own material and picture', async () => {
  const scene = syntheticScene({ width: 90, height: 60 });
  const bytes = new Uint8Array(await (await save(scene, { relief: true })).arrayBuffer());
  const gltf = gltfOf(bytes);
  assert.deepEqual(
    gltf.meshes.map(({ name }) => name),
    ['Photo', 'Behind 1', 'Backdrop'],
  );
  const [photo, , backdrop] = partsOf(gltf);
  assert.ok(backdrop!.min[2]! < photo!.min[2]!);
  await validated(new Blob([bytes]));
});

test('a cancel stops between two steps', async () => {
  const scene = syntheticScene({ width: 300, height: 200 });
  join(scene.layers[0]!);
  const reason = new Error('enough');
  let steps = 0;
  const stopping = async (): Promise<void> => {
    if (++steps === 4) throw reason;
  };
  await assert.rejects(writeScene(scene, {}, stopping), (error) => error === reason);
});
