import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensFor, photoCamera, translation, type DepthMap, type Eyebox, type Raster } from '../../../../src/core/index.ts';
import { benchScene, roughen } from '../../../bench/scene.ts';
import { drawScene } from '../../../helpers/draw-scene.ts';
import { applyInpainted, buildHoles, fill, grow, mesh, sharpen, tear } from '../../../helpers/heart.ts';

const WIDTH = 160;
const HEIGHT = 120;
const RED = [220, 30, 30] as const;
const GREEN = [30, 180, 40] as const;
/** A tenth of the way from one colour to the other. */
const TENTH = 26;
const NEAR = 0.8;
const FAR = 0.1;
const eyebox: Eyebox = { x: 0.03, y: 0.02, z: 0.06 };

/** A shape of one colour before a ground of another; each pixel's colour is the mixture that its area shows, its depth that of its middle. */
function blended(isInside: (x: number, y: number) => boolean): { photo: Raster; depth: DepthMap; share: Float32Array } {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const disparity = new Float32Array(WIDTH * HEIGHT);
  const share = new Float32Array(WIDTH * HEIGHT);
  for (let i = 0; i < share.length; i++) {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    for (let k = 0; k < 64; k++) share[i]! += isInside(x + ((k & 7) + 0.5) / 8, y + ((k >> 3) + 0.5) / 8) ? 1 / 64 : 0;
    disparity[i] = isInside(x + 0.5, y + 0.5) ? NEAR : FAR;
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = Math.round(share[i]! * RED[c]! + (1 - share[i]!) * GREEN[c]!);
    rgba[i * 4 + 3] = 255;
  }
  const size = { width: WIDTH, height: HEIGHT };
  return { photo: { ...size, rgba }, depth: { ...size, disparity }, share };
}

const disc = (x: number, y: number): boolean => Math.hypot(x - 80.3, y - 60.2) < 25;

function sceneOf(photo: Raster, map: DepthMap, exact = true) {
  const lens = lensFor(photo.width, photo.height);
  const options = { lens, eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact });
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  return { width: photo.width, height: photo.height, lens, layers: grown.layers, meshes: mesh(grown.layers, options) };
}

const distance = (rgba: Uint8ClampedArray, i: number, colour: readonly number[]): number =>
  Math.hypot(...colour.map((v, c) => rgba[i * 4 + c]! - v));

test('a disc takes no rim of the old ground along, and leaves none of its own behind', () => {
  const { photo, depth } = blended(disc);
  const { layers } = sceneOf(photo, depth);
  const front = layers[0]!;
  let soft = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = (y + front.margin) * front.width + x + front.margin;
      const colour = front.disparity[i]! > 0.5 ? RED : GREEN;
      assert.ok(distance(front.rgba, i, colour) < TENTH, `${front.rgba.slice(i * 4, i * 4 + 4).join()} at ${x}, ${y}`);
      if (front.rgba[i * 4 + 3]! < 255) soft++;
      for (const hidden of layers.slice(1)) {
        if (hidden.rgba[i * 4 + 3]! > 0)
          assert.ok(distance(hidden.rgba, i, GREEN) < TENTH, `behind ${x}, ${y}: ${hidden.rgba.slice(i * 4, i * 4 + 4).join()}`);
      }
    }
  }
  assert.ok(soft > 80, `the outline is soft: ${soft} pixels`);
});

test('how much of a pixel is covered comes out as it went in, and falls from inside to outside', () => {
  const { photo, depth, share } = blended(disc);
  const front = sceneOf(photo, depth).layers[0]!;
  const coverage = (x: number, y: number): number => {
    const i = (y + front.margin) * front.width + x + front.margin;
    return front.disparity[i]! > 0.5 ? front.rgba[i * 4 + 3]! / 255 : 0;
  };
  let off = 0;
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) off = Math.max(off, Math.abs(coverage(x, y) - share[y * WIDTH + x]!));
  assert.ok(off < 0.2, `worst ${off}`);
  for (let x = 80; x < WIDTH - 1; x++) assert.ok(coverage(x + 1, 60) <= coverage(x, 60), `at ${x}`);
  for (let y = 60; y > 1; y--) assert.ok(coverage(80, y - 1) <= coverage(80, y), `at ${y}`);
});

test('seen from aside, every pixel is a mixture of the two colours, and the disc is as large as it was', () => {
  const { photo, depth } = blended(disc);
  const scene = sceneOf(photo, depth);
  const camera = { ...photoCamera(scene.lens, WIDTH, HEIGHT), c2w: translation(0.025, 0, 0) };
  const { rgba } = drawScene(scene, camera, 3);
  let area = 0;
  for (let y = 10; y < HEIGHT - 10; y++) {
    for (let x = 10; x < WIDTH - 10; x++) {
      const i = y * WIDTH + x;
      const red = Math.min(1, Math.max(0, (rgba[i * 4]! - GREEN[0]) / (RED[0] - GREEN[0])));
      const mixture = GREEN.map((g, c) => g + red * (RED[c]! - g));
      assert.ok(distance(rgba, i, mixture) < 14, `${rgba.slice(i * 4, i * 4 + 3).join()} at ${x}, ${y}`);
      area += red;
    }
  }
  assert.ok(Math.abs(area / (Math.PI * 25 ** 2) - 1) < 0.04, `area ${area}`);
});

test('a thin line stays whole', () => {
  const { photo, depth } = blended((x, y) => Math.abs(y - 60.5 - 0.1 * (x - 80)) < 0.75);
  const scene = sceneOf(photo, depth);
  const camera = { ...photoCamera(scene.lens, WIDTH, HEIGHT), c2w: translation(0, 0.02, 0) };
  const { rgba } = drawScene(scene, camera, 3);
  for (let x = 20; x < WIDTH - 20; x++) {
    let red = 0;
    for (let y = 0; y < HEIGHT; y++) red = Math.max(red, rgba[(y * WIDTH + x) * 4]!);
    assert.ok(red > 100, `broken at ${x}: ${red}`);
  }
});

test('a noisy map makes no soft pixels where there is no silhouette', () => {
  const { photo, depth } = benchScene(320, 240);
  const count = (map: DepthMap, exact: boolean): number => {
    const { rgba } = sceneOf(photo, map, exact).layers[0]!;
    let soft = 0;
    for (let i = 3; i < rgba.length; i += 4) if (rgba[i]! > 0 && rgba[i]! < 255) soft++;
    return soft;
  };
  const clean = count(depth, true);
  const noisy = count(roughen(depth, photo, 'noise'), false);
  assert.ok(noisy < 2 * clean + 200, `${noisy} against ${clean}`);
});
