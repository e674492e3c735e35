import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shotOptions } from '../../../plugins/shared/moves/move-options.ts';
import { shotOf } from '../../../plugins/shared/moves/shot.ts';
import { avcLevel, candidates, vp9Level } from '../../../plugins/shared/video/encoding.ts';
import { frameRateOf } from '../../../plugins/shared/video/video-options.ts';
import output from '../../../plugins/output-video/index.ts';
import { convertRows, emptyPlanes } from '../../../plugins/shared/video/convert-rows.ts';
import { MOVES, MOVE_IDS } from '../../../plugins/shared/moves/moves.ts';
import { placesOf, subjectDistance } from '../../../plugins/shared/moves/places-of.ts';
import type { Camera, Scene } from '../../../src/core/index.ts';
import { BOX, syntheticScene } from '../../fixtures/scene.ts';

/** Without a path of a person's own, which has a test of its own. */
const PRODUCTS = output.products.map(({ id }) => id).filter((id) => id !== 'path');
/** Moves that come back by themselves. */
const LOOPS = MOVE_IDS.filter((id) => MOVES[id].loops);
/** Moves that stay inside what the photo shows, whatever was filled in around it. */
const INWARD = ['push-in', 'ken-burns'];

/** A scene whose margin is wide enough for every path. */
function roomy(width = 120, height = 90): Scene {
  return syntheticScene({ width, height, margin: Math.round(Math.max(width, height) / 4) });
}

function shot(
  product: string,
  scene: Scene,
  options: { frames?: number; longerSidePx?: number; crop?: boolean; amount?: number; back?: boolean } = {},
) {
  return shotOf(product, scene, { frames: 240, longerSidePx: 960, crop: true, amount: 1, ...options });
}

