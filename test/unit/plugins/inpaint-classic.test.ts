import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, fillSmooth } from '../../helpers/heart.ts';

const WIDTH = 160;
const HEIGHT = 120;

type Colour = readonly [number, number, number];

/** Brick courses of 8 pixels with light joints, every second one shifted by half a brick. */
function brick(x: number, y: number): Colour {
  const course = Math.floor(y / 8);
  const joint = y % 8 < 2 || (x + (course % 2) * 8) % 16 < 2;
  return joint ? [200, 190, 180] : [150, 70, 50];
}

/** A wall with a hole 40 wide in its middle; what stands before it is pure green, and not context. */
function wall(truth: (x: number, y: number) => Colour) {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const hole = new Uint8Array(WIDTH * HEIGHT);
  const context = new Uint8Array(WIDTH * HEIGHT);
  const disparity = new Float32Array(WIDTH * HEIGHT).fill(0.2);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      const inHole = x >= 60 && x < 100 && y >= 20 && y < 100;
      const before = y >= 100 && x >= 60 && x < 100;
      // The host's first guess: the nearest colour of the same row, two pixels inside.
      const seen = inHole ? truth(x < 80 ? 57 : 102, y) : truth(x, y);
      rgba.set(before ? [0, 255, 0, 255] : [...seen, 255], i * 4);
      if (inHole) hole[i] = 1;
      else if (!before) context[i] = 255;
      if (before) disparity[i] = 0.8;
    }
  }
  return { width: WIDTH, height: HEIGHT, rgba, hole, context, disparity, sameSurface: 0.02 };
}

/** Correlation of the red channel with the truth over the hole, leaving out a rim of 4 pixels that any fill gets right. */
function likeness(rgba: Uint8ClampedArray, truth: (x: number, y: number) => Colour): number {
  let n = 0,
    a = 0,
    b = 0,
    aa = 0,
    bb = 0,
    ab = 0;
  for (let y = 24; y < 96; y++) {
    for (let x = 64; x < 96; x++) {
      const p = rgba[(y * WIDTH + x) * 4]!;
      const t = truth(x, y)[0];
      n++;
      a += p;
      b += t;
      aa += p * p;
      bb += t * t;
      ab += p * t;
    }
  }
  return (n * ab - a * b) / Math.sqrt((n * aa - a * a) * (n * bb - b * b));
}

test('a brick wall goes on through a hole', () => {
  const input = wall(brick);
  const smooth = likeness(fillSmooth(input), brick);
  const textured = likeness(fill(input), brick);
  assert.ok(textured > 0.7 && textured > smooth + 0.3, `correlation ${textured.toFixed(2)}, smooth fill ${smooth.toFixed(2)}`);
});

test('upright stripes go on through a hole', () => {
  const stripes = (x: number): Colour => (x % 8 < 4 ? [170, 160, 140] : [120, 112, 110]);
  const input = wall(stripes);
  const smooth = likeness(fillSmooth(input), stripes);
  const textured = likeness(fill(input), stripes);
  assert.ok(textured > 0.8 && textured > smooth + 0.2, `correlation ${textured.toFixed(2)}, smooth fill ${smooth.toFixed(2)}`);
});

test('the foreground lends no colour, and known pixels stay as they are', () => {
  const input = wall(brick);
  const before = input.rgba.slice();
  const filled = fill(input);
  assert.deepEqual(input.rgba, before, 'the input is not written to');
  for (let i = 0; i < input.hole.length; i++) {
    if (input.hole[i]) {
      // Every colour of the wall is redder than it is green.
      assert.ok(filled[i * 4]! >= filled[i * 4 + 1]! && filled[i * 4 + 3] === 255, `pixel ${i % WIDTH}, ${Math.floor(i / WIDTH)}`);
    } else assert.deepEqual([...filled.subarray(i * 4, i * 4 + 4)], [...before.subarray(i * 4, i * 4 + 4)]);
  }
});

test('a plain wall stays plain', () => {
  const plain = (): Colour => [120, 110, 100];
  const input = wall(plain);
  const filled = fill(input);
  for (let i = 0; i < input.hole.length; i++) {
    if (input.hole[i]) for (let c = 0; c < 3; c++) assert.ok(Math.abs(filled[i * 4 + c]! - plain()[c]!) <= 2);
  }
});

