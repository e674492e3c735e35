import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensFor, type DepthMap, type Eyebox, type Raster } from '../../../../src/core/index.ts';
import { applyInpainted, buildHoles, fill, grow, sharpen, tear } from '../../../helpers/heart.ts';

const WIDTH = 360;
const HEIGHT = 280;
const RADIUS = 70;
/** Light and dark hairs, and what is behind them. */
const FUR = [
  [205, 140, 90],
  [150, 85, 45],
] as const;
const GROUND = [90, 110, 130] as const;
const eyebox: Eyebox = { x: 0.03, y: 0.02, z: 0.06 };

const radiusAt = (i: number): number => Math.hypot((i % WIDTH) + 0.5 - WIDTH / 2, Math.floor(i / WIDTH) + 0.5 - HEIGHT / 2);
const angleAt = (i: number): number => Math.atan2(Math.floor(i / WIDTH) + 0.5 - HEIGHT / 2, (i % WIDTH) + 0.5 - WIDTH / 2);
const noise = (i: number): number => (((i * 2654435761) >>> 8) % 13) - 6;
const smooth = (share: number): number => share * share * (3 - 2 * share);
const within = (share: number): number => Math.min(1, Math.max(0, share));

/** A furry disc, of which there is more or less in a pixel over `softPx`, before a noisy ground. */
function furry(softPx: number): { photo: Raster; share: Float32Array } {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  const share = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => smooth(within(0.5 - (radiusAt(i) - RADIUS) / softPx)));
  for (let i = 0; i < share.length; i++) {
    const hair = FUR[Math.sin(angleAt(i) * 60) > 0 ? 0 : 1];
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = share[i]! * hair[c]! + (1 - share[i]!) * GROUND[c]! + noise(i * 3 + c);
  }
  return { photo: { width: WIDTH, height: HEIGHT, rgba }, share };
}

/** The disc as a model sees it: a ramp of eighteen pixels whose middle lies `insidePx` inside its edge. */
function rampOf(insidePx: number): DepthMap {
  const disparity = Float32Array.from(
    { length: WIDTH * HEIGHT },
    (_, i) => 0.1 + 0.7 * smooth(within(0.5 - (radiusAt(i) - RADIUS + insidePx) / 18)),
  );
  return { width: WIDTH, height: HEIGHT, disparity };
}

function layersOf(photo: Raster, map: DepthMap) {
  const options = { lens: lensFor(WIDTH, HEIGHT), eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact: false });
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  return grown;
}

/** How much of a colour is fur: by how much redder than the ground it is. */
const furIn = (rgba: Uint8ClampedArray, i: number): number =>
  (rgba[i * 4]! - rgba[i * 4 + 2]! - GROUND[0] + GROUND[2]) / (FUR[1][0] - FUR[1][2] - GROUND[0] + GROUND[2]);

/** Pixels of the ground, seen or hidden, that have a good part of the fur's colour. */
function furOnGround({ layers }: ReturnType<typeof layersOf>): number {
  let count = 0;
  for (const { rgba, disparity } of layers)
    for (let i = 0; i < disparity.length; i++) if (disparity[i]! > -0.5 && disparity[i]! < 0.45 && furIn(rgba, i) > 0.3) count++;
  return count;
}

for (const { softPx, insidePx, what } of [
  { softPx: 8, insidePx: 0, what: 'a soft silhouette' },
  { softPx: 2, insidePx: 5, what: 'a silhouette that a model puts five pixels inside its thing' },
  { softPx: 6, insidePx: 3, what: 'a soft silhouette off its place' },
]) {
  test(`${what} leaves none of its colour on the ground, nor behind itself`, () => {
    const { photo } = furry(softPx);
    const grown = layersOf(photo, rampOf(insidePx));
    const count = furOnGround(grown);
    assert.ok(count < 250, `${count} pixels of fur`);
  });
}

test('an inpainter sees nothing within two pixels of a soft silhouette', () => {
  const { photo } = furry(8);
  const grown = layersOf(photo, rampOf(0));
  const front = grown.layers[0]!;
  const { context } = buildHoles(grown, 1)!;
  let seen = 0;
  for (let i = 0; i < context.length; i++) {
    if (!context[i]) continue;
    seen++;
    for (const step of [-2, -1, 1, 2])
      for (const j of [i + step, i + step * front.width])
        assert.ok(Math.abs(front.disparity[j]! - front.disparity[i]!) < 0.3, `a tear beside pixel ${i}`);
  }
  assert.ok(seen > 2000, `${seen} pixels are seen`);
});

test('a crisp silhouette in its place stays there, whatever the grain behind it', () => {
  const { photo, share } = furry(1);
  // Coarse grain, some of it like the fur.
  for (let i = 0; i < share.length; i++) {
    if (share[i] !== 0 || (((i % WIDTH) >> 2) * 7 + (Math.floor(i / WIDTH) >> 2) * 11) % 9 > 1) continue;
    for (let c = 0; c < 3; c++) photo.rgba[i * 4 + c] = FUR[1][c]! + noise(i * 3 + c);
  }
  const options = { lens: lensFor(WIDTH, HEIGHT), eyebox };
  const depth = sharpen(rampOf(0), photo, { smoothing: 1, exact: false });
  const { disparity, width, margin } = grow(photo, depth, tear(depth, photo, options), options).layers[0]!;
  let claimed = 0;
  for (let i = 0; i < share.length; i++)
    if (disparity[(Math.floor(i / WIDTH) + margin) * width + (i % WIDTH) + margin]! > depth.disparity[i]! + 0.2 && radiusAt(i) > RADIUS + 2)
      claimed++;
  assert.ok(claimed < 60, `${claimed} pixels of the ground`);
});