function span(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Where a point at (x, y, −distance) lands on the picture. */
function project(camera: Camera, x: number, y: number, distance: number): [number, number] {
  const ahead = distance + camera.c2w[11]!;
  return [camera.cx + (camera.fx * (x - camera.c2w[3]!)) / ahead, camera.cy - (camera.fy * (y - camera.c2w[7]!)) / ahead];
}

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('paths have the lengths of the 2020 system and go inwards', () => {
  const scene = roomy();
  const range = (product: string, axis: 'x' | 'y' | 'z') => span(placesOf(product, scene, 240, 1).map((place) => place[axis]));
  for (const product of ['zoom-in', 'dolly-zoom-in']) {
    const [zLow, zHigh] = range(product, 'z');
    close(zLow, -0.05);
    close(zHigh, 0.015);
    assert.deepEqual(range(product, 'x').map(Math.abs), [0, 0]);
  }
  for (const product of ['circle', 'swing']) {
    const [zLow, zHigh] = range(product, 'z');
    close(zLow, -0.065);
    close(zHigh, 0.035);
    range(product, 'x').forEach((x) => close(Math.abs(x), 0.015));
  }
  range('circle', 'y').forEach((y) => close(Math.abs(y), 0.015, 1e-5));
  assert.deepEqual(range('swing', 'y').map(Math.abs), [0, 0]);
});

test('loops are seamless and smooth: no step, and no change of step, stands out', () => {
  for (const product of LOOPS) {
    for (const frames of [2, 7, 240, 2000]) {
      const places = placesOf(product, roomy(), frames, 1);
      assert.equal(places.length, frames);
      if (frames < 240) continue;
      const at = (i: number) => places[((i % frames) + frames) % frames]!;
      for (const axis of ['x', 'y', 'z'] as const) {
        const bends = places.map((_, i) => Math.abs(at(i + 1)[axis] - 2 * at(i)[axis] + at(i - 1)[axis]));
        // A turn at once, as in the 2020 system, would bend by 0.001 a frame.
        assert.ok(Math.max(...bends) < ((0.015 * (4 * Math.PI) ** 2) / frames ** 2) * 1.3 + 1e-12, `${product} ${axis}`);
      }
    }
  }
});

test('movement grows with the amount and the scene’s units, and stays in the eyebox', () => {
  const scene = roomy();
  const z = (amount: number, of = scene) => Math.max(...placesOf('circle', of, 100, amount).map((place) => Math.abs(place.z)));
  close(z(0.2), 0.013);
  const metres = { ...scene, lens: { ...scene.lens, near: 2, far: 50 }, eyebox: { x: 9, y: 9, z: 9 } };
  close(z(1, metres), 0.39);
  const tele = { ...scene, lens: { ...scene.lens, fx: 3, fy: 3 } };
  close(Math.max(...placesOf('swing', tele, 100, 1).map((place) => place.x)), 0.005);
  const tight = { ...scene, eyebox: { x: 0.01, y: 0, z: 0.02 } };
  for (const place of placesOf('circle', tight, 100, 2)) {
    assert.ok(Math.abs(place.x) <= 0.01 + 1e-12 && place.y === 0 && Math.abs(place.z) <= 0.02 + 1e-12);
  }
  assert.throws(() => placesOf('spiral', scene, 10, 1), /move must be .* got spiral/);
});

test('a person who asked for twice the depth gets it in the videos too', () => {
  const scene = roomy();
  const deeper: Scene = { ...scene, movement: 2, eyebox: { x: scene.eyebox.x * 2, y: scene.eyebox.y * 2, z: scene.eyebox.z * 2 } };
  for (const product of PRODUCTS) {
    const [usual, wide] = [scene, deeper].map((each) => placesOf(product, each, 60, 1));
    usual!.forEach(({ x, y, z }, i) => {
      close(wide![i]!.x, 2 * x);
      close(wide![i]!.y, 2 * y);
      close(wide![i]!.z, 2 * z);
    });
  }
});

test('a dolly zoom keeps the subject’s size while the background’s changes; a zoom does not', () => {
  const scene = roomy();
  const subject = subjectDistance(scene);
  close(1 / subject, BOX * (3 - 0.05) + 0.05, 1e-6);
  const sizes = (product: string, distance: number) =>
    span(
      shot(product, scene, { crop: false }).cameras.map(
        (camera) => project(camera, 0.1, 0, distance)[0] - project(camera, -0.1, 0, distance)[0],
      ),
    );
  const [small, large] = sizes('dolly-zoom-in', subject);
  close(large / small, 1, 1e-9);
  const [farSmall, farLarge] = sizes('dolly-zoom-in', scene.lens.far);
  assert.ok(farLarge / farSmall > 1.1);
  const [zoomSmall, zoomLarge] = sizes('zoom-in', subject);
  assert.ok(zoomLarge / zoomSmall > 1.1);
});

test('pictures are even, keep the photo’s shape, and grow no larger than the photo', () => {
  const cases = [
    { photo: [961, 541], asked: 960, size: [960, 540] },
    { photo: [541, 961], asked: 500, size: [282, 500] },
    { photo: [640, 480], asked: 960, size: [640, 480] },
    { photo: [33, 21], asked: 960, size: [34, 22] },
    { photo: [900, 3], asked: 960, size: [900, 16] },
    { photo: [1, 1], asked: 64, size: [16, 16] },
  ] as const;
  for (const { photo, asked, size } of cases) {
    const scene = syntheticScene({ width: photo[0], height: photo[1], margin: 1 });
    for (const crop of [true, false]) {
      const { width, height } = shot('swing', scene, { frames: 2, longerSidePx: asked, crop }).cameras[0]!;
      assert.deepEqual([width, height], size);
    }
  }
  const detailed = { ...roomy(), detail: { width: 480, height: 360, rgba: new Uint8ClampedArray(480 * 360 * 4) } };
  const { width, height } = shot('swing', detailed, { frames: 2 }).cameras[0]!;
  assert.deepEqual([width, height], [480, 360]);
});

test('the crop is the camera’s: its corners lie where the photo is cut', () => {
  const scene = roomy(200, 100);
  const still = { ...scene, eyebox: { x: 0, y: 0, z: 0 } };
  const camera = shot('swing', still, { frames: 2 }).cameras[0]!;
  const { lens } = scene;
  /** A point on photo pixel (u, v), one unit away. */
  const at = (u: number, v: number) => project(camera, (u / 200 - lens.cx) / lens.fx, -(v / 200 - lens.cy) / lens.fy, 1);
  const [left, top] = at(200 * 0.04, 100 * 0.03);
  const [right, bottom] = at(200 * 0.96, 100 * 0.95);
  [left, top, right - camera.width, bottom - camera.height].forEach((value) => close(value, 0, 1e-6));
  close(camera.fx / camera.fy, 1, 1e-3);
});

test('where too little was painted around the photo, the camera moves less, and no frame shows the outside', () => {
  const scene = syntheticScene({ width: 400, height: 300, margin: 1 });
  for (const product of PRODUCTS) {
    const tight = shot(product, scene, { crop: false });
    assert.equal(tight.shrunkBy < 0.9, !INWARD.includes(product), `${product} ${tight.shrunkBy}`);
    for (const camera of tight.cameras) {
      // The wall's and the sky's outermost corners are outside the picture.
      for (const [u, v, distance] of [
        [-1, -1, 20],
        [401, -1, 20],
        [-1, 301, 1 / 0.7875],
        [401, 301, 1 / 0.7875],
      ] as const) {
        const { lens } = scene;
        const [x, y] = project(camera, ((u / 400 - lens.cx) / lens.fx) * distance, -((v / 400 - lens.cy) / lens.fy) * distance, distance);
        assert.ok(u < 0 ? x < 0.9 : x > camera.width - 0.9, `${product} x ${x}`);
        assert.ok(v < 0 ? y < 0.9 : y > camera.height - 0.9, `${product} y ${y}`);
      }
    }
    assert.equal(shot(product, roomy()).shrunkBy, 1);
  }
});

test('scenes with nothing in them still give cameras', () => {
  const scene = syntheticScene();
  scene.layers = [];
  scene.depth.disparity.fill(Number.NaN);
  for (const product of PRODUCTS) {
    for (const camera of shot(product, scene).cameras) assert.ok([camera.fx, camera.cx, ...camera.c2w].every(Number.isFinite));
  }
});

test('a far end at infinity leaves the dolly zoom finite', () => {
  const scene = roomy();
  scene.lens = { ...scene.lens, far: Infinity };
  scene.depth.disparity.fill(0);
  for (const camera of shot('dolly-zoom-in', scene).cameras) assert.ok(camera.fx > 0 && Number.isFinite(camera.fx));
});

test('levels hold the size, the rate and the bits', () => {
  assert.equal(avcLevel({ width: 960, height: 720, fps: 40 }, 4e6), 31);
  assert.equal(avcLevel({ width: 960, height: 960, fps: 40 }, 6e6), 32);
  assert.equal(avcLevel({ width: 1920, height: 1080, fps: 30 }, 12e6), 40);
  assert.equal(avcLevel({ width: 1920, height: 1080, fps: 60 }, 20e6), 42);
  assert.equal(avcLevel({ width: 640, height: 480, fps: 40 }, 60e6), 50);
  assert.equal(avcLevel({ width: 3840, height: 2160, fps: 120 }, 60e6), 60);
  assert.equal(vp9Level({ width: 960, height: 720, fps: 40 }, 4e6), 31);
  assert.equal(vp9Level({ width: 960, height: 962, fps: 40 }, 4e6), 40);
  const strings = candidates({ width: 960, height: 960, fps: 40 }, 'auto', 'standard').map((each) => each.codecString);
  assert.deepEqual(strings, ['avc1.640020', 'avc1.4d4020', 'avc1.42e020', 'vp09.00.31.08', 'vp8']);
});

test('without WebCodecs the plugin says so before anything is rendered', () => {
  assert.equal(output.supports({ webgpu: false, threads: false, videoEncoder: true }), true);
  assert.match(String(output.supports({ webgpu: true, threads: true, videoEncoder: false })), /WebCodecs/);
});

test('frames become BT.709 in limited range, as every player expects', () => {
  // Luma and chroma of the standard's own colours.
  const colours: [number[], number[]][] = [
    [
      [0, 0, 0],
      [16, 128, 128],
    ],
    [
      [255, 255, 255],
      [235, 128, 128],
    ],
    [
      [255, 0, 0],
      [63, 102, 240],
    ],
    [
      [0, 255, 0],
      [173, 42, 26],
    ],
    [
      [0, 0, 255],
      [32, 240, 118],
    ],
    [
      [128, 128, 128],
      [126, 128, 128],
    ],
  ];
  for (const [rgb, [luma, blue, red]] of colours) {
    const planes = emptyPlanes(6, 4);
    const picture = new Uint8Array(Array.from({ length: 24 }, () => [...rgb, 255]).flat());
    convertRows(picture, planes, 0, 2);
    convertRows(picture, planes, 2, 4);
    assert.deepEqual([...planes.bytes.subarray(0, 24)], Array(24).fill(luma));
    assert.deepEqual([...planes.bytes.subarray(24, 30)], Array(6).fill(blue));
    assert.deepEqual([...planes.bytes.subarray(30)], Array(6).fill(red));
  }
  // A chroma sample is the mean of its four pixels.
  const planes = emptyPlanes(2, 2);
  convertRows(new Uint8Array([255, 0, 0, 255, 0, 0, 255, 255, 0, 255, 0, 255, 255, 255, 255, 255]), planes, 0, 2);
  assert.deepEqual([...planes.bytes], [63, 32, 173, 235, 128, 128]);
});

test('orbit, arc and push-in keep what lies at the focus where it is', () => {
  const scene = { ...roomy(), eyebox: { x: 0.1, y: 0.1, z: 0.2 } };
  const focus = { x: 0.45, y: 0.55 };
  const distance = subjectDistance(scene, focus);
  const { lens } = scene;
  const point = [((focus.x * 120) / 120 - lens.cx) / lens.fx, -((focus.y * 90) / 120 - lens.cy) / lens.fy].map((value) => value * distance);
  for (const product of ['orbit', 'arc', 'push-in']) {
    const { cameras } = shotOf(product, scene, { frames: 40, longerSidePx: 960, crop: false, amount: 1, focus });
    const places = cameras.map((camera) => project(camera, point[0]!, point[1]!, distance));
    for (const axis of [0, 1] as const) {
      const [low, high] = span(places.map((place) => place[axis]));
      assert.ok(high - low < 0.01, `${product}: ${low} to ${high}`);
    }
    const [farLow, farHigh] = span(cameras.map((camera) => project(camera, 0.05, 0.04, 0.35)[0]));
    assert.ok(farHigh - farLow > 1, `${product}: what is nearer moves`);
  }
});

test('Ken Burns goes from its first view to its last: what is there as deep as the last one’s middle fills the picture', () => {
  const scene = { ...roomy(), eyebox: { x: 0.1, y: 0.1, z: 0.2 } };
  const { lens } = scene;
  const views = { start: { x: 0.47, y: 0.48, size: 0.8 }, end: { x: 0.65, y: 0.6, size: 0.4 } };
  for (const shape of ['photo', '9:16'] as const) {
    const { cameras, shrunkBy } = shotOf('ken-burns', scene, { frames: 40, longerSidePx: 960, crop: true, amount: 1, shape, views });
    assert.equal(shrunkBy, 1);
    const distance = subjectDistance(scene, views.end);
    // Half of the largest frame of that shape, in parts of the longer side: the photo has 120 × 90 pixels.
    const half = shape === 'photo' ? [0.5, 0.375] : [(0.375 * 9) / 16, 0.375];
    for (const [camera, { x, y, size }] of [
      [cameras[0]!, views.start],
      [cameras.at(-1)!, views.end],
    ] as const) {
      for (const side of [-1, 1]) {
        const [u, v] = [x + side * half[0]! * size, y * 0.75 + side * half[1]! * size];
        const place = project(camera, ((u - lens.cx) / lens.fx) * distance, -((v - lens.cy) / lens.fy) * distance, distance);
        const wanted = side < 0 ? [0, 0] : [camera.width, camera.height];
        place.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]!) < 1.5, `${shape}: ${place.join()} instead of ${wanted.join()}`));
      }
    }
    const near = (camera: Camera) => project(camera, 0, 0, distance / 2)[0] - project(camera, 0, 0, distance)[0];
    assert.ok(Math.abs(near(cameras.at(-1)!) - near(cameras[0]!)) > 0.5, 'what is nearer moves otherwise');
    const alongX = cameras.map(({ c2w }) => c2w[3]!);
    assert.ok(alongX.every((value, i) => i === 0 || value >= alongX[i - 1]!));
  }
});

