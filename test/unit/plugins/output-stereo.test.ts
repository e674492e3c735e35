import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { composeEyes } from '../../../plugins/output-stereo/compose-eyes.ts';
import { depthCheck } from '../../../plugins/output-stereo/depth-check.ts';
import { labelDepth } from '../../../plugins/output-stereo/label-depth.ts';
import output from '../../../plugins/output-stereo/index.ts';
import { floatingWindow, rigOf } from '../../../plugins/output-stereo/rig.ts';
import { mpfEntries } from '../../../plugins/depth-map/mpf-entries.ts';
import { parseJpeg } from '../../../plugins/depth-map/parse-jpeg.ts';
import { hasJpegMark, inverseDepth, type Raster, type Scene } from '../../../src/core/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { BOX, SKY, WALL, syntheticScene } from '../../fixtures/scene.ts';

const WIDTH = 240;
const HEIGHT = 180;
const scene = (): Scene => ({ ...syntheticScene({ width: WIDTH, height: HEIGHT, margin: 60 }), eyebox: { x: 0.05, y: 0.05, z: 0.1 } });
const OPEN = { comfortable: false, depth: 5, crop: false, window: false, picture: 'png' };

/** Both eyes' pictures, and the cameras that drew them. */
async function pairOf(options: object = {}, of = scene()) {
  const written = await writeWithFrames(output, 'left-right', of, { ...OPEN, ...options });
  const files = unzipSync(await bytesOf(written.file));
  const [left, right] = Object.values(files).map((bytes) => decode(bytes));
  assert.deepEqual(Object.keys(files), ['synthetic_L.png', 'synthetic_R.png']);
  return { left: left!, right: right!, ...written };
}

type Png = ReturnType<typeof decode>;
type Raw = { data: Uint8Array; width: number };

/** By how many pixels what is round (x, y) in the left picture lies further right there than in the right one, measured. */
function measured(left: Png, right: Png, x: number, y: number): number {
  const costs: number[] = [];
  const most = 16;
  for (let shift = -most; shift <= most; shift++) {
    let cost = 0;
    for (let v = -12; v <= 12; v++) {
      for (let u = -12; u <= 12; u++) {
        for (let c = 0; c < 3; c++) {
          const a = left.data[((y + v) * left.width + x + u) * left.channels + c]!;
          const b = right.data[((y + v) * right.width + x + u - shift) * right.channels + c]!;
          cost += (a - b) ** 2;
        }
      }
    }
    costs.push(cost);
  }
  const best = costs.indexOf(Math.min(...costs));
  const [before = Infinity, here = 0, after = Infinity] = [costs[best - 1], costs[best], costs[best + 1]];
  return best - most + (before - after) / (2 * (before - 2 * here + after) || 1);
}

/** Points on the box, the wall and in the sky, with their disparities. */
const POINTS = [
  [WIDTH / 2, HEIGHT / 2, BOX],
  [WIDTH / 5, (HEIGHT * 3) / 5, WALL],
  [WIDTH / 2, HEIGHT / 8, SKY],
] as const;

/** Whether the eyes are the right way round: what is nearer must lie further right in the left eye's picture. */
function eyesAreRight(left: Png, right: Png): boolean {
  const [near, middle, far] = POINTS.map(([x, y]) => measured(left, right, Math.round(x), Math.round(y)));
  return near! > middle! && middle! > far!;
}

test('disparity between the eyes is that of the geometry, within half a pixel', async () => {
  const of = scene();
  for (const convergence of [0, 50, 100]) {
    const { left, right } = await pairOf({ convergence });
    assert.deepEqual([left.width, left.height], [WIDTH, HEIGHT]);
    const rig = rigOf(of, of.lens.fx, { depth: 0.05, convergence: convergence / 100 });
    for (const [x, y, d] of POINTS) {
      const expected = WIDTH * rig.baseline * (inverseDepth(of.lens, d) - rig.screen);
      const found = measured(left, right, Math.round(x), Math.round(y));
      assert.ok(Math.abs(found - expected) <= 0.5, `convergence ${convergence}, disparity ${d}: ${found} instead of ${expected} px`);
    }
  }
});

test('the range of disparities is as wide as asked for, and what lies on the screen has none', async () => {
  const { left, right } = await pairOf({ depth: 4, convergence: 100 });
  const [near, , far] = POINTS.map(([x, y]) => measured(left, right, Math.round(x), Math.round(y)));
  assert.ok(Math.abs(near!) < 0.5, `${near}`);
  assert.ok(Math.abs(near! - far! - 0.04 * WIDTH) < 0.6, `${near! - far!}`);
});

test('swapped eyes are found by the sign of depth', async () => {
  const { left, right } = await pairOf();
  assert.equal(eyesAreRight(left, right), true);
  assert.equal(eyesAreRight(right, left), false);
});

