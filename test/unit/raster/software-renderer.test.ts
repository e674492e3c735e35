import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { photoCamera, translation, type Camera, type Scene, type UnflatError } from '../../../src/core/index.ts';
import { SoftwareRenderer, prepareScene, type DrawOptions, type PreparedScene } from '../../../src/raster/index.ts';
import { SMALL, photoOf, syntheticScene, type SceneRecipe } from '../../browser/viewer-scene.ts';
import { goldenCases, sceneOf } from '../../golden/viewer-cases.ts';

const draw = (scene: Scene, camera: Camera, options: DrawOptions = {}): Uint8ClampedArray =>
  new SoftwareRenderer(prepareScene(scene)).draw(camera, options).rgba;
const ownOf = ({ lens, width, height }: Scene): Camera => photoCamera(lens, width, height);

for (const golden of goldenCases) {
  test(`golden picture, in software: ${golden.name}`, () => {
    const { data, width, height } = decode(readFileSync(new URL(`../../golden/viewer/${golden.name}.png`, import.meta.url)));
    const scene = sceneOf(golden);
    const camera = golden.camera(scene);
    assert.deepEqual([camera.width, camera.height], [width, height]);
    const got = draw(scene, camera, { samples: golden.supersample ?? 3 });
    let sum = 0;
    let worst = 0;
    got.forEach((value, i) => {
      const off = Math.abs(value - data[i]!);
      sum += off;
      worst = Math.max(worst, off);
    });
    const { mean, most } = golden.software;
    assert.ok(sum / got.length <= mean && worst <= most, `mean difference ${(sum / got.length).toFixed(3)}, largest ${worst}`);
  });
}