test('other shapes are cut from the photo, about the focus', () => {
  const scene = roomy(400, 300);
  const sizeOf = (shape: string, focus = { x: 0.5, y: 0.5 }) =>
    shotOf('zoom-in', scene, { frames: 2, longerSidePx: 400, crop: false, amount: 1, shape, focus }).cameras[0]!;
  for (const [shape, ratio] of [
    ['16:9', 16 / 9],
    ['4:3', 4 / 3],
    ['1:1', 1],
    ['4:5', 4 / 5],
    ['9:16', 9 / 16],
  ] as const) {
    const { width, height, fx, fy } = sizeOf(shape);
    assert.ok(width % 2 === 0 && height % 2 === 0 && Math.max(width, height) <= 400, `${shape}: ${width} × ${height}`);
    assert.ok(Math.abs(width / height / ratio - 1) < 0.02, `${shape}: ${width} × ${height}`);
    assert.ok(Math.abs(fx / fy - 1) < 0.02, `${shape} is not stretched`);
  }
  // A square at the left shows the photo's left edge; at the right its right edge.
  assert.ok(Math.abs(sizeOf('1:1', { x: 0, y: 0.5 }).cx - (200 * sizeOf('1:1').fx) / 400) < 1);
  assert.ok(sizeOf('1:1', { x: 1, y: 0.5 }).cx < sizeOf('1:1', { x: 0, y: 0.5 }).cx);
});