test('another depth lends no pattern', () => {
  const input = wall((x, y) => (x < 60 ? [100, 100, 100] : brick(x, y)));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) input.disparity[y * WIDTH + x] = x < 80 ? 0.2 : 0.5;
  }
  const filled = fill(input);
  for (let y = 24; y < 96; y++) {
    for (let x = 60; x < 72; x++) {
      const i = (y * WIDTH + x) * 4;
      assert.ok(Math.abs(filled[i]! - filled[i + 2]!) < 45, `brick at ${x}, ${y}`);
    }
  }
});

test('the same picture is always filled alike', () => {
  assert.deepEqual(fill(wall(brick)), fill(wall(brick)));
});

test('nothing to look at, nothing but holes, nothing to fill, and the smallest pictures are filled without complaint', () => {
  const input = wall(brick);
  const blind = fill({ ...input, context: new Uint8Array(input.context.length) });
  assert.equal(blind.length, input.rgba.length);
  const all = fill({ ...input, hole: new Uint8Array(input.hole.length).fill(1), context: new Uint8Array(input.hole.length) });
  assert.equal(all.length, input.rgba.length);
  assert.deepEqual(fill({ ...input, hole: new Uint8Array(input.hole.length) }), input.rgba);
  for (const [width, height] of [
    [1, 1],
    [2, 1],
    [1, 9],
    [7, 3],
  ] as const) {
    const n = width * height;
    const tiny = {
      width,
      height,
      rgba: new Uint8ClampedArray(n * 4).fill(90),
      hole: new Uint8Array(n).fill(1, 0, 1),
      context: new Uint8Array(n).fill(255, 1),
      disparity: new Float32Array(n),
      sameSurface: 0,
    };
    const filled = fill(tiny);
    assert.equal(filled.length, n * 4);
    if (n > 1) assert.ok(Math.abs(filled[0]! - 90) <= 1);
  }
});

/** Edges of stripes that lean by `lean` pixels a row; what stands before them is a disc, whose outline they meet at all angles. */
function leaning(lean: number) {
  const truth = (x: number, y: number): Colour => ((((x - lean * y) % 40) + 40) % 40 < 20 ? [210, 200, 60] : [40, 60, 150]);
  const input = wall(truth);
  for (let i = 0; i < input.hole.length; i++) {
    const x = (i % WIDTH) - 80;
    const y = Math.floor(i / WIDTH) - 60;
    const far = Math.hypot(x, y);
    input.hole[i] = far < 36 && far > 24 ? 1 : 0;
    input.context[i] = far >= 36 ? 255 : 0;
    input.disparity[i] = far <= 24 ? 0.8 : 0.2;
    // The nearest colour, outward from the middle.
    const out = 37.5 / Math.max(1, far);
    const seen = far < 36 ? truth(Math.round(80 + x * out), Math.round(60 + y * out)) : truth(i % WIDTH, Math.floor(i / WIDTH));
    input.rgba.set([...seen, 255], i * 4);
  }
  return { input, truth };
}

for (const lean of [0, 0.5, 1]) {
  test(`edges that lean by ${lean} go on straight behind a round thing`, () => {
    const { input, truth } = leaning(lean);
    const painted = fill(input);
    let right = 0,
      guessed = 0,
      count = 0;
    for (let i = 0; i < input.hole.length; i++) {
      const far = Math.hypot((i % WIDTH) - 80, Math.floor(i / WIDTH) - 60);
      if (!input.hole[i] || far < 28) continue;
      const isLight = truth(i % WIDTH, Math.floor(i / WIDTH))[0] > 125;
      count++;
      if (painted[i * 4]! > 125 === isLight) right++;
      if (input.rgba[i * 4]! > 125 === isLight) guessed++;
    }
    assert.ok(
      1 - right / count < 0.6 * (1 - guessed / count),
      `${count - right} of ${count} pixels are on the wrong side, ${count - guessed} in the first guess`,
    );
  });
}

