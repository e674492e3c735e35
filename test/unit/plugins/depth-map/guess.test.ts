import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../../plugins/depth-map/index.ts';
import { isDoubtful, readingWords } from '../../../../src/app/reading-words.ts';
import { npyFile, pngFile } from '../../../fixtures/depth-files.ts';
import { photoOf, testContext } from '../../../fixtures/plugin-context.ts';
import { correlation, DEFAULTS, run, stretched } from '../../../fixtures/run-depth-map.ts';
import { falseCollage, trueCollage } from '../../../fixtures/worlds/collages.ts';
import { FORMS, trueDisparity } from '../../../fixtures/worlds/forms.ts';
import { world, type World } from '../../../fixtures/worlds/render.ts';

const [WIDTH, HEIGHT] = [160, 120];
/** What a good model says: the truth, coarse. */
const modelOf = (each: World) => ({ width: WIDTH, height: HEIGHT, disparity: trueDisparity(each) });
const garden = world(2, WIDTH, HEIGHT);

test('a depth camera’s file of a garden: white is far, holes are filled, the sky is far', async () => {
  for (const model of [modelOf(garden), undefined]) {
    const { result, context } = await run({
      raster: garden.photo,
      photo: new Uint8Array(),
      map: FORMS.millimetres!.file(garden),
      options: { turn: 'none' },
      ...(model && { model }),
    });
    assert.deepEqual([result.reading?.nearIs, result.reading?.kind], ['low', 'distance']);
    const right = correlation(result.depth.disparity, trueDisparity(garden));
    assert.ok(right > 0.95, `correlation ${right}`);
    assert.match(context.notes.join(), /map\.png was read as distances, judging by .* set flip to true\./);
  }
});

test('zeros of a disparity map are its sky, not holes of a depth camera', async () => {
  const disparity = trueDisparity(garden);
  // Neither stretched nor faint: as a program saves what a model gave, ×10.
  const samples = Array.from(disparity, (d) => (d === 0 ? 0 : Math.round(2000 + 18_000 * d)));
  const { result } = await run({
    raster: garden.photo,
    photo: new Uint8Array(),
    map: { name: 'map.png', bytes: pngFile({ width: WIDTH, height: HEIGHT, bits: 16, colourType: 0, samples }) },
    options: { turn: 'none' },
    model: modelOf(garden),
  });
  assert.equal(result.reading?.nearIs, 'high');
  assert.ok(correlation(result.depth.disparity, stretched(Float32Array.from(samples))) > 0.999);
});

test('raw disparity of a wall that leans to the front, whose name says nothing', async () => {
  const leaning = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    if (x > 115 && x < 150 && y > 15 && y < 45) return 12;
    return x > 60 && x < 90 && y > 55 && y < 95 ? 3 : 2 * (1 - y / (HEIGHT - 1));
  });
  const done = await run({
    raster: { width: WIDTH, height: HEIGHT, rgba: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(120) },
    photo: new Uint8Array(),
    map: { name: 'x_depth.npy', bytes: npyFile(leaning, 'f4', [HEIGHT, WIDTH]) },
  });
  assert.deepEqual([done.result.reading?.nearIs, done.result.reading?.kind], ['high', 'disparity']);
});

test('numbers are read the same in any unit, and as sure', async () => {
  const room = world(4, WIDTH, HEIGHT);
  const truth = trueDisparity(room).map((value) => 0.9 * value);
  const wall = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    i % WIDTH > 60 && i % WIDTH < 90 ? 3 : 2 * (1 - Math.floor(i / WIDTH) / (HEIGHT - 1)),
  );
  for (const [name, map, nearIs] of [
    ['metres', room.distance, 'low'],
    ['disparity', truth, 'high'],
    ['a wall', wall, 'high'],
  ] as const) {
    const readings = [];
    for (const unit of [1, 1 / 12, 1 / 4096, 1000]) {
      const bytes = npyFile(
        map.map((value) => value * unit),
        'f4',
        [HEIGHT, WIDTH],
      );
      const { result } = await run({
        raster: room.photo,
        photo: new Uint8Array(),
        map: { name: 'x.npy', bytes },
        options: { turn: 'none' },
      });
      readings.push(result.reading!);
    }
    for (const reading of readings) {
      assert.deepEqual([reading.nearIs, reading.kind], [nearIs, nearIs === 'low' ? 'distance' : 'disparity'], name);
      assert.ok(Math.abs(reading.certainty - readings[0]!.certainty) < 0.01, `${name}: ${readings.map(({ certainty }) => certainty)}`);
    }
  }
});