test('comfortable depth keeps what is nearest and farthest within its limits', () => {
  for (const convergence of [0, 0.5, 0.75, 1]) {
    const { baseline, screen, near, far } = rigOf({ ...scene(), eyebox: { x: 9, y: 9, z: 9 } }, 1, { convergence });
    assert.ok(baseline > 0 && baseline * (near - screen) <= 0.012 + 1e-9 && baseline * (screen - far) <= 0.02 + 1e-9);
  }
  const narrow = rigOf({ ...scene(), eyebox: { x: 0.001, y: 0.001, z: 1 } }, 1, { depth: 0.08, convergence: 0.5 });
  assert.equal(narrow.baseline, 0.002);
});

test('each layout has both eyes where its name says', async () => {
  const { left, right } = await pairOf();
  const at = ({ data, channels, width }: Png, x: number, y: number) => [
    ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
  ];
  const read = async (layout: string, product = 'stereo') => {
    const { file } = await writeWithFrames(output, product, scene(), { ...OPEN, layout });
    return { png: decode(await bytesOf(file)), suffix: file.suffix };
  };
  const [x, y] = [50, 100];
  const parallel = await read('parallel');
  assert.equal(parallel.suffix, '_3d_LR.png');
  assert.deepEqual([parallel.png.width, parallel.png.height], [2 * WIDTH, HEIGHT]);
  assert.deepEqual([at(parallel.png, x, y), at(parallel.png, WIDTH + x, y)], [at(left, x, y), at(right, x, y)]);
  const crossed = await read('crossed');
  assert.equal(crossed.suffix, '_3d_RL.png');
  assert.deepEqual([at(crossed.png, x, y), at(crossed.png, WIDTH + x, y)], [at(right, x, y), at(left, x, y)]);
  const above = await read('top-bottom');
  assert.equal(above.suffix, '_3d_TB.png');
  assert.deepEqual([at(above.png, x, y), at(above.png, x, HEIGHT + y)], [at(left, x, y), at(right, x, y)]);
  const half = await read('half');
  assert.equal(half.suffix, '_3d_HSBS.png');
  assert.deepEqual([half.png.width, half.png.height], [WIDTH, HEIGHT]);
  const mean = at(left, x, y).map((value, c) => (value + at(left, x + 1, y)[c]! + 1) >> 1);
  assert.deepEqual(at(half.png, x / 2, y), mean);
  const halfAbove = await read('half-top-bottom');
  assert.deepEqual([halfAbove.png.width, halfAbove.png.height], [WIDTH, HEIGHT]);
  const rows = await read('interlaced');
  assert.deepEqual([at(rows.png, x, 100), at(rows.png, x, 101)], [at(left, x, 100), at(right, x, 101)]);
  const grey = await read('grey');
  assert.equal(grey.suffix, '_3d_anaglyph.png');
  const luma = ([r = 0, g = 0, b = 0]: number[]) => Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  assert.deepEqual(at(grey.png, x, y), [luma(at(left, x, y)), luma(at(right, x, y)), luma(at(right, x, y))]);
  assert.equal((await read('parallel', 'anaglyph')).suffix, '_3d_anaglyph.png');
});

test('red-cyan after Dubois keeps grey nearly grey, and each eye’s picture in its own colours', () => {
  const flat = (value: number): Raster => ({ width: 2, height: 2, rgba: new Uint8ClampedArray(16).fill(value) });
  const grey = composeEyes(flat(128), flat(128), 'dubois').rgba;
  for (let c = 0; c < 3; c++) assert.ok(Math.abs(grey[c]! - 128) < 4, `${grey[c]}`);
  const onlyLeft = composeEyes(flat(200), flat(0), 'dubois').rgba;
  const onlyRight = composeEyes(flat(0), flat(200), 'dubois').rgba;
  assert.ok(onlyLeft[0]! > 200 && onlyLeft[1]! < 10 && onlyLeft[2]! < 10);
  assert.ok(onlyRight[0]! < 10 && onlyRight[1]! > 200 && onlyRight[2]! > 200);
});

test('a floating window hides the edge of what comes out and is cut off, and nothing else', async () => {
  const near = scene();
  // A near strip at the left edge.
  for (let y = 0; y < HEIGHT; y++) near.depth.disparity.fill(BOX, y * WIDTH, y * WIDTH + 30);
  const rig = rigOf(near, 1, { depth: 0.05, convergence: 0.4 });
  const strips = floatingWindow(near, 1, rig);
  assert.ok(Math.abs(strips.left - rig.baseline * (inverseDepth(near.lens, BOX) - rig.screen)) < 1e-9 && strips.left > 0.02);
  // Wall and sky lie behind the screen.
  assert.equal(strips.right, 0);
  const { left, right } = await pairOf({ window: true, convergence: 40 }, near);
  const px = Math.round(strips.left * WIDTH);
  assert.deepEqual([...left.data.slice(0, 3 * px)], Array(3 * px).fill(0));
  assert.ok(left.data[3 * px + 6]! + left.data[3 * px + 7]! + left.data[3 * px + 8]! > 0);
  assert.ok(right.data[3 * (WIDTH - 1) + 2]! + right.data[3 * (WIDTH - 1) + 1]! > 0);
});

