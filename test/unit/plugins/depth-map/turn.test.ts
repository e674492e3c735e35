import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish } from 'unflat/plugin';
import depthMap from '../../../../plugins/depth-map/index.ts';
import { fileOrientation } from '../../../../plugins/depth-map/exif-orientation.ts';
import { findTurn } from '../../../../plugins/depth-map/find-turn.ts';
import { turnUpright } from '../../../../plugins/depth-map/turn-upright.ts';
import type { RawDepth } from '../../../../plugins/depth-map/raw-depth.ts';
import { inverseTurn } from '../../../../plugins/depth-map/asked-turn.ts';
import type { OptionValues } from '../../../../src/plugin-api/index.ts';
import { exif, jpegFile, pngChunk, pngFile, withSegments } from '../../../fixtures/depth-files.ts';
import { testContext } from '../../../fixtures/plugin-context.ts';
import { DEFAULTS } from '../../../fixtures/run-depth-map.ts';
import { rawMap, samplePairs, TREATMENTS, world, type Pair } from '../../../fixtures/turned-maps.ts';

const pngOf = ({ width, height, values }: RawDepth, extra: Uint8Array[] = []): Uint8Array =>
  pngFile({ width, height, bits: 8, colourType: 0, samples: [...values].map(Math.round), extra });
const eXIf = (orientation: number): Uint8Array => pngChunk('eXIf', exif(orientation).subarray(10));

