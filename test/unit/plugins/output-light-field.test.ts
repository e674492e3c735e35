import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import output from '../../../plugins/output-light-field/index.ts';
import type { Scene } from '../../../src/core/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { decodeInNode } from '../../fixtures/plugin-context.ts';
import { run } from '../../fixtures/run-depth-map.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const scene = (): Scene => ({ ...syntheticScene({ width: 160, height: 120, margin: 40 }), eyebox: { x: 0.04, y: 0.04, z: 0.1 } });

test('a quilt holds its views from bottom left to top right, seen from left to right', async () => {
  const { file, cameras, framesLeft } = await writeWithFrames(output, 'quilt', scene(), {
    columns: 4,
    rows: 3,
    quiltPx: 480,
    aspect: '0.75',
  });
  assert.equal(file.suffix, '_qs4x3a0.75.png');
  assert.equal(framesLeft, 0);
  assert.equal(cameras.length, 12);
  const xs = cameras.map(({ c2w }) => c2w[3]!);
  assert.ok(xs.every((x, i) => i === 0 || x > xs[i - 1]!) && Math.abs(xs[0]! + xs[11]!) < 1e-9);
  const quilt = decode(await bytesOf(file));
  assert.deepEqual([quilt.width, quilt.height], [480, 480]);
  /** Where the red box's left edge is in a tile, in pixels. */
  const edgeIn = (column: number, row: number): number => {
    const y = row * 160 + 80;
    for (let x = 0; x < 120; x++) if (quilt.data[3 * (y * 480 + column * 120 + x)]! > 200) return x;
    return assert.fail('there is no box');
  };
  // Rows from the bottom: the camera moves right, so what is near moves left.
  const edges = cameras.map((_, view) => edgeIn(view % 4, 2 - Math.floor(view / 4)));
  assert.ok(
    edges.every((edge, i) => i === 0 || edge <= edges[i - 1]!),
    edges.join(),
  );
  assert.ok(edges[0]! - edges[11]! >= 4, edges.join());
});

test('tiles show the photo in the display’s shape: nothing is stretched once it is shown', async () => {
  const { cameras } = await writeWithFrames(output, 'quilt', scene(), { columns: 8, rows: 6, quiltPx: 960, aspect: '1.78' });
  const { width, height, fx, fy } = cameras[0]!;
  assert.deepEqual([width, height], [120, 160]);
  // A tile of 120 × 160 is shown as 1.78:1.
  assert.ok(Math.abs((fx / width) * 1.78 - fy / height) < 1e-6 * fy);
});

test('photo and depth side by side open again as a photo with that depth', async () => {
  const { file } = await writeWithFrames(output, 'rgbd', scene(), {});
  assert.equal(file.suffix, '_rgbd.png');
  const bytes = await bytesOf(file);
  const both = decodeInNode({ name: 'x_rgbd.png', bytes });
  assert.deepEqual([both.width, both.height], [320, 120]);
  const { result } = await run({ photo: bytes, raster: both, name: 'x_rgbd.png', options: { layout: 'right', polarity: 'near-white' } });
  assert.deepEqual(result.crop, { x: 0, y: 0, width: 160, height: 120 });
  const { width, height, disparity } = result.depth;
  const wanted = scene().depth;
  const at = (map: { width: number; height: number; disparity: Float32Array }, x: number, y: number) =>
    map.disparity[Math.floor(y * map.height) * map.width + Math.floor(x * map.width)]!;
  const found = { width, height, disparity };
  // Stretched to 0..1 on the way: order and proportion are kept.
  const [box, wall, sky] = [at(found, 0.5, 0.5), at(found, 0.1, 0.7), at(found, 0.5, 0.1)];
  const [trueBox, trueWall, trueSky] = [at(wanted, 0.5, 0.5), at(wanted, 0.1, 0.7), at(wanted, 0.5, 0.1)];
  assert.ok(Math.abs((wall - sky) / (box - sky) - (trueWall - trueSky) / (trueBox - trueSky)) < 0.02, `${box} ${wall} ${sky}`);
});