test('numbers from 0 to 1 that are levels turned round are seen by the model, and never taken for certain without it', async () => {
  for (const seed of [2, 3, 7, 8, 2009, 2154]) {
    const each = world(seed, WIDTH, HEIGHT);
    const bytes = npyFile(
      trueDisparity(each).map((value) => 1 - value),
      'f4',
      [HEIGHT, WIDTH],
    );
    const as = async (options: object, model?: ReturnType<typeof modelOf>) =>
      run({
        raster: each.photo,
        photo: new Uint8Array(),
        map: { name: 'x.npy', bytes },
        options: { turn: 'none', ...options },
        ...(model && { model }),
      });
    const { reading } = (await as({}, modelOf(each))).result;
    assert.equal(reading?.nearIs, 'low', `${each.kind}, ${reading?.certainty}`);
    const alone = await as({});
    assert.ok(
      alone.result.reading!.nearIs === 'low' || alone.context.notes.some((note) => note.includes('set flip')),
      `${each.kind}: wrong without a word`,
    );
    const asked = correlation((await as({ polarity: 'near-black' })).result.depth.disparity, trueDisparity(each));
    assert.ok(asked > 0.999, `${each.kind}, asked for: correlation ${asked}`);
  }
});

test('distances that a camera marks as too near to measure are near, not holes', async () => {
  const truth = trueDisparity(garden);
  const values = garden.distance.map((z, i) => (truth[i]! > 0.7 ? -Infinity : z));
  const { result } = await run({
    raster: garden.photo,
    photo: new Uint8Array(),
    map: { name: 'map.npy', bytes: npyFile(values, 'f4', [HEIGHT, WIDTH]) },
    options: { turn: 'none' },
    model: modelOf(garden),
  });
  assert.equal(result.reading?.kind, 'distance');
  truth.forEach((d, i) => d > 0.7 && assert.ok(result.depth.disparity[i]! > 0.95, `${result.depth.disparity[i]} at ${i}`));
});

test('flipping a guess takes the other reading; of a format that says it, near and far are swapped', async () => {
  const metres = FORMS.metres!.file(garden);
  const as = async (options: object) =>
    (
      await run({
        raster: garden.photo,
        photo: new Uint8Array(),
        map: metres,
        options: { turn: 'none', ...options },
        model: modelOf(garden),
      })
    ).result;
  const [found, flipped] = [await as({}), await as({ flip: true })];
  assert.equal(found.reading?.kind, 'distance');
  assert.deepEqual([flipped.reading?.kind, flipped.reading?.nearIs, flipped.reading?.certainty], ['disparity', 'high', 1]);
  const known = world(3, WIDTH, HEIGHT);
  const asked = await run({
    raster: known.photo,
    photo: new Uint8Array(),
    map: FORMS['white near, 16 bit']!.file(known),
    options: { turn: 'none', polarity: 'near-white', flip: true },
  });
  const right = correlation(asked.result.depth.disparity, trueDisparity(known));
  assert.ok(right < -0.999, `correlation ${right}`);
});

test('the model is asked only where something has to be guessed', async () => {
  let asked = 0;
  const estimate = async (options: object) => {
    const context = testContext(undefined, undefined, () => Promise.resolve((asked++, modelOf(garden))));
    return depthMap.estimate(
      {
        photo: photoOf(garden.photo),
        file: { name: 'photo.jpg', bytes: new Uint8Array() },
        map: FORMS['white near, 8 bit']!.file(garden),
        options: { ...DEFAULTS, turn: 'none', ...options },
      },
      context,
    );
  };
  for (const options of [{ polarity: 'near-white' }, { polarity: 'near-black' }, { exact: true }]) await estimate(options);
  assert.equal(asked, 0);
  await estimate({});
  assert.equal(asked, 1);
});

test('how sure a guess is, in words, and only a doubtful one asks to look', () => {
  const reading = (certainty: number) => ({ nearIs: 'low' as const, kind: 'disparity' as const, certainty, evidence: [] });
  assert.equal(readingWords(reading(0.1)), 'Light was read as far, which is a guess.');
  assert.equal(readingWords(reading(0.6)), 'Light was read as far, which is likely, but not certain.');
  assert.deepEqual(
    [0.1, 0.84, 0.85, 1].map((certainty) => isDoubtful(reading(certainty))),
    [true, true, false, false],
  );
});

test('photo and depth in one picture are told from a photo beside something grey', async () => {
  const worlds = Array.from({ length: 16 }, (_, k) => world(5000 + k, WIDTH, HEIGHT));
  let [found, kept, ways] = [0, 0, 0];
  const missed: string[] = [];
  for (const [k, each] of worlds.entries()) {
    const detect = async (raster: World['photo']) => {
      const context = testContext(undefined, undefined, () => Promise.resolve(modelOf(each)));
      const input = { photo: photoOf(raster), file: { name: 'photo.png', bytes: new Uint8Array() }, options: DEFAULTS };
      return (await depthMap.detect!(input, context)) ? depthMap.estimate(input, context) : undefined;
    };
    const collage = trueCollage(each, k);
    const result = await detect(collage.raster);
    found += Number(result !== undefined);
    ways += Number(result?.reading?.nearIs === collage.nearIs);
    if (!result) missed.push(`${each.kind} ${each.seed}, ${collage.kind}`);
    const other = falseCollage(each, worlds[(k + 5) % worlds.length]!, k);
    if (await detect(other.raster)) missed.push(`${other.kind} beside ${each.kind} ${each.seed}`);
    else kept++;
  }
  assert.ok(
    found >= 15 && kept >= 15 && ways >= found - 1,
    `${found} of 16 found, ${ways} the right way round, ${kept} of 16 others left alone: ${missed.join('; ')}`,
  );
});
