import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  JOINED_DOWN,
  JOINED_RIGHT,
  NOTHING,
  lensFor,
  photoCamera,
  translation,
  type DepthMap,
  type Eyebox,
  type Raster,
} from '../../../src/core/index.ts';
import { benchScene, inLevels, roughen } from '../../bench/scene.ts';
import { drawScene } from '../../helpers/draw-scene.ts';
import { applyInpainted, buildHoles, fill, grow, mesh, sharpen, tear } from '../../helpers/heart.ts';

const eyebox: Eyebox = { x: 0.02, y: 0.02, z: 0.06 };

/** A red square of disparity 0.8 before a green wall of disparity 0.1 that leans by `slope` a pixel. */
function squareBeforeWall(width = 160, height = 120, slope = 0): { photo: Raster; depth: DepthMap } {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const disparity = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const inside = x >= 60 && x < 100 && y >= 40 && y < 80;
      disparity[i] = inside ? 0.8 : 0.1 + slope * x;
      rgba.set(inside ? [220, 30, 30, 255] : [30, 160 + (x % 8) * 4, 30, 255], i * 4);
    }
  }
  return { photo: { width, height, rgba }, depth: { width, height, disparity } };
}

function sceneOf(photo: Raster, map: DepthMap, exact = true) {
  const lens = lensFor(photo.width, photo.height);
  const options = { lens, eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact });
  const joins = tear(depth, photo, options);
  const grown = grow(photo, depth, joins, options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  return { width: photo.width, height: photo.height, lens, depth, joins, grown, layers: grown.layers, meshes: mesh(grown.layers, options) };
}

test('tears run round the square and nowhere else', () => {
  const { photo, depth } = squareBeforeWall();
  const { joins } = sceneOf(photo, depth);
  let torn = 0;
  for (let y = 0; y < 120; y++) {
    for (let x = 0; x < 160; x++) {
      const bits = joins[y * 160 + x]!;
      const right = x + 1 < 160 && !(bits & JOINED_RIGHT);
      const down = y + 1 < 120 && !(bits & JOINED_DOWN);
      if (right) assert.ok((x === 59 || x === 99) && y >= 40 && y < 80, `torn to the right at ${x}, ${y}`);
      if (down) assert.ok((y === 39 || y === 79) && x >= 60 && x < 100, `torn downward at ${x}, ${y}`);
      torn += Number(right) + Number(down);
    }
  }
  assert.equal(torn, 160);
});

test('a slope is not torn, however long', () => {
  const width = 200;
  const disparity = Float32Array.from({ length: width * 60 }, (_, i) => (i % width) / width);
  const photo = { width, height: 60, rgba: new Uint8ClampedArray(width * 60 * 4).fill(128) };
  const { joins, layers } = sceneOf(photo, { width, height: 60, disparity });
  for (let i = 0; i < joins.length; i++) {
    if (i % width < width - 1) assert.ok(joins[i]! & JOINED_RIGHT, `torn at ${i % width}`);
  }
  assert.equal(layers.length, 1);
});

test('behind the square the wall goes on: on its own plane, behind its cover, in its own colour', () => {
  const { photo, depth } = squareBeforeWall(160, 120, 0.0008);
  const { layers, grown } = sceneOf(photo, depth);
  const front = layers[0]!;
  const hidden = layers[1]!;
  const { hole } = grown.holes[1]!;
  let seen = 0;
  for (let i = 0; i < hole.length; i++) {
    if (!hole[i]) continue;
    seen++;
    const x = (i % front.width) - front.margin;
    assert.ok(hidden.disparity[i]! < front.disparity[i]! - 0.3, 'behind its cover');
    assert.ok(Math.abs(hidden.disparity[i]! - (0.1 + 0.0008 * x)) < 0.012, `on the wall's plane at ${x}: ${hidden.disparity[i]}`);
    assert.ok(hidden.rgba[i * 4 + 1]! > 140 && hidden.rgba[i * 4]! < 80, `green, not red: ${hidden.rgba.slice(i * 4, i * 4 + 3).join()}`);
  }
  assert.ok(seen > 400, `grown under the square: ${seen} pixels`);
});

