import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inverseDepth, type Camera } from '../../../src/core/index.ts';
import { framingOf, lookCamera } from '../../../src/viewer/framing.ts';
import { canvasSize } from '../../../src/viewer/canvas-size.ts';
import { SMALL, syntheticScene } from '../../browser/viewer-scene.ts';

const scene = syntheticScene(SMALL);
const framing = framingOf(scene);

/** Pixel of the picture at which a photo's pixel with inverse distance q is seen; cameras here only move. */
function seen(camera: Camera, u: number, v: number, q: number): [number, number] {
  const { lens } = scene;
  const x = (u / scene.width - lens.cx) / lens.fx - camera.c2w[3]! * q;
  const y = -(v / scene.width - lens.cy) / lens.fy - camera.c2w[7]! * q;
  const w = 1 + camera.c2w[11]! * q;
  return [camera.cx + (camera.fx * x) / w, camera.cy - (camera.fy * y) / w];
}

test('the middle of the scene holds still while one looks around; near and far move against each other', () => {
  const centre = lookCamera(scene, framing, { x: 0, y: 0, z: 0 }, 640, 480);
  const right = lookCamera(scene, framing, { x: 1, y: 1, z: 0 }, 640, 480);
  const shift = (q: number): number[] => seen(right, 80, 60, q).map((value, i) => value - seen(centre, 80, 60, q)[i]!);
  assert.ok(shift(framing.pivot).every((value) => Math.abs(value) < 1e-6));
  const [near, far] = [shift(inverseDepth(scene.lens, 0.9)), shift(inverseDepth(scene.lens, 0))];
  assert.ok(near[0]! < -1 && far[0]! > 0.1, 'seen from the right the near goes left');
  assert.ok(near[1]! > 1 && far[1]! < -0.1, 'seen from above the near goes down');
});

test("the photo's border with its margin never comes into view", () => {
  const corners = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => ({ x, y, z }))));
  for (const look of corners) {
    const camera = lookCamera(scene, framing, look, 640, 480);
    for (const q of [inverseDepth(scene.lens, 0.1), inverseDepth(scene.lens, 0.3)]) {
      const [left, top] = seen(camera, -SMALL.margin, -SMALL.margin, q);
      const [right, bottom] = seen(camera, SMALL.width + SMALL.margin, SMALL.height + SMALL.margin, q);
      assert.ok(left <= 0.01 && top <= 0.01 && right >= 639.99 && bottom >= 479.99, JSON.stringify(look));
    }
  }
  assert.ok(framing.zoom >= 1 && framing.zoom <= 1.08);
});

test('the canvas has the photo’s shape and enough pixels, but not more than anybody sees', () => {
  const photo = { width: 960, height: 720, sharpest: 0 };
  assert.deepEqual(canvasSize({ width: 480, height: 480 }, photo, 2, 'contain', 8192), { width: 960, height: 720, shownSide: 480 });
  assert.deepEqual(canvasSize({ width: 480, height: 480 }, photo, 2, 'cover', 8192), { width: 1280, height: 960, shownSide: 640 });
  assert.deepEqual(
    canvasSize({ width: 100, height: 75 }, photo, 1, 'contain', 8192),
    { width: 640, height: 480, shownSide: 100 },
    'a thumbnail does not shimmer',
  );
  assert.equal(canvasSize({ width: 3000, height: 3000 }, photo, 3, 'contain', 8192).width, 1920, 'twice the photo');
  const large = canvasSize({ width: 5000, height: 5000 }, { ...photo, sharpest: 4096 }, 3, 'contain', 8192);
  assert.ok(large.width * large.height <= 6.3e6);
});
