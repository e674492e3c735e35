import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backdropOf, inverseDepth, reliefOf, type Backdrop, type Scene } from '../../../src/core/index.ts';
import { BOX, SKY, WALL, syntheticScene } from '../../fixtures/scene.ts';

const LARGE = { width: 600, height: 400, margin: 30 };

/** Inverse depth of the backdrop at a photo pixel's place. */
function inverseAt({ layer, lens, step }: Backdrop, x: number, y: number): number {
  const [u, v] = [(x + 0.5) / step + layer.margin - 0.5, (y + 0.5) / step + layer.margin - 0.5];
  const [left, top] = [Math.min(layer.width - 2, Math.max(0, Math.floor(u))), Math.min(layer.height - 2, Math.max(0, Math.floor(v)))];
  const at = (column: number, row: number): number => inverseDepth(lens, layer.disparity[row * layer.width + column]!);
  const [p, q] = [Math.min(1, Math.max(0, u - left)), Math.min(1, Math.max(0, v - top))];
  return (1 - q) * ((1 - p) * at(left, top) + p * at(left + 1, top)) + q * ((1 - p) * at(left, top + 1) + p * at(left + 1, top + 1));
}

/** The photo's layer alone: nothing says what is behind the box. */
function alone(scene: Scene): Scene {
  return { ...scene, layers: [scene.layers[0]!] };
}

test('it lies behind everything, close to what has nothing before it', () => {
  for (const scene of [syntheticScene(LARGE), alone(syntheticScene(LARGE))]) {
    const { lens } = reliefOf(scene);
    const backdrop = backdropOf(scene, lens, true)!;
    const { width, margin, disparity } = scene.layers[0]!;
    for (let y = 0; y < 400; y++) {
      for (let x = 0; x < 600; x++) {
        const q = inverseDepth(lens, disparity[(y + margin) * width + x + margin]!);
        assert.ok(inverseAt(backdrop, x, y) < q, `(${x}, ${y})`);
      }
    }
    // 1.5 percent, where no other surface is near.
    assert.ok(inverseAt(backdrop, 30, 380) > 0.97 * inverseDepth(lens, WALL));
    assert.ok(inverseAt(backdrop, 300, 50) > 0.97 * inverseDepth(lens, SKY));
  }
});

test('behind a thing it goes on from around it, in depth and colour', () => {
  const scene = alone(syntheticScene(LARGE));
  const { lens } = reliefOf(scene);
  const backdrop = backdropOf(scene, lens, false)!;
  assert.equal(backdrop.layer.margin, 0);
  assert.equal(backdrop.layer.width, Math.ceil(600 / backdrop.step));
  const [wall, box] = [inverseDepth(lens, WALL), inverseDepth(lens, BOX)];
  // The box reaches from 200 to 400 and from 100 to 300.
  assert.ok(inverseAt(backdrop, 204, 250) < wall + 0.1 * (box - wall));
  assert.ok(inverseAt(backdrop, 300, 250) < wall + 0.6 * (box - wall));
  for (const [x, y] of [
    [215, 250],
    [385, 250],
    [300, 285],
  ] as const) {
    const at = 4 * (Math.floor(y / backdrop.step) * backdrop.layer.width + Math.floor(x / backdrop.step));
    const [red, green] = [...backdrop.layer.rgba.subarray(at, at + 2)] as [number, number];
    assert.ok(red < 60 && green > 200, `(${x}, ${y}) is ${red}, ${green}`);
  }
  assert.ok(backdrop.layer.rgba.every((value, i) => i % 4 !== 3 || value === 255));
});

test('tiny, empty and broken scenes have one or none', () => {
  for (const [width, height] of [
    [1, 1],
    [1, 9],
    [3, 2],
  ] as const) {
    const scene = syntheticScene({ width, height, margin: 0 });
    const { layer } = backdropOf(scene, scene.lens, true)!;
    assert.deepEqual([layer.width, layer.height], [width, height]);
    assert.ok(layer.disparity.every((d) => d > 0 && Number.isFinite(d)));
  }
  const scene = syntheticScene();
  scene.layers.forEach(({ rgba }) => rgba.fill(0));
  assert.equal(backdropOf(scene, scene.lens, true), undefined);
  assert.equal(backdropOf({ ...scene, layers: [] }, scene.lens, true), undefined);
});