test("from the photo's own camera the photo comes back", () => {
  const { photo, depth } = squareBeforeWall();
  const scene = sceneOf(photo, depth);
  const { rgba } = drawScene(scene, photoCamera(scene.lens, photo.width, photo.height), 1);
  let worst = 0;
  let edge = 0;
  for (let i = 0; i < rgba.length; i++) {
    const [x, y] = [(i >> 2) % 160, Math.floor((i >> 2) / 160)];
    const beside = Math.max(Math.abs(x - 79.5) - 20, Math.abs(y - 59.5) - 20);
    const off = i % 4 < 3 ? Math.abs(rgba[i]! - photo.rgba[i]!) : 0;
    if (Math.abs(beside) < 1) edge = Math.max(edge, off);
    else worst = Math.max(worst, off);
  }
  assert.ok(worst <= 2, `worst difference ${worst}`);
  // The outline runs a tenth of a pixel outside the square, and cuts its corners.
  assert.ok(edge <= 26, `worst difference at the outline ${edge}`);
});

test('from the side the square moves by its parallax and leaves no crack and no red behind', () => {
  const { photo, depth } = squareBeforeWall();
  const scene = sceneOf(photo, depth);
  const camera = { ...photoCamera(scene.lens, photo.width, photo.height), c2w: translation(0.02, 0, 0) };
  const { rgba } = drawScene(scene, camera, 2);
  // Shift in pixels: longer side · focal length · x · 1/z.
  const moved = 160 * 0.02 * (0.8 * 2.95 + 0.05);
  let red = 0;
  for (let y = 45; y < 75; y++) {
    let first = -1;
    let last = -1;
    for (let x = 0; x < 160; x++) {
      const at = (y * 160 + x) * 4;
      assert.ok(rgba[at]! + rgba[at + 1]! > 120, `a crack at ${x}, ${y}: ${rgba.slice(at, at + 3).join()}`);
      if (rgba[at]! > 140) {
        if (first < 0) first = x;
        last = x;
        red++;
      }
    }
    assert.ok(Math.abs(first - (60 - moved)) <= 1, `left edge at ${first}`);
    assert.ok(Math.abs(last - (99 - moved)) <= 1, `right edge at ${last}`);
  }
  assert.ok(Math.abs(red / 30 - 40) <= 1, `the square keeps its width: ${red / 30}`);
});

test('two backgrounds behind one foreground take two layers', () => {
  const width = 160;
  const height = 100;
  const disparity = new Float32Array(width * height);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(200);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) disparity[y * width + x] = x >= 70 && x < 80 ? 0.95 : x < 70 ? 0.5 : 0.1;
  }
  const { grown } = sceneOf({ width, height, rgba }, { width, height, disparity });
  assert.ok(grown.layers.length >= 3, `${grown.layers.length} layers`);
  const { margin } = grown.layers[0]!;
  const i = (50 + margin) * grown.layers[0]!.width + 72 + margin;
  const behind = grown.layers
    .slice(1)
    .map((l) => l.disparity[i]!)
    .filter((d) => d !== NOTHING);
  assert.ok(
    behind.some((d) => Math.abs(d - 0.1) < 0.03),
    `the far one is there: ${behind}`,
  );
  assert.ok(
    behind.some((d) => Math.abs(d - 0.5) < 0.03),
    `the middle one is there: ${behind}`,
  );
});

test('the border grows outward by what comes into view', () => {
  const { photo, depth } = squareBeforeWall();
  const { layers, grown } = sceneOf(photo, depth);
  const { margin, width, disparity } = layers[0]!;
  assert.ok(margin >= Math.ceil(160 * 0.02 * (0.1 * 2.95 + 0.05)));
  const i = (60 + margin) * width + margin - 1;
  assert.ok(grown.holes[0]!.hole[i] && Math.abs(disparity[i]! - 0.1) < 0.01);
});

