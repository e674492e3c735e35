import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { inverseDepth, lensFor, photoCamera, translation, type Camera } from '../../src/core/index.ts';
import { goldenCases } from '../golden/viewer-cases.ts';
import { openViewerPage } from './viewer-browser.ts';
import type { Picture } from './viewer-page.ts';
import { SMALL, photoOf, wallAt, type SceneRecipe } from './viewer-scene.ts';

const { page, said, close } = await openViewerPage();
after(close);
after(() => assert.deepEqual(said, []));

const WALL: SceneRecipe = { ...SMALL, disc: null };
const own = photoCamera(lensFor(SMALL.width, SMALL.height), SMALL.width, SMALL.height);
const bytesOf = ({ rgba }: Picture): Uint8Array => new Uint8Array(Buffer.from(rgba, 'base64'));
const render = (recipe: SceneRecipe, camera: Camera, supersample?: number, white = false): Promise<Picture> =>
  page.evaluate(([r, c, s, w]) => viewerTests.synthetic(r, c, s, w), [recipe, camera, supersample, white] as const);

for (const supersample of [1, 2, 3]) {
  test(`the photo's own view is the photo, at ${supersample} samples a side`, async () => {
    const got = bytesOf(await render(SMALL, own, supersample));
    const photo = photoOf(SMALL).rgba;
    const { x, y, radius } = SMALL.disc!;
    let worst = 0;
    for (let i = 0; i < got.length; i++) {
      const [u, v] = [((i >> 2) % SMALL.width) + 0.5, Math.floor((i >> 2) / SMALL.width) + 0.5];
      if (Math.abs(Math.hypot(u - x, v - y) - radius) > 2) worst = Math.max(worst, Math.abs(got[i]! - photo[i]!));
    }
    assert.ok(worst <= 1, `off by up to ${worst}`);
  });
}

/** Where on the photo a pixel of a camera looks at the wall, by the definition of camera and disparity. */
function onPhoto(camera: Camera, u: number, v: number): [number, number] {
  const lens = lensFor(SMALL.width, SMALL.height);
  const longer = Math.max(SMALL.width, SMALL.height);
  const m = camera.c2w;
  const ray = [(u - camera.cx) / camera.fx, -(v - camera.cy) / camera.fy, -1];
  const at = (s: number, axis: number): number =>
    s * (m[axis * 4]! * ray[0]! + m[axis * 4 + 1]! * ray[1]! + m[axis * 4 + 2]! * ray[2]!) + m[axis * 4 + 3]!;
  // Along the ray the wall is met where its distance is the point's.
  let s = 1;
  let x = 0;
  let y = 0;
  for (let i = 0; i < 60; i++) {
    const z = -at(s, 2);
    x = (lens.cx + (lens.fx * at(s, 0)) / z) * longer;
    y = (lens.cy - (lens.fy * at(s, 1)) / z) * longer;
    s *= 1 / inverseDepth(lens, wallAt(x, SMALL.width)) / z;
  }
  return [x, y];
}

const turn = 0.1;
const cameras: Record<string, Camera> = {
  'moved to the side': { ...own, c2w: translation(0.05, -0.03, 0) },
  'moved forward': { ...own, c2w: translation(0, 0, -0.2) },
  'moved back': { ...own, c2w: translation(0, 0, 0.1) },
  turned: { ...own, c2w: [Math.cos(turn), 0, -Math.sin(turn), 0.02, 0, 1, 0, 0, Math.sin(turn), 0, Math.cos(turn), 0.01, 0, 0, 0, 1] },
  'with a lens off its centre': { ...own, fx: 230, fy: 170, cx: 100, cy: 40 },
  'of another size': { ...own, width: 301, height: 211, fx: 300, fy: 300, cx: 150, cy: 100, c2w: translation(-0.02, 0.02, 0) },
};
for (const [name, camera] of Object.entries(cameras)) {
  test(`a camera ${name} sees every point of a plane where it is`, async () => {
    const got = bytesOf(await render(WALL, camera));
    const far = photoOf(WALL, 8);
    let sum = 0;
    let worst = 0;
    let count = 0;
    for (let v = 0; v < camera.height; v += 3) {
      for (let u = 0; u < camera.width; u += 3) {
        const [x, y] = onPhoto(camera, u + 0.5, v + 0.5);
        if (x < 3 || y < 3 || x > SMALL.width - 3 || y > SMALL.height - 3) continue;
        const i = (Math.floor(y * 8) * far.width + Math.floor(x * 8)) * 4;
        for (let c = 0; c < 3; c++) {
          const off = Math.abs(got[(v * camera.width + u) * 4 + c]! - far.rgba[i + c]!);
          worst = Math.max(worst, off);
          sum += off;
          count++;
        }
      }
    }
    assert.ok(count > 1000);
    assert.ok(sum / count < 1 && worst < 6, `mean ${sum / count}, worst ${worst}`);
  });
}

