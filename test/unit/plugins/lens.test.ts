import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import image from '../../../plugins/output-image/index.ts';
import loop from '../../../plugins/output-loop/index.ts';
import video from '../../../plugins/output-video/index.ts';
import { apertureOf } from '../../../plugins/shared/lens/aperture-of.ts';
import { filmOf } from '../../../plugins/shared/lens/film-of.ts';
import { shotOptions } from '../../../plugins/shared/moves/move-options.ts';
import type { OptionValues } from '../../../src/plugin-api/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { syntheticScene } from '../../fixtures/scene.ts';
import { readApng } from '../../helpers/read-loops.ts';

const scene = () => ({ ...syntheticScene({ width: 240, height: 180, margin: 40 }), eyebox: { x: 0.03, y: 0.03, z: 0.06 } });
const AT_BOX = { focusX: 50, focusY: 50 };
const IN_SKY = { focusX: 50, focusY: 5 };

async function picture(options: object) {
  const written = await writeWithFrames(image, 'image', scene(), { picture: 'png', ...options });
  return { ...decode(await bytesOf(written.file)), ...written };
}

type Picture = Awaited<ReturnType<typeof picture>>;

const value = ({ data, width, channels }: Picture, x: number, y: number, c: number): number => data[(y * width + x) * channels + c]!;
/** The box of the scene, in pixels, and a row in which the wall is beside it. */
const BOX = { left: 80, right: 160, top: 45, bottom: 135 };
const ROW = 100;
const RED = 0;
const BLUE = 2;

/** Light of an sRGB value, 0..1, nearly. */
const light = (level: number): number => (level / 255) ** 2.2;

test('what is at the focus stays as sharp as without a lens, and nothing of it bleeds into what is blurred behind it', async () => {
  const sharp = await picture({});
  const blurred = await picture({ ...AT_BOX, blur: 4 });
  assert.ok(blurred.cameras.length >= 16);
  assert.equal(blurred.framesLeft, 0);
  let within = 0;
  for (let y = BOX.top + 2; y < BOX.bottom - 2; y++)
    for (let x = BOX.left + 2; x < BOX.right - 2; x++)
      for (let c = 0; c < 3; c++) within = Math.max(within, Math.abs(value(sharp, x, y, c) - value(blurred, x, y, c)));
  assert.ok(within <= 3, `the box differs by ${within} levels`);
  for (const x of [BOX.left - 4, BOX.left - 7, BOX.right + 3, BOX.right + 6]) {
    assert.ok(value(blurred, x, ROW, RED) <= 6, `${value(blurred, x, ROW, RED)} of the box's red at ${x}`);
  }
  const roughness = (of: Picture): number => {
    let sum = 0;
    for (let x = 5; x < 70; x++) sum += Math.abs(value(of, x + 1, 150, BLUE) - value(of, x, 150, BLUE));
    return sum;
  };
  assert.ok(roughness(blurred) < roughness(sharp) / 3, 'the wall is not blurred');
});

test('an edge that is out of focus is as wide as asked for, and shows what is behind it', async () => {
  const blur = 4;
  const { context, ...of } = await picture({ ...IN_SKY, blur });
  assert.deepEqual(context.warnings, []);
  // The box's part of the light, from outside to inside.
  const parts = Array.from({ length: 40 }, (_, i) => light(value(of as Picture, BOX.left - 20 + i, ROW, RED)));
  const mixed = parts.filter((part) => part > 0.01 && part < 0.99).length;
  const wanted = (240 * blur) / 100;
  assert.ok(Math.abs(mixed - wanted) <= 2, `${mixed} pixels instead of ${wanted}`);
  // A disc over a straight edge: half of it inside.
  const middle = (parts[19]! + parts[20]!) / 2;
  assert.ok(Math.abs(middle - 0.5) < 0.1, `${middle}`);
  for (let i = 1; i < parts.length; i++) assert.ok(parts[i]! >= parts[i - 1]! - 0.02, 'the edge has a step back');
});