test('a blurred silhouette becomes a step, a clean one stays', () => {
  const { photo, depth } = squareBeforeWall();
  const blurred = depth.disparity.slice();
  for (let y = 0; y < 120; y++) {
    for (let x = 4; x < 156; x++) {
      let sum = 0;
      for (let k = -3; k <= 3; k++) sum += depth.disparity[y * 160 + x + k]!;
      blurred[y * 160 + x] = sum / 7;
    }
  }
  const sharp = sharpen({ ...depth, disparity: blurred }, photo, { smoothing: 1, exact: false }).disparity;
  let between = 0;
  for (let y = 45; y < 75; y++) for (let x = 0; x < 160; x++) if (sharp[y * 160 + x]! > 0.2 && sharp[y * 160 + x]! < 0.7) between++;
  assert.equal(between, 0, 'no pixel floats between wall and square');
  assert.ok(sharp[60 * 160 + 59]! < 0.15 && sharp[60 * 160 + 60]! > 0.75, 'the step lies where the colours change');
  const same = sharpen(depth, photo, { smoothing: 1, exact: false }).disparity;
  for (let i = 0; i < same.length; i++) assert.ok(Math.abs(same[i]! - depth.disparity[i]!) < 1e-6);
});

// Few grey levels lose what cannot be got back: there the gain is that slopes have no stairs.
for (const [kind, most] of [
  ['noise', 0.7],
  ['grey16', 1.05],
  ['brightness', 0.5],
  ['noise in 16 levels', 0.7],
] as const) {
  test(`a rough map (${kind}) is nearer to the truth after sharpening, and grows no forest of tears`, () => {
    const { photo, depth } = benchScene(320, 320);
    const rough = roughen(depth, photo, kind === 'noise in 16 levels' ? 'noise' : kind);
    if (kind === 'noise in 16 levels') rough.disparity = rough.disparity.map((d) => inLevels(d, 16));
    const options = { lens: lensFor(320, 320), eyebox };
    const sharp = sharpen(rough, photo, { smoothing: 1, exact: false });
    const error = (a: Float32Array) => {
      // Up to scale and offset: relative disparity.
      const n = a.length;
      let sa = 0,
        sb = 0,
        saa = 0,
        sab = 0;
      for (let i = 0; i < n; i++) {
        const b = depth.disparity[i]!;
        sa += a[i]!;
        sb += b;
        saa += a[i]! ** 2;
        sab += a[i]! * b;
      }
      const scale = (n * sab - sa * sb) / (n * saa - sa * sa);
      const offset = (sb - scale * sa) / n;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += Math.abs(scale * a[i]! + offset - depth.disparity[i]!);
      return sum / n;
    };
    assert.ok(error(sharp.disparity) < most * error(rough.disparity), `error ${error(sharp.disparity)} against ${error(rough.disparity)}`);
    const count = (map: DepthMap) => {
      let torn = 0;
      for (const bits of tear(map, photo, options)) torn += Number(!(bits & JOINED_RIGHT)) + Number(!(bits & JOINED_DOWN));
      return torn;
    };
    const [rawTears, tears, trueTears] = [count(rough), count(sharp), count(depth)];
    assert.ok(tears < 1.8 * trueTears, `${tears} tears against ${trueTears}`);
    if (kind !== 'grey16') assert.ok(tears < 0.5 * rawTears, `${tears} tears, ${rawTears} without sharpening`);
  });
}

test('meshes keep to the triangle budget, agree where surfaces run on, and cover the photo', () => {
  const { photo, depth } = benchScene(480, 480);
  const scene = sceneOf(photo, depth, false);
  const triangles = scene.meshes.reduce((sum, m) => sum + m.indices.length / 3, 0);
  assert.ok(triangles <= 150_000, `${triangles} triangles`);
  for (const { vertices, indices, softStart } of scene.meshes) {
    assert.equal(softStart % 3, 0);
    assert.ok(vertices.every(Number.isFinite));
    assert.ok(indices.every((i) => i < vertices.length / 5));
  }
  const { rgba } = drawScene(scene, photoCamera(scene.lens, 480, 480), 1);
  let holes = 0;
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i - 1]! + rgba[i - 2]! + rgba[i - 3]! === 0) holes++;
  assert.equal(holes, 0, "no hole at the photo's own camera");
});

for (const [width, height] of [
  [1, 1],
  [1, 40],
  [40, 1],
  [2, 2],
  [5, 3],
] as const) {
  test(`a photo of ${width}×${height} pixels goes through`, () => {
    const rgba = new Uint8ClampedArray(width * height * 4).fill(99);
    const disparity = Float32Array.from({ length: width * height }, (_, i) => (i % 2) * 0.9);
    const scene = sceneOf({ width, height, rgba }, { width, height, disparity }, false);
    assert.ok(scene.layers[0]!.width >= width);
    assert.ok(scene.meshes[0]!.indices.length > 0);
  });
}
