import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish, type Raster } from '../../../../src/core/index.ts';
import { domainTransform } from '../../../../src/layers/refine/domain-transform.ts';
import { estimateBlur } from '../../../../src/layers/refine/estimate-blur.ts';
import { jointUpsample } from '../../../../src/layers/refine/joint-upsample.ts';
import { luminanceLeak } from '../../../../src/layers/refine/luminance-leak.ts';
import { measureRoughness } from '../../../../src/layers/refine/measure-roughness.ts';
import { medianAtSteps } from '../../../../src/layers/refine/median-at-steps.ts';
import { rampShare } from '../../../../src/layers/refine/ramp-share.ts';
import { removeBanding } from '../../../../src/layers/refine/remove-banding.ts';
import { sharpenEdges } from '../../../../src/layers/refine/sharpen-edges.ts';
import { gaussian, inLevels, seeded } from '../../../bench/scene.ts';

const [WIDTH, HEIGHT] = [160, 120];
const COUNT = WIDTH * HEIGHT;
const map = (at: (x: number, y: number) => number) => Float32Array.from({ length: COUNT }, (_, i) => at(i % WIDTH, Math.floor(i / WIDTH)));
const photoOf = (at: (x: number, y: number) => number): Raster => {
  const rgba = new Uint8ClampedArray(COUNT * 4).fill(255);
  for (let i = 0; i < COUNT; i++) rgba.fill(at(i % WIDTH, Math.floor(i / WIDTH)), i * 4, i * 4 + 3);
  return { width: WIDTH, height: HEIGHT, rgba };
};
const noisy = (from: Float32Array, sigma: number) => {
  const random = seeded(3);
  return from.map((d) => d + sigma * gaussian(random));
};
/** Steps up and down, 40 pixels apart, that were blurred by about a Gaussian of this standard deviation. */
const blurred = (x: number, sigma: number) => 0.2 + 0.5 / (1 + Math.exp((-1.702 * (19.5 - Math.abs((x % 80) - 39.5) - 0.5)) / sigma));
const meanOff = (a: Float32Array, b: Float32Array) => a.reduce((sum, d, i) => sum + Math.abs(d - b[i]!), 0) / COUNT;

test('noise and grey levels are measured as what was put in', () => {
  const slope = map((x, y) => 0.2 + 0.002 * x + 0.001 * y);
  const { noise, quantum } = measureRoughness(noisy(slope, 0.02), WIDTH, HEIGHT);
  assert.ok(Math.abs(noise - 0.02) < 0.002, `${noise}`);
  assert.equal(quantum, 0);
  const levels = measureRoughness(
    map((x) => inLevels(0.005 * x + 0.1, 16)),
    WIDTH,
    HEIGHT,
  );
  assert.ok(Math.abs(levels.quantum - 1 / 15) < 0.001, `${levels.quantum}`);
  assert.equal(measureRoughness(slope, WIDTH, HEIGHT).noise < 0.001, true);
});

test('blur is measured, and told from crisp steps', () => {
  const sigma = 2;
  const wide = estimateBlur(
    map((x) => blurred(x, sigma)),
    WIDTH,
    HEIGHT,
  );
  assert.ok(Math.abs(wide - sigma) < 0.5, `${wide}`);
  assert.ok(
    rampShare(
      map((x) => blurred(x, sigma)),
      WIDTH,
      HEIGHT,
    ) > 0.7,
  );
  assert.ok(
    rampShare(
      map((x) => (x < 80 ? 0.2 : 0.7)),
      WIDTH,
      HEIGHT,
    ) < 0.1,
  );
});

test('de-banding makes a slope of stairs and leaves a step of many levels', () => {
  const slope = map((x) => (x < 120 ? 0.1 + 0.003 * x : 0.9));
  const stairs = slope.map((d) => inLevels(d, 16));
  const before = meanOff(stairs, slope);
  removeBanding(
    stairs,
    photoOf(() => 120),
    1 / 15,
  );
  assert.ok(meanOff(stairs, slope) < 0.6 * before, `${meanOff(stairs, slope)} after ${before}`);
  assert.ok(stairs[60 * WIDTH + 121]! - stairs[60 * WIDTH + 118]! > 0.3);
});

test('the domain transform takes noise out and keeps a step', () => {
  const clean = map((x) => (x < 80 ? 0.2 : 0.7));
  const rough = noisy(clean, 0.03);
  const before = meanOff(rough, clean);
  domainTransform(rough, WIDTH, HEIGHT, 6, 0.01, 0.025, 1);
  assert.ok(meanOff(rough, clean) < before / 3);
  assert.ok(rough[60 * WIDTH + 82]! - rough[60 * WIDTH + 77]! > 0.45);
});

test('a ramp becomes a step where the photo has its edge', () => {
  const ramp = map((x) => Math.min(0.7, Math.max(0.2, 0.2 + (x - 77) * 0.1)));
  const sharp = finish(
    sharpenEdges(
      ramp,
      photoOf((x) => (x < 80 ? 30 : 220)),
      0.03,
    ),
  );
  for (let y = 20; y < 100; y += 10) {
    assert.ok(Math.abs(sharp[y * WIDTH + 79]! - 0.2) < 0.05, `${sharp[y * WIDTH + 79]}`);
    assert.ok(Math.abs(sharp[y * WIDTH + 80]! - 0.7) < 0.05, `${sharp[y * WIDTH + 80]}`);
  }
});

test('brightness that was mixed in is measured; none is found where none is', () => {
  const random = seeded(5);
  const luma = map(() => random());
  const plain = map((x, y) => 0.3 + 0.001 * x + 0.001 * y);
  const leaking = plain.map((d, i) => 0.8 * d + 0.2 * luma[i]!);
  assert.ok(Math.abs(luminanceLeak(leaking, luma, WIDTH, HEIGHT) - 0.2) < 0.02);
  assert.equal(luminanceLeak(plain, luma, WIDTH, HEIGHT), 0);
});

test('upsampling puts a step where the photo has it', () => {
  const half = { width: WIDTH / 2, height: HEIGHT / 2 };
  const rgba = new Uint8ClampedArray(half.width * half.height * 4).fill(255);
  const small = new Float32Array(half.width * half.height);
  for (let i = 0; i < small.length; i++) {
    small[i] = i % half.width < 40 ? 0.2 : 0.7;
    rgba.fill(i % half.width < 40 ? 30 : 220, i * 4, i * 4 + 3);
  }
  const large = jointUpsample(
    small,
    { ...half, rgba },
    photoOf((x) => (x < 81 ? 30 : 220)),
    0.03,
  );
  assert.ok(Math.abs(large[60 * WIDTH + 80]! - 0.2) < 1e-6);
  assert.ok(Math.abs(large[60 * WIDTH + 81]! - 0.7) < 1e-6);
});

test('a lone pixel at a step goes with what is around it', () => {
  const step = map((x) => (x < 80 ? 0.2 : 0.7));
  step[60 * WIDTH + 79] = 0.7;
  medianAtSteps(step, WIDTH, HEIGHT, 0.015, 1);
  assert.ok(Math.abs(step[60 * WIDTH + 79]! - 0.2) < 1e-6);
});