test('MPO and JPS hold both pictures, as stereo cameras write them', async () => {
  const mpo = await writeWithFrames(output, 'mpo', scene(), OPEN);
  assert.equal(mpo.file.suffix, '_3d.mpo');
  const bytes = await bytesOf(mpo.file);
  assert.equal(hasJpegMark(bytes), true);
  const first = parseJpeg(bytes, 0)!;
  const [entry, ...more] = mpfEntries(bytes, first);
  assert.equal(more.length, 0);
  assert.equal(entry!.type, 0x020002);
  const { left, right } = await pairOf();
  /** How much an eye's picture differs from what lies from a column on, in levels. */
  const off = (picture: Raw, column: number, eye: Png): number => {
    let sum = 0;
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++)
        sum += Math.abs(picture.data[4 * (y * picture.width + column + x) + 1]! - eye.data[3 * (y * WIDTH + x) + 1]!);
    return sum / (WIDTH * HEIGHT);
  };
  const isEye = (picture: Raw, column: number, eye: Png, other: Png): void => {
    const [own, others] = [off(picture, column, eye), off(picture, column, other)];
    assert.ok(own < 12 && others > 2 * own, `${own} levels, from the other eye ${others}`);
  };
  for (const [eye, other, from] of [
    [left, right, 0],
    [right, left, entry!.start],
  ] as const) {
    const picture = jpeg.decode(bytes.subarray(from), { useTArray: true });
    assert.deepEqual([picture.width, picture.height], [WIDTH, HEIGHT]);
    isEye(picture, 0, eye, other);
  }
  const jps = await writeWithFrames(output, 'jps', scene(), OPEN);
  assert.equal(jps.file.suffix, '_3d.jps');
  const both = jpeg.decode(await bytesOf(jps.file), { useTArray: true });
  assert.deepEqual([both.width, both.height], [2 * WIDTH, HEIGHT]);
  // For crossed eyes.
  isEye(both, 0, right, left);
  isEye(both, WIDTH, left, right);
});

test('a cancel is heard, and no frame stays open', async () => {
  const reason = new Error('enough');
  for (const { id } of output.products)
    await assert.rejects(writeWithFrames(output, id, scene(), {}, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  assert.equal((await pairOf()).framesLeft, 0);
});

test('the check of the eyes writes NEAR and FAR with the depth of what is there, and a red frame where the eyes are swapped', async () => {
  const of = scene();
  const options = { ...OPEN, longerSidePx: WIDTH };
  const { left, right } = await pairOf(options, of);
  const raster = ({ width, height, data, channels }: Png): Raster => {
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[channels * i + c]!;
    return { width, height, rgba };
  };
  const camera = (await writeWithFrames(output, 'left-right', of, options)).cameras[0]!;
  const check = depthCheck(of, camera, raster(left), raster(right), 14)!;
  const rig = rigOf(of, of.lens.fx, { depth: 0.05, convergence: 0.75 });
  for (const [match, d] of [
    [check.near, BOX],
    [check.far, SKY],
  ] as const) {
    const expected = WIDTH * rig.baseline * (inverseDepth(of.lens, d) - rig.screen);
    assert.ok(Math.abs(match.leftX - match.rightX - expected) <= 1, `${match.leftX - match.rightX} instead of ${expected} px`);
  }
  assert.equal(check.isRight, true);
  // The same pictures for the wrong eyes.
  const swapped = depthCheck(of, camera, raster(right), raster(left), 14);
  assert.notEqual(swapped?.isRight, true);
  const shown = async (product: string, more: object) => {
    const { file } = await writeWithFrames(output, product, of, { ...options, check: true, ...more });
    return decode(await bytesOf(file));
  };
  const picture = await shown('stereo', { layout: 'parallel' });
  const white = (x: number, y: number): boolean =>
    [0, 1, 2].every((c) => picture.data[(y * picture.width + x) * picture.channels + c] === 255);
  /** Middle of the white dots near a place. */
  const middle = (x: number, y: number): number => {
    const xs: number[] = [];
    for (let v = y - 4; v <= y + 4; v++) for (let u = x - 20; u <= x + 20; u++) if (white(u, v)) xs.push(u);
    return xs.reduce((a, b) => a + b, 0) / xs.length;
  };
  for (const { leftX, rightX, y } of [check.near, check.far])
    assert.ok(Math.abs(middle(WIDTH + rightX, y) - WIDTH - middle(leftX, y) - (rightX - leftX)) < 0.01);
  const pictures = [raster(left), raster(right)] as const;
  labelDepth({ ...check, isRight: false }, ...pictures);
  for (const { rgba } of pictures) assert.deepEqual([...rgba.subarray(0, 3)], [220, 0, 0]);
});

test('the plan says how large a stereo file will be, and how its eyes are checked', async () => {
  for (const { id } of output.products) {
    const { bytes, sample } = await output.plan!({ product: id, scene: scene(), options: { layout: 'top-bottom', seconds: 1 } });
    assert.ok(bytes! > 0);
    assert.match(sample!.words, /NEAR must stand in front of FAR/);
    const { file } = await writeWithFrames(output, sample!.product, scene(), { seconds: 1, ...sample!.options });
    assert.match(file.suffix, /\.png$/);
  }
});
