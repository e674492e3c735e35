import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import output from '../../../plugins/output-loop/index.ts';
import { gifDelays } from '../../../plugins/output-loop/gif-delays.ts';
import { PaletteMapper } from '../../../plugins/output-loop/palette-mapper.ts';
import { MOVE_IDS } from '../../../plugins/shared/moves/moves.ts';
import { pngMarkOf } from '../../../src/core/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { syntheticScene } from '../../fixtures/scene.ts';
import { readApng, readGif, readWebp } from '../../helpers/read-loops.ts';

const scene = () => ({ ...syntheticScene({ width: 96, height: 72, margin: 24 }), eyebox: { x: 0.05, y: 0.05, z: 0.1 } });
const FEW = { frames: 12, fps: 20, longerSidePx: 96 };

/** Mean absolute difference of two pictures, in levels. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

test('a GIF has every frame, plays for ever, and looks like what was drawn', async () => {
  const { file, framesLeft, context } = await writeWithFrames(output, 'gif', scene(), FEW);
  assert.equal(file.suffix, '_circle.gif');
  assert.equal(file.blob.type, 'image/gif');
  assert.equal(framesLeft, 0);
  assert.equal(context.fractions.at(-1), 1);
  const gif = readGif(await bytesOf(file));
  assert.deepEqual([gif.width, gif.height, gif.loops, gif.frames.length], [96, 72, true, 12]);
  assert.ok(gif.frames.every(({ hundredths }) => hundredths === 5));
  assert.match(gif.comment, /Unflat/);
  const png = readApng(await bytesOf((await writeWithFrames(output, 'apng', scene(), FEW)).file));
  gif.frames.forEach(({ rgb }, i) => {
    const off = difference(rgb, png.frames[i]!);
    assert.ok(off < 12, `frame ${i} differs by ${off} levels`);
  });
});

test('each frame of a GIF is drawn once, in whatever order, and lies in its place', async () => {
  for (const frames of [2, 7, 12, 21]) {
    const { file, cameras } = await writeWithFrames(output, 'gif', scene(), { ...FEW, frames });
    assert.equal(cameras.length, frames);
    const gif = readGif(await bytesOf(file));
    const png = readApng(await bytesOf((await writeWithFrames(output, 'apng', scene(), { ...FEW, frames })).file));
    gif.frames.forEach(({ rgb }, i) => {
      const nearest = png.frames.map((frame) => difference(rgb, frame));
      const [own, least] = [nearest[i]!, Math.min(...nearest)];
      assert.ok(own <= least + 0.2, `frame ${i} of ${frames} differs by ${own} levels from its own, by ${least} from another`);
    });
  }
});

test('one palette for all frames, or one each; without dithering a flat area has one colour', async () => {
  const read = async (options: object) =>
    readGif(await bytesOf((await writeWithFrames(output, 'gif', scene(), { ...FEW, ...options })).file));
  const [one, each] = [await read({ palette: 'one' }), await read({ palette: 'each' })];
  assert.ok(one.frames.every(({ hasOwnPalette }) => !hasOwnPalette));
  assert.ok(each.frames.slice(1).every(({ hasOwnPalette }) => hasOwnPalette));
  const grey = new Uint8ClampedArray(4 * 64).fill(100);
  const mapper = new PaletteMapper([
    [90, 90, 90],
    [110, 110, 110],
  ]);
  const used = (dither: 'none' | 'pattern' | 'diffusion') => {
    const index = mapper.map(grey, 8, dither);
    return index.reduce((sum, colour) => sum + (colour === 0 ? 90 : 110), 0) / 64;
  };
  assert.ok([90, 110].includes(used('none')));
  // Half way between two colours half of the pixels have each.
  assert.ok(Math.abs(used('pattern') - 100) < 3, `${used('pattern')}`);
  assert.ok(Math.abs(used('diffusion') - 100) < 3, `${used('diffusion')}`);
});

test('delays are what GIF can hold, and add up to the time asked for', () => {
  for (const fps of [1, 7, 15, 24, 25, 30, 40, 50]) {
    const delays = gifDelays(60, fps);
    assert.ok(delays.every((delay) => Number.isInteger(delay) && delay >= 2));
    const sum = delays.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 6000 / fps) <= 0.5, `${fps} fps: ${sum}`);
  }
  assert.ok(gifDelays(10, 60).every((delay) => delay === 2));
});

test('every move is seamless: the step across the seam is as large as those beside it', async () => {
  for (const move of MOVE_IDS) {
    const { cameras } = await writeWithFrames(output, 'frames', scene(), { ...FEW, frames: 60, longerSidePx: 64, move });
    assert.equal(cameras.length, 60);
    const placeOf = (i: number) => {
      const { fx, cx, cy, c2w } = cameras[((i % 60) + 60) % 60]!;
      return [c2w[3]! * fx, c2w[7]! * fx, c2w[11]! * fx, cx, cy, fx];
    };
    const step = (i: number): number => Math.hypot(...placeOf(i + 1).map((value, k) => value - placeOf(i)[k]!));
    const largest = Math.max(...cameras.map((_, i) => step(i)));
    const beside = (step(-2) + step(0)) / 2;
    assert.ok(largest > 0.01, `${move} does not move`);
    assert.ok(Math.abs(step(-1) - beside) <= 0.1 * largest, `${move}: ${step(-1)} across the seam, ${beside} beside it`);
  }
});

test('a wiggle goes through its views and back, in equal steps, about what lies at the focus', async () => {
  for (const views of [2, 3, 9]) {
    const { file, cameras } = await writeWithFrames(output, 'wiggle', scene(), { views, holdMs: 150, longerSidePx: 96, palette: 'each' });
    assert.equal(file.suffix, '_wiggle.gif');
    const gif = readGif(await bytesOf(file));
    assert.equal(gif.frames.length, 2 * (views - 1));
    assert.ok(gif.frames.every(({ hundredths }) => hundredths === 15));
    const xs = cameras.map(({ c2w }) => c2w[3]!);
    assert.ok(xs[0]! < 0 && Math.abs(xs[0]! + xs[views - 1]!) < 1e-9);
    const steps = xs.map((x, i) => Math.abs(xs[(i + 1) % xs.length]! - x));
    assert.ok(steps.every((step) => Math.abs(step - steps[0]!) < 1e-9));
    // The box in the middle stays, the sky behind it moves.
    const at = (distance: number) => cameras.map(({ cx, fx, c2w }) => cx - (fx * c2w[3]!) / distance);
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
    assert.ok(spread(at(1 / (0.75 * (3 - 0.05) + 0.05))) < 1e-6);
    assert.ok(spread(at(20)) > 1);
  }
});

test('an animated PNG has all frames without loss; programs that do not know it see the first', async () => {
  const { file } = await writeWithFrames(output, 'apng', scene(), FEW);
  const bytes = await bytesOf(file);
  const { frames, delay, plays } = readApng(bytes);
  assert.deepEqual([frames.length, delay, plays], [12, 1 / 20, 0]);
  assert.ok(difference(frames[0]!, frames[3]!) > 0.5, 'nothing moves');
  const first = decode(bytes, { checkCrc: true });
  assert.deepEqual(new Uint8Array(first.data), new Uint8Array(frames[0]!));
  assert.equal(pngMarkOf(bytes), 'view');
});

test('an animated WebP has every picture in its place, for whole milliseconds that add up', async () => {
  const { file } = await writeWithFrames(output, 'webp', scene(), { ...FEW, fps: 60 });
  assert.deepEqual([file.suffix, file.blob.type], ['_circle.webp', 'image/webp']);
  const webp = readWebp(await bytesOf(file));
  assert.deepEqual([webp.width, webp.height, webp.plays], [96, 72, 0]);
  assert.deepEqual(webp.pictures, Array(12).fill('VP8L 3'));
  assert.equal(
    webp.ms.reduce((a, b) => a + b, 0),
    12 * (1000 / 60),
  );
  assert.ok(webp.ms.every((ms) => ms === 16 || ms === 17));
});

test('frames come as numbered PNG files in a ZIP', async () => {
  const { file } = await writeWithFrames(output, 'frames', scene(), { ...FEW, move: 'swing' });
  assert.equal(file.suffix, '_swing_frames.zip');
  const bytes = await bytesOf(file);
  const files = unzipSync(bytes);
  assert.deepEqual(Object.keys(files).slice(0, 2), ['synthetic_0001.png', 'synthetic_0002.png']);
  assert.equal(Object.keys(files).length, 12);
  for (const png of Object.values(files)) assert.deepEqual([decode(png).width, decode(png).height], [96, 72]);
});

test('a cancel is heard between frames, and no frame stays open', async () => {
  for (const { id } of output.products) {
    const stop = new AbortController();
    const reason = new Error('enough');
    let drawn = 0;
    const onFrame = (frames: number): void => {
      drawn = frames;
      if (frames === 2) stop.abort(reason);
    };
    await assert.rejects(
      writeWithFrames(output, id, scene(), { ...FEW, frames: 600, views: 9 }, { signal: stop.signal, onFrame }),
      (error) => error === reason,
    );
    assert.ok(drawn <= 3, `${id}: ${drawn} frames were drawn`);
  }
});