/** Converts with that map's file. @returns the disparity's correlation with the true map, and what was said. */
async function run(
  { photo, map }: Pair,
  file: Uint8Array,
  { options = {}, photoFile = jpegFile(photo) }: { options?: OptionValues; photoFile?: Uint8Array } = {},
) {
  const context = testContext();
  const input = {
    photo,
    file: { name: 'photo.jpg', bytes: photoFile },
    map: { name: 'photo_depth.png', bytes: file },
    options: { ...DEFAULTS, polarity: 'near-white', ...options },
  };
  const { depth } = await depthMap.estimate(input, context);
  return {
    depth,
    right: depth.width === map.width && depth.height === map.height ? correlation(depth.disparity, map.values) : NaN,
    ...context,
  };
}

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i]! - mb);
    aa += (value - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

const [room] = samplePairs() as [Pair];

test('a map in the orientation of the sensor is turned like its photo, and that is said', async () => {
  const photoFile = withSegments(jpegFile(room.photo), exif(3));
  const { right, notes } = await run(room, pngOf(turnUpright(room.map, 3)), { photoFile });
  assert.ok(right > 0.999, `correlation ${right}`);
  assert.deepEqual(notes, [
    'photo_depth.png was turned by 180°, because its edges then lie on those of photo.jpg. If that is wrong, set turn.',
  ]);
});

test('the person can overrule it: as it is, or any of the eight ways', async () => {
  const upsideDown = turnUpright(room.map, 3);
  const left = await run(room, pngOf(upsideDown), { options: { turn: 'none', polarity: 'near-white' } });
  assert.ok(correlation(left.depth.disparity, upsideDown.values) > 0.999);
  assert.deepEqual(left.notes, []);
  const stored: Record<string, number> = { 90: 8, 180: 3, 270: 6, mirror: 2, 'mirror-90': 7, 'mirror-180': 4, 'mirror-270': 5 };
  for (const [turn, orientation] of Object.entries(stored)) {
    const { right } = await run(room, pngOf(turnUpright(room.map, orientation)), { options: { turn } });
    assert.ok(right > 0.999, `${turn}: ${right}`);
  }
});

test('a map that only a quarter turn gives the shape of its photo is turned by EXIF, by its edges, or not at all', async () => {
  const [, toys] = samplePairs() as [Pair, Pair];
  const flat = pngOf(rawMap(60, 80, new Float32Array(4800).fill(7)));
  for (const orientation of [6, 8]) {
    const stored = pngOf(turnUpright(toys.map, inverseTurn(orientation)));
    const byEdges = await run(toys, stored);
    assert.ok(byEdges.right > 0.999, `${orientation} by edges: ${byEdges.right}`);
    assert.match(byEdges.notes.join(), /was turned 90° (anti)?clockwise, because its edges then lie on those of photo\.jpg/);
    const photoFile = withSegments(jpegFile(toys.photo), exif(orientation));
    const byExif = await run(toys, flat, { photoFile });
    assert.deepEqual([byExif.depth.width, byExif.depth.height], [80, 60]);
    assert.match(
      byExif.notes.join(),
      orientation === 6 ? /turned 90° clockwise, because it then has the shape of photo\.jpg/ : /turned 90° anticlockwise/,
    );
  }
  await assert.rejects(run(toys, flat), {
    code: 'bad-depth',
    message:
      /photo_depth\.png: it is 60 × 80, but photo\.jpg is \d+ × \d+: it seems to be turned by 90°\. Turn the map and try again, or set turn\./,
  });
});

test("a map's own EXIF is obeyed, in PNG too, unless its edges show that it is upright already", async () => {
  const stored = await run(room, pngOf(turnUpright(room.map, 3), [eXIf(3)]));
  assert.ok(stored.right > 0.999);
  assert.deepEqual(stored.notes, []);
  const copied = await run(room, pngOf(room.map, [eXIf(3)]));
  assert.ok(copied.right > 0.999, `EXIF copied from the photo: ${copied.right}`);
  assert.match(copied.notes.join(), /turned by 180°/);
});

test('the orientation is read from JPEG, PNG, WebP and TIFF; what lies or is cut off says nothing', () => {
  const tiff = exif(6).subarray(10);
  const chunk = (bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from('EXIF'), Buffer.from([bytes.length, 0, 0, 0]), bytes]);
  const webp = (bytes: Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0'), new Uint8Array(10), chunk(bytes)]);
  const files: [string, Uint8Array, number | undefined][] = [
    ['JPEG', withSegments(jpegFile({ width: 8, height: 8, rgba: new Uint8ClampedArray(256) }), exif(6)), 6],
    ['PNG', pngOf(rawMap(2, 2, new Float32Array(4)), [eXIf(8)]), 8],
    ['WebP', webp(tiff), 6],
    ['WebP with a mark', webp(Buffer.concat([Buffer.from('Exif\0\0'), tiff])), 6],
    ['TIFF, little-endian', exif(5).subarray(10), 5],
    ['TIFF, big-endian', exif(7, false).subarray(10), 7],
    ['no orientation', pngOf(rawMap(2, 2, new Float32Array(4))), undefined],
    ['an orientation that does not exist', pngOf(rawMap(2, 2, new Float32Array(4)), [eXIf(9)]), undefined],
  ];
  for (const [what, bytes, orientation] of files) {
    assert.equal(fileOrientation(bytes), orientation, what);
    for (let length = 0; length < bytes.length; length += 3) fileOrientation(bytes.subarray(0, length));
  }
});

/** A map as a square model gives it: a part of the photo, wider or narrower, in 300 × 300 samples; 0 beside the photo. */
function square({ width, height, values }: RawDepth, scaleX = 1, scaleY = 1): RawDepth {
  return rawMap(
    300,
    300,
    Float32Array.from({ length: 300 * 300 }, (_, i) => {
      const x = Math.floor((0.5 + (((i % 300) + 0.5) / 300 - 0.5) * scaleX) * width);
      const y = Math.floor((0.5 + ((Math.floor(i / 300) + 0.5) / 300 - 0.5) * scaleY) * height);
      return x >= 0 && y >= 0 && x < width && y < height ? values[y * width + x]! : 0;
    }),
  );
}

test('a square map of the whole photo is stretched over it, and that is said; one of its middle, one with bars and one of another photo are refused', async () => {
  const pairs = [...samplePairs(), world(3), world(5)];
  for (const [n, pair] of pairs.entries()) {
    const aspect = pair.photo.width / pair.photo.height;
    assert.ok(aspect > 1.25, 'wider than what is stretched unasked');
    const { depth, notes } = await run(pair, pngOf(square(pair.map)));
    const back = Float32Array.from(
      pair.map.values,
      (_, i) =>
        depth.disparity[
          Math.floor((Math.floor(i / pair.map.width) * 300) / pair.map.height) * 300 +
            Math.floor(((i % pair.map.width) * 300) / pair.map.width)
        ]!,
    );
    assert.ok(correlation(back, pair.map.values) > 0.98, pair.name);
    assert.match(
      notes.join(),
      /photo_depth\.png is 300 × 300, but photo\.jpg is \d+ × \d+: the map is the whole photo squeezed into a square/,
    );
    const others = {
      middle: square(pair.map, 1 / aspect, 1),
      bars: square(pair.map, 1, aspect),
      'another photo': square(pairs[(n + 1) % pairs.length]!.map),
    };
    for (const [what, map] of Object.entries(others)) {
      await assert.rejects(
        run(pair, pngOf(map)),
        { code: 'bad-depth', message: /is 300 × 300, but photo\.jpg is .*Use the map of the whole photo/ },
        `${pair.name}: ${what}`,
      );
      assert.equal((await run(pair, pngOf(map), { options: { turn: 'none' } })).depth.width, 300, 'who says how it lies means it');
    }
  }
});

test('a map that lies right is left alone, whatever EXIF hints at: 204 maps of 34 made-up worlds and 36 of our samples', () => {
  const pairs = [...Array.from({ length: 34 }, (_, i) => world(i + 1)), ...samplePairs(), ...samplePairs(true)];
  for (const pair of pairs) {
    for (const [treatment, treat] of Object.entries(TREATMENTS))
      assert.equal(finish(findTurn(treat(pair.map), pair.photo, [2, 3, 4, 5, 6, 7, 8])).orientation, 1, `${pair.name}, ${treatment}`);
  }
});

test('a map that lies otherwise is turned back, whichever way it lies', () => {
  let [turned, found] = [0, 0];
  const pairs = [...Array.from({ length: 12 }, (_, i) => world(i + 101, 160, 160)), ...samplePairs(true)];
  for (const pair of pairs) {
    for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
      const answer = finish(findTurn(turnUpright(pair.map, orientation), pair.photo, [])).orientation;
      turned++;
      if (answer === inverseTurn(orientation)) found++;
      else assert.equal(answer, 1, `${pair.name} lies ${orientation}: turned wrongly`);
    }
  }
  assert.ok(found >= 0.95 * turned, `${found} of ${turned} were found`);
});

test('a map without edges is left alone, whatever EXIF says', () => {
  const { photo } = room;
  const slope = rawMap(
    80,
    60,
    Float32Array.from({ length: 4800 }, (_, i) => Math.floor(i / 80)),
  );
  for (const map of [
    slope,
    rawMap(80, 60, new Float32Array(4800)),
    rawMap(80, 60, new Float32Array(4800).fill(NaN)),
    rawMap(1, 1, new Float32Array(1)),
  ]) {
    assert.equal(finish(findTurn(map, { ...photo, originalWidth: map.width, originalHeight: map.height }, [3])).orientation, 1);
  }
});
