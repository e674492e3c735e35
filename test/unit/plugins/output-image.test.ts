import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import jpeg from 'jpeg-js';
import output from '../../../plugins/output-image/index.ts';
import { hasJpegMark, photoCamera, pngMarkOf, translation, type Camera } from '../../../src/core/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const scene = () => syntheticScene({ width: 120, height: 90, margin: 30 });

test('the picture is the photo as its own camera sees it, where there is no view', async () => {
  const { file, framesLeft } = await writeWithFrames(output, 'image', scene(), { picture: 'png' });
  assert.equal(file.suffix, '_view.png');
  const png = decode(await bytesOf(file));
  assert.deepEqual([png.width, png.height, png.channels], [120, 90, 3]);
  assert.equal(pngMarkOf(await bytesOf(file)), 'view');
  assert.equal(framesLeft, 0);
  // The box's middle is red, the sky's blue.
  assert.ok(png.data[(45 * 120 + 60) * 3]! > 200 && png.data[(5 * 120 + 60) * 3 + 2]! > 200);
});

test('the view is kept, at any size: camera, zoom and shift', async () => {
  const of = { ...scene(), detail: { width: 480, height: 360, rgba: new Uint8ClampedArray(480 * 360 * 4).fill(255) } };
  const own = photoCamera(of.lens, 400, 300);
  const view: Camera = {
    ...own,
    fx: own.fx * 1.05,
    fy: own.fy * 1.05,
    cx: own.cx + 8,
    cy: own.cy - 4,
    c2w: translation(0.01, -0.02, -0.03),
  };
  const { cameras } = await writeWithFrames(output, 'image', of, { picture: 'png', longerSidePx: 480 }, { view });
  const [camera] = cameras as [Camera];
  assert.deepEqual([camera.width, camera.height, camera.c2w], [480, 360, view.c2w]);
  // A point lies at the same part of the picture.
  for (const [x, y, distance] of [
    [0.2, 0.1, 1],
    [-3, 2, 15],
  ] as const) {
    const partOf = ({ width, height, fx, fy, cx, cy, c2w }: Camera) => {
      const ahead = distance + c2w[11]!;
      return [(cx + (fx * (x - c2w[3]!)) / ahead) / width, (cy - (fy * (y - c2w[7]!)) / ahead) / height];
    };
    partOf(camera).forEach((part, axis) => assert.ok(Math.abs(part - partOf(view)[axis]!) < 1e-6));
  }
});

test('JPEG is marked as ours; shapes are cut from the middle', async () => {
  const { file } = await writeWithFrames(output, 'image', scene(), { shape: '1:1' });
  assert.equal(file.suffix, '_view.jpg');
  const bytes = await bytesOf(file);
  const picture = jpeg.decode(bytes, { useTArray: true });
  assert.deepEqual([picture.width, picture.height], [90, 90]);
  assert.equal(hasJpegMark(bytes), true);
  const again = new Uint8Array(jpeg.encode({ width: 90, height: 90, data: Buffer.from(picture.data) }, 80).data);
  assert.equal(hasJpegMark(again), false);
});

test('what a browser cannot write is said, and what to do', async () => {
  await assert.rejects(
    writeWithFrames(output, 'image', scene(), { picture: 'webp' }, { codesWebp: false }),
    /cannot write WebP pictures; choose another kind/,
  );
});