test('a size by its lines is that of the shorter side, and never larger than the photo', () => {
  const detailed = { ...roomy(400, 300), detail: { width: 3200, height: 2400, rgba: new Uint8ClampedArray(0) } };
  const sizeOf = (size: string, shape: string, scene: Scene = detailed) => {
    const { width, height } = shotOf('swing', scene, { ...shotOptions({ size, shape }, 960), frames: 2 }).cameras[0]!;
    return [width, height];
  };
  assert.deepEqual(sizeOf('1080', '16:9'), [1920, 1080]);
  assert.deepEqual(sizeOf('720', '9:16'), [720, 1280]);
  assert.deepEqual(sizeOf('1080', 'photo'), [1440, 1080]);
  assert.deepEqual(sizeOf('px', 'photo'), [960, 720]);
  assert.deepEqual(sizeOf('2160', 'photo', roomy(120, 90)), [120, 90]);
});

test('a video is as long as asked for, by its seconds or its frames', () => {
  assert.deepEqual(frameRateOf({}), { fps: 30, count: 240 });
  assert.deepEqual(frameRateOf({ seconds: 2.5, fps: 24 }), { fps: 24, count: 60 });
  assert.deepEqual(frameRateOf({ seconds: 2.5, fps: 24, frames: 7 }), { fps: 24, count: 7 });
});

test('there and back, a move that ends elsewhere loops: the last step is like the others', () => {
  for (const product of ['push-in', 'ken-burns', 'pan']) {
    const there = shot(product, roomy(), { frames: 60 }).cameras;
    const back = shot(product, roomy(), { frames: 60, back: true }).cameras;
    const kept = ({ fx, cx, c2w }: Camera) => [fx, cx, 100 * c2w[3]!, 100 * c2w[11]!];
    const step = (cameras: Camera[], a: number, b: number) =>
      Math.hypot(...kept(cameras.at(a)!).map((value, k) => value - kept(cameras.at(b)!)[k]!));
    assert.ok(step(there, 0, -1) > 20 * step(there, 0, 1), `${product} ends elsewhere`);
    assert.ok(step(back, 0, -1) <= 1.1 * step(back, 0, 1) + 1e-6, `${product} loops`);
  }
});
