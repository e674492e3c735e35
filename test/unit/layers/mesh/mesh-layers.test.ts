import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish, type Layer } from '../../../../src/core/index.ts';
import { meshLayers } from '../../../../src/layers/mesh/mesh-layers.ts';
import { joinedDepth } from '../../../fixtures/joined-depth.ts';

const [WIDTH, HEIGHT] = [240, 180];

function layerOf(at: (x: number, y: number) => number): Layer {
  const { depth, joins } = joinedDepth(WIDTH, HEIGHT, at, 0.05);
  return {
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    rgba: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255),
    disparity: depth.disparity,
    joins,
  };
}

const meshOf = (at: (x: number, y: number) => number) => finish(meshLayers([layerOf(at)], 20))[0]!;

test('a plane takes few triangles inside, and they lie on it', () => {
  const { vertices, indices, softStart } = meshOf((x, y) => 0.2 + 0.001 * x + 0.0005 * y);
  assert.ok(softStart > 0 && softStart / 3 < 1500, `${softStart / 3}`);
  for (let n = 0; n < softStart; n++) {
    const v = indices[n]! * 5;
    // Pixel (x, y) has its middle at + 0.5.
    const d = 0.2 + 0.001 * (vertices[v]! - 0.5) + 0.0005 * (vertices[v + 1]! - 0.5);
    assert.ok(Math.abs(vertices[v + 2]! - d) < 0.15 / 20, `${vertices[v + 2]} instead of ${d}`);
  }
});

test('at a step each surface has its own quads, at its own depth, and only they need the test by disparity', () => {
  const { vertices, indices, softStart } = meshOf((x) => (x < 120 ? 0.2 : 0.8));
  for (let n = 0; n < indices.length; n += 3) {
    const depths = [0, 1, 2].map((k) => vertices[indices[n + k]! * 5 + 2]!);
    assert.ok(depths.every((d) => Math.abs(d - 0.2) < 0.01) || depths.every((d) => Math.abs(d - 0.8) < 0.01), `${depths}`);
    if (n >= softStart) continue;
    const xs = [0, 1, 2].map((k) => vertices[indices[n + k]! * 5]!);
    assert.ok(Math.max(...xs) <= 119 || Math.min(...xs) >= 121, `${xs}`);
  }
});

test('a bumpy surface takes more triangles than a plane', () => {
  const count = (at: (x: number, y: number) => number) => meshOf(at).indices.length;
  assert.ok(count((x, y) => 0.3 + 0.02 * Math.sin(x / 6) * Math.sin(y / 6)) > 2 * count(() => 0.3));
});