test('a white scene has no dark fringe and no crack, wherever one looks from', async () => {
  for (const [x, y, z] of [
    [0.03, 0.02, 0],
    [-0.03, 0, 0.02],
    [0.01, -0.03, -0.05],
  ] as const) {
    const got = bytesOf(await render(SMALL, { ...own, c2w: translation(x, y, z) }, 1, true));
    assert.ok(
      got.every((value) => value >= 254),
      `seen from ${x}, ${y}, ${z}`,
    );
  }
});

test('nothing in front of the camera is cut away, however near', async () => {
  // The disc is 0.41 away; from 0.02 in front of it, it fills the picture.
  const got = bytesOf(await render(SMALL, { ...own, c2w: translation(0, 0, -0.39) }, 1));
  const middle = (60 * SMALL.width + 80) * 4;
  for (const i of [0, middle, got.length - 4]) assert.ok(got[i]! > 190 && got[i + 2]! < 80, 'the disc is orange');
});

test('the bitmap of a camera is its picture', async () => {
  const camera = { ...own, c2w: translation(0.02, 0.01, 0) };
  const bitmap = await page.evaluate(([r, c]) => viewerTests.bitmap(r, c, 2), [SMALL, camera] as const);
  assert.deepEqual([bitmap.width, bitmap.height], [160, 120]);
  assert.ok(Buffer.compare(bytesOf(bitmap), bytesOf(await render(SMALL, camera, 2))) === 0);
});

test('a camera that cannot be drawn is refused in plain words', async () => {
  const problem = (camera: Camera, supersample?: number): Promise<string> =>
    page.evaluate(([r, c, s]) => viewerTests.problem(r, c, s), [SMALL, camera, supersample] as const);
  assert.match(
    await problem({ ...own, width: 0 }),
    /UnflatError: A camera's width must be a whole number of pixels from 1 to 8192, but is 0/,
  );
  assert.match(await problem({ ...own, fx: -1 }), /fx must be a positive number/);
  assert.match(await problem({ ...own, c2w: [1, 2] }), /4×4 matrix/);
  assert.match(await problem(own, 9), /TypeError: options.supersample must be an integer from 1 to 8, got 9/);
});

for (const {
  name,
  hardware: { mean, most },
} of goldenCases) {
  test(`golden picture: ${name}`, async () => {
    const path = new URL(`../golden/viewer/${name}.png`, import.meta.url);
    assert.ok(existsSync(path), 'missing: run node --import tsx test/golden/update-viewer.ts');
    const golden = decode(readFileSync(path));
    const got = await page.evaluate((each) => viewerTests.golden(each), name);
    assert.deepEqual([got.width, got.height], [golden.width, golden.height]);
    let sum = 0;
    let worst = 0;
    bytesOf(got).forEach((value, i) => {
      const off = Math.abs(value - golden.data[i]!);
      sum += off;
      worst = Math.max(worst, off);
    });
    const average = sum / golden.data.length;
    assert.ok(
      average <= mean && worst <= most,
      `mean difference ${average.toFixed(3)}, largest ${worst}: if meant, run test/golden/update-viewer.ts`,
    );
  });
}