test('blur stays where something was filled in, and that is said', async () => {
  const narrow = { ...scene(), eyebox: { x: 0.004, y: 0.004, z: 0.01 } };
  const { cameras, context } = await writeWithFrames(image, 'image', narrow, { ...IN_SKY, blur: 4 });
  assert.ok(cameras.every(({ c2w }) => Math.hypot(c2w[3]!, c2w[7]!) <= 0.004 + 1e-9));
  assert.match(context.warnings.join(), /blurred \d+ % as much as asked for/);
});

test('a move that would leave hardly any blur gets smaller, and no other move does', () => {
  const tight = { ...syntheticScene({ width: 240, height: 180, margin: 4 }), eyebox: { x: 0.03, y: 0.03, z: 0.06 } };
  const film = (options: OptionValues) => filmOf('orbit', tight, { ...shotOptions(options, 240), frames: 24 }, options);
  const options = { focusX: 50, focusY: 95, crop: false };
  const sharp = film(options);
  assert.ok(sharp.shrunkBy > 0.95 && sharp.lens === undefined);
  const alone = apertureOf(tight, sharp.cameras, { blur: 0.02, vignette: 0 }, { x: 0.5, y: 0.95 });
  assert.ok(alone.part < 0.5, `the whole move leaves ${alone.part} of the blur`);
  const soft = film({ ...options, blur: 2 });
  assert.ok(soft.lens!.part >= 0.5 && soft.shrunkBy >= 0.5 && soft.shrunkBy < 0.95, `${soft.lens!.part} of the blur, ${soft.shrunkBy}`);
  assert.equal(film({ ...options, crop: true, blur: 2 }).shrunkBy, 1);
});

test('the plan of a move tells its preview how dark the corners are, and that blur is not in it', async () => {
  for (const output of [loop, video])
    for (const [options, wanted] of [
      [{ vignette: 100 }, [1, 0.25, undefined]],
      [{ blur: 2 }, [undefined, undefined, 'The blur is drawn only in the saved file.']],
      [{}, [undefined, undefined, undefined]],
    ] as const) {
      const plan = await output.plan!({ product: output === loop ? 'gif' : 'circle', scene: scene(), options });
      assert.deepEqual([plan.move!.light?.[0], plan.move!.light?.at(-1), plan.move!.note], wanted);
    }
});

test('dark corners have a quarter of the light, the middle all of it, and need one picture', async () => {
  const [plain, dark] = [await picture({}), await picture({ vignette: 100 })];
  assert.equal(dark.cameras.length, 1);
  const part = (x: number, y: number, c: number): number => light(value(dark, x, y, c)) / light(value(plain, x, y, c));
  assert.ok(Math.abs(part(0, 0, BLUE) - 0.25) < 0.03, `${part(0, 0, BLUE)}`);
  assert.ok(Math.abs(part(120, 90, RED) - 1) < 0.01);
});

test('a loop through a lens has as many pictures as one without; a cancel is heard between its views', async () => {
  const options = { frames: 3, longerSidePx: 96, blur: 2, vignette: 30, ...AT_BOX };
  const { file, cameras, framesLeft } = await writeWithFrames(loop, 'apng', scene(), options);
  assert.equal(readApng(await bytesOf(file)).frames.length, 3);
  assert.equal(cameras.length % 3, 0);
  assert.ok(cameras.length >= 48);
  assert.equal(framesLeft, 0);
  const stop = new AbortController();
  const reason = new Error('enough');
  let drawn = 0;
  const onFrame = (frames: number): void => {
    drawn = frames;
    if (frames === 2) stop.abort(reason);
  };
  await assert.rejects(
    writeWithFrames(image, 'image', scene(), { ...AT_BOX, blur: 4, longerSidePx: 240 }, { signal: stop.signal, onFrame }),
    (error) => error === reason,
  );
  assert.ok(drawn <= 3, `${drawn} views were drawn`);
});