test('a chequered floor goes on in perspective, with squares of the right size', () => {
  const [width, height] = [320, 240];
  const n = width * height;
  const input = {
    width,
    height,
    rgba: new Uint8ClampedArray(n * 4).fill(255),
    hole: new Uint8Array(n),
    context: new Uint8Array(n),
    disparity: new Float32Array(n),
    sameSurface: 0.02,
    perspective: { cx: 160, cy: 20, infinity: 0.05 },
  };
  const inverse = (y: number) => 0.05 + (0.9 * y) / height;
  const isLight = (x: number, y: number) => (Math.floor((x - 160) / inverse(y) / 60 + 100) + Math.floor(12 / inverse(y))) % 2 === 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const isHole = x >= 130 && x < 190 && y >= 100 && y < 200;
      input.disparity[i] = inverse(y) - 0.05;
      input[isHole ? 'hole' : 'context'][i] = isHole ? 1 : 255;
      const seen = isHole ? isLight(x < 160 ? 128 : 191, y) : isLight(x, y);
      input.rgba.fill(seen ? 220 : 40, i * 4, i * 4 + 3);
    }
  }
  const filled = fill(input);
  const isCrisp = (i: number) => filled[i * 4]! > 180 || filled[i * 4]! < 80;
  let crisp = 0;
  let right = 0;
  let count = 0;
  for (let y = 110; y < 190; y++) {
    for (let x = 138; x < 182; x++) {
      count++;
      if (isCrisp(y * width + x)) crisp++;
      if (filled[(y * width + x) * 4]! > 130 === isLight(x, y)) right++;
    }
  }
  assert.ok(crisp > 0.8 * count, `${crisp} of ${count} pixels are light or dark, not between`);
  assert.ok(right > 0.7 * count, `${right} of ${count} pixels are as in the floor`);
});

test('beyond the border a bold pattern goes on, and does not fade', () => {
  const margin = 40;
  const input = wall(() => [0, 0, 0]);
  const side = 15;
  const tile = (x: number, y: number): Colour => {
    const [u, v] = [Math.floor((x + y / 3) / side), Math.floor((y - x / 3) / side)];
    return (u + v) % 2 === 0 ? [235, 225, 200] : [70, 20, 30];
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      const isSeen = x >= margin;
      input.rgba.set([...tile(Math.max(margin + 2, x), y), 255], i * 4);
      input.hole[i] = isSeen ? 0 : 1;
      input.context[i] = isSeen ? 255 : 0;
      input.disparity[i] = 0.2;
    }
  }
  const filled = fill({ ...input, perspective: { cx: WIDTH / 2, cy: HEIGHT / 2, infinity: 0.05 } });
  let right = 0;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < margin; x++) if (Math.abs(filled[(y * WIDTH + x) * 4]! - tile(x, y)[0]) < 50) right++;
  assert.ok(right > 0.8 * margin * HEIGHT, `${right} of ${margin * HEIGHT} pixels are as in the pattern`);
});

test('beyond the border leaves stay leaves: as lively as in the photo, with their rims, and in their colours', () => {
  const margin = 40;
  const input = wall(() => [0, 0, 0]);
  /** Blots of two greens and a dark gap between them, each 7 pixels wide. */
  const leaf = (x: number, y: number): Colour => {
    const blot = (Math.floor(x / 7) * 37 + Math.floor(y / 7) * 91 + (Math.floor(x / 7) ^ Math.floor(y / 7)) * 13) % 5;
    return blot === 0 ? [20, 30, 15] : blot < 3 ? [60, 150, 40] : [110, 190, 80];
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      const isSeen = x >= margin;
      input.rgba.set([...leaf(Math.max(margin, x), y), 255], i * 4);
      input.hole[i] = isSeen ? 0 : 1;
      // Every leaf is a thing of its own, so that the host trusts few of their pixels.
      input.context[i] = isSeen ? (x % 7 === 3 && y % 7 === 3 ? 255 : 16) : 0;
      input.disparity[i] = 0.5 + (isSeen ? 0.02 * ((Math.floor(x / 7) + Math.floor(y / 7)) % 4) : 0);
    }
  }
  const filled = fill(input);
  const liveliness = (from: number, to: number): number => {
    let sum = 0;
    for (let y = 10; y < HEIGHT - 10; y++)
      for (let x = from; x < to; x++) sum += Math.abs(filled[(y * WIDTH + x) * 4 + 1]! - filled[(y * WIDTH + x) * 4 + 5]!);
    return sum / (to - from) / (HEIGHT - 20);
  };
  const seen = liveliness(margin, margin + 36);
  assert.ok(liveliness(2, margin - 2) > 0.7 * seen, `${liveliness(2, margin - 2)} of ${seen}`);
});