for (const samples of [1, 2, 3]) {
  test(`the photo's own view is the photo, at ${samples} samples a side`, () => {
    const scene = syntheticScene(SMALL);
    const got = draw(scene, ownOf(scene), { samples });
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

test('a white scene has no dark fringe and no crack, wherever one looks from', () => {
  const scene = syntheticScene(SMALL);
  for (const { rgba } of scene.layers) for (let i = 0; i < rgba.length; i++) if (i % 4 < 3) rgba[i] = 255;
  const renderer = new SoftwareRenderer(prepareScene(scene));
  for (let n = 0; n < 24; n++) {
    const camera = { ...ownOf(scene), c2w: translation(0.03 * Math.cos(n), 0.03 * Math.sin(n), 0.03 * Math.sin(5 * n)) };
    // On black, so that no backdrop hides a crack; the border's own end is out of sight.
    const { rgba } = renderer.draw(camera, { samples: 1 + (n % 2), backdrop: false });
    assert.ok(
      rgba.every((value) => value >= 254),
      `seen from ${camera.c2w}`,
    );
  }
});

test('nothing in front of the camera is cut away, however near', () => {
  const scene = syntheticScene(SMALL);
  // The disc is 0.41 away; from 0.02 in front of it, it fills the picture.
  const got = draw(scene, { ...ownOf(scene), c2w: translation(0, 0, -0.39) });
  const middle = (60 * SMALL.width + 80) * 4;
  for (const i of [0, middle, got.length - 4]) assert.ok(got[i]! > 190 && got[i + 2]! < 80, 'the disc is orange');
});

test('a wall that the camera is all but in, and what lies behind the camera, are cut off without a trace', () => {
  const scene = syntheticScene({ ...SMALL, disc: null });
  const turn = 1.2;
  const sideways = [Math.cos(turn), 0, -Math.sin(turn), 0, 0, 1, 0, 0, Math.sin(turn), 0, Math.cos(turn), -1.2, 0, 0, 0, 1];
  for (const c2w of [translation(0.1, 0, -1.5), sideways, translation(0, 0, -30)]) {
    const got = draw(scene, { ...ownOf(scene), c2w });
    for (let i = 3; i < got.length; i += 4) assert.equal(got[i], 255);
  }
});

test('one renderer gives the same picture again, whatever it drew between', () => {
  const scene = syntheticScene({ ...SMALL, detail: 3 });
  const renderer = new SoftwareRenderer(prepareScene(scene));
  const camera = { ...photoCamera(scene.lens, 320, 240), c2w: translation(0.02, 0.01, -0.02) };
  const first = renderer.draw(camera).rgba;
  renderer.draw(ownOf(scene), { samples: 3 });
  renderer.draw({ ...ownOf(scene), c2w: translation(0, 0, 0.3) });
  const out = new Uint8ClampedArray(320 * 240 * 4);
  assert.equal(renderer.draw(camera, { out }).rgba, out);
  assert.deepEqual(out, first);
});

test('a prepared scene can be sent to a worker', () => {
  const scene = syntheticScene({ ...SMALL, detail: 2 });
  const sent = structuredClone(prepareScene(scene));
  const camera = { ...ownOf(scene), c2w: translation(0.02, 0, 0) };
  assert.deepEqual(new SoftwareRenderer(sent).draw(camera).rgba, draw(scene, camera));
});

const slanted = (recipe: SceneRecipe): Scene => {
  const scene = syntheticScene(recipe);
  // An edge that crosses the pixels at a slant, black and white, so that each pixel tells its coverage.
  for (const layer of scene.layers)
    for (let i = 0; i < layer.disparity.length; i++) layer.rgba.fill(layer.disparity[i]! > 0.5 ? 255 : 0, 4 * i, 4 * i + 3);
  return scene;
};

test('an outline is antialiased: its pixels lie between both sides, and it covers as much as the disc does', () => {
  const scene = slanted(SMALL);
  for (const samples of [1, 3]) {
    const got = draw(scene, { ...ownOf(scene), c2w: translation(0.01, 0, 0) }, { samples });
    let covered = 0;
    let between = 0;
    for (let i = 0; i < got.length; i += 4) {
      covered += got[i]! / 255;
      if (got[i]! > 20 && got[i]! < 235) between++;
    }
    assert.ok(Math.abs(covered / (Math.PI * SMALL.disc!.radius ** 2) - 1) < 0.04, `${covered} pixels`);
    assert.ok(between > 60, `${between} pixels in between`);
  }
});

test('a camera that cannot be drawn, and wrong options, are refused in plain words', () => {
  const scene = syntheticScene(SMALL);
  const own = ownOf(scene);
  const problem = (camera: Camera, options?: DrawOptions) => () => draw(scene, camera, options);
  assert.throws(problem({ ...own, width: 0 }), /A camera's width must be a whole number of pixels from 1 to 8192, but is 0/);
  assert.throws(problem({ ...own, fx: -1 }), /fx must be a positive number/);
  assert.throws(problem({ ...own, c2w: [1, 2] }), /4×4 matrix/);
  assert.throws(problem(own, { samples: 9 }), /TypeError: options.samples must be an integer from 1 to 8, got 9/);
  assert.throws(problem(own, { out: new Uint8ClampedArray(8) }), /TypeError: options.out must have 76800 bytes/);
});

test('a scene that is too large is drawn from its own pixels: the same with several samples, nearly with one', () => {
  const scene = syntheticScene(SMALL);
  const most = leastBytes(scene);
  const [small, large] = [prepareScene(scene, most), prepareScene(scene)];
  const bytes = ({ layers }: PreparedScene): number => layers.reduce((sum, { sharp }) => sum + sharp.texels.byteLength, 0);
  assert.ok(bytes(small) < 0.3 * bytes(large), `${bytes(small)} of ${bytes(large)} bytes`);
  for (const [samples, mean, worst] of [
    [3, 0.05, 2],
    [1, 1, 60],
  ] as const) {
    const camera: Camera = { ...ownOf(scene), c2w: translation(0.02, -0.01, 0.01) };
    const [a, b] = [small, large].map((each) => new SoftwareRenderer(each).draw(camera, { samples }).rgba) as [
      Uint8ClampedArray,
      Uint8ClampedArray,
    ];
    const off = a.map((value, i) => Math.abs(value - b[i]!));
    assert.ok(off.reduce((sum, value) => sum + value, 0) / off.length <= mean, `mean of ${samples} samples`);
    assert.ok(Math.max(...off) <= worst, `${Math.max(...off)} at ${samples} samples`);
  }
});

test('a scene larger than all memory is refused in plain words before anything is made', () => {
  const { layers, ...rest } = syntheticScene(SMALL);
  const huge = { ...rest, layers: layers.map((layer) => ({ ...layer, width: 30_000, height: 30_000 })) };
  assert.throws(
    () => prepareScene(huge),
    ({ code, message }: UnflatError) => code === 'image-too-large' && /would take 1\d\.\d GB of memory/.test(message),
  );
  assert.throws(() => prepareScene(syntheticScene(SMALL), 1000), /smaller working size/);
});

test('places in a layer of 16,384 pixels are still counted rightly', () => {
  const width = 16_384;
  const line = { ...SMALL, width, height: 8, disc: null };
  const scene = syntheticScene(line);
  const camera = ownOf(scene);
  const got = draw(scene, { ...camera, width: 8, cx: camera.cx - width + 8 });
  const photo = photoOf(line).rgba;
  for (let i = 0; i < got.length; i += 4)
    for (let k = 0; k < 3; k++) {
      const [x, y] = [(i / 4) % 8, Math.floor(i / 32)];
      assert.ok(Math.abs(got[i + k]! - photo[(y * width + width - 8 + x) * 4 + k]!) <= 2, `at ${x}, ${y}`);
    }
});

/** Bytes from which on a scene is drawn at all. */
function leastBytes(scene: Scene): number {
  for (let bytes = 1000; ; bytes *= 1.05) {
    try {
      prepareScene(scene, bytes);
      return bytes;
    } catch {
      continue;
    }
  }
}
