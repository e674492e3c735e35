import assert from 'node:assert/strict';
import { test } from 'node:test';
import output from '../../../plugins/output-relief/index.ts';
import type { OptionValues } from '../../../src/plugin-api/index.ts';
import { bytesOf } from '../../fixtures/frames.ts';
import { outputContext } from '../../fixtures/plugin-context.ts';
import { BOX, SKY, syntheticScene } from '../../fixtures/scene.ts';

type Corner = [number, number, number];

/** The triangles of a binary STL. */
async function triangles(options: OptionValues, width = 60, height = 40): Promise<{ normal: Corner; corners: Corner[] }[]> {
  const input = { product: 'relief', scene: syntheticScene({ width, height }), options, frames: () => assert.fail() };
  const file = await output.write(input, outputContext());
  assert.equal(file.suffix, '_relief.stl');
  const bytes = await bytesOf(file);
  const view = new DataView(bytes.buffer);
  const count = view.getUint32(80, true);
  assert.equal(bytes.length, 84 + 50 * count);
  return Array.from({ length: count }, (_, n) => {
    const at = (k: number): Corner => [0, 4, 8].map((offset) => view.getFloat32(84 + 50 * n + 12 * k + offset, true)) as Corner;
    return { normal: at(0), corners: [at(1), at(2), at(3)] };
  });
}

test('a relief is watertight: each edge is there once in each direction', async () => {
  for (const [width, height, samples] of [
    [60, 40, 60],
    [40, 60, 50],
    [24, 16, 90],
  ] as const) {
    const edges = new Map<string, number>();
    for (const { corners } of await triangles({ samples }, width, height)) {
      const names = corners.map((corner) => corner.join());
      names.forEach((name, k) => {
        const next = names[(k + 1) % 3]!;
        assert.notEqual(name, next, 'a triangle without an area');
        edges.set(`${name}>${next}`, (edges.get(`${name}>${next}`) ?? 0) + 1);
      });
    }
    for (const [edge, count] of edges) {
      const [from, to] = edge.split('>');
      assert.equal(count, 1, edge);
      assert.equal(edges.get(`${to}>${from}`), 1, edge);
    }
  }
});

test('it is as large as asked for, what is near stands out, and it encloses its volume from outside', async () => {
  const all = await triangles({ sizeMm: 80, depthMm: 10, baseMm: 3, samples: 60 });
  const span = (axis: number) => {
    const values = all.flatMap(({ corners }) => corners.map((corner) => corner[axis]!));
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  };
  assert.deepEqual(span(0), [0, 80]);
  assert.equal(span(2)[0], 0);
  assert.ok(Math.abs(span(2)[1]! - (3 + 10 * BOX)) < 1e-4);
  // The sky lies lowest, at the thickness of the base; the photo's top is at the top.
  const upper = all.flatMap(({ corners }) => corners).filter(([, y, z]) => y > 50 && z > 0);
  assert.ok(upper.every(([, , z]) => Math.abs(z - (3 + 10 * SKY)) < 1e-4));
  const volume = all.reduce((sum, { corners: [a, b, c] }) => {
    const [p, q, r] = [a!, b!, c!];
    return sum + (p[0] * (q[1] * r[2] - q[2] * r[1]) + p[1] * (q[2] * r[0] - q[0] * r[2]) + p[2] * (q[0] * r[1] - q[1] * r[0])) / 6;
  }, 0);
  assert.ok(volume > 80 * 52 * 3, `${volume} mm³`);
  for (const { normal, corners } of all) {
    const [a, b, c] = corners as [Corner, Corner, Corner];
    const u = b.map((value, k) => value - a[k]!);
    const v = c.map((value, k) => value - a[k]!);
    const across = u[1]! * v[2]! - u[2]! * v[1]!;
    assert.ok(Math.abs(Math.hypot(...normal) - 1) < 1e-5 && (Math.abs(across) < 1e-9 || Math.sign(across) === Math.sign(normal[0])));
  }
});

test('cancelling rejects with the signal’s own reason', async () => {
  const reason = new Error('enough');
  const input = { product: 'relief', scene: syntheticScene(), options: {}, frames: () => assert.fail() };
  await assert.rejects(output.write(input, outputContext(AbortSignal.abort(reason))), (error) => error === reason);
});
