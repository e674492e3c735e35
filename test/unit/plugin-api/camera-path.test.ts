import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alongPath } from '../../../plugins/shared/moves/along-path.ts';
import { shotOptions } from '../../../plugins/shared/moves/move-options.ts';
import { shotOf } from '../../../plugins/shared/moves/shot.ts';
import { pathOf, pathWords, withView } from '../../../src/app/path-of.ts';
import { readCameraPath } from '../../../src/plugin-api/index.ts';
import { framingOf, lookCamera } from '../../../src/viewer/framing.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const text = (keys: object[], more: object = {}): string => JSON.stringify({ unflatPath: 1, ...more, keys });
const scene = syntheticScene({ width: 120, height: 90, margin: 30 });

test('a path goes through its keys at their times, as its easing says', () => {
  const keys = [
    { at: 0, x: 0 },
    { at: 1, x: 1 },
    { at: 4, x: 1, z: 1 },
  ];
  const at = (easing: string, seconds: number): number => alongPath(readCameraPath(text(keys, { easing }), 'move.json'), seconds).x;
  for (const easing of ['curve', 'smooth', 'linear']) {
    assert.deepEqual(
      [0, 1, 4].map((seconds) => Math.round(at(easing, seconds) * 1e9) / 1e9),
      [0, 1, 1],
      easing,
    );
    assert.ok(Math.max(...Array.from({ length: 80 }, (_, i) => at(easing, i / 20))) <= 1 + 1e-9, `${easing} goes beyond its keys`);
  }
  assert.equal(at('linear', 0.25), 0.25);
  assert.ok(Math.abs(at('smooth', 0.25) - (1 - Math.SQRT1_2) / 2) < 1e-9);
  assert.ok(at('curve', 0.1) < 0.1, 'begins at rest');
  assert.equal(alongPath(readCameraPath(text(keys), 'move.json'), 9).z, 1, 'after its end it stays there');
});

test('between keys that go on in one direction a curve does not stop', () => {
  const path = readCameraPath(text([0, 1, 2, 3].map((at) => ({ at, x: at / 3 }))), 'move.json');
  const speed = (seconds: number): number => (alongPath(path, seconds + 0.001).x - alongPath(path, seconds - 0.001).x) / 0.002;
  assert.ok(Math.abs(speed(1) - 1 / 3) < 0.01 && Math.abs(speed(2) - 1 / 3) < 0.01);
});

test('the cameras of a path see what the viewer showed: things of the middle depth stay, the others move alike', () => {
  const path = text(
    [
      { at: 0, x: -0.5, z: 0.5 },
      { at: 2, x: 0.5, y: 0.2 },
    ],
    { easing: 'linear' },
  );
  const { cameras, shrunkBy } = shotOf('path', scene, { ...shotOptions({ path, crop: false }, 120), frames: 3 });
  assert.equal(shrunkBy, 1);
  const framing = { ...framingOf(scene), zoom: 1 };
  [
    { x: -0.5, y: 0, z: 0.5 },
    { x: 0, y: 0.1, z: 0.25 },
    { x: 0.5, y: 0.2, z: 0 },
  ].forEach((look, i) => {
    const seen = lookCamera(scene, framing, look, 120, 90);
    const camera = cameras[i]!;
    for (const field of ['fx', 'fy', 'cx', 'cy'] as const)
      assert.ok(Math.abs(camera[field] - seen[field]) < 0.05, `frame ${i}: ${field} ${camera[field]}, not ${seen[field]}`);
    camera.c2w.forEach((value, k) => assert.ok(Math.abs(value - seen.c2w[k]!) < 1e-9));
  });
});

test('start and end frames are keys with zoom and centre', () => {
  const path = text([{ at: 0 }, { at: 5, zoom: 2, centreX: 0.25, centreY: 0.75 }]);
  const { cameras } = shotOf('path', scene, { ...shotOptions({ path, crop: false }, 120), frames: 2 });
  const [first, last] = [cameras[0]!, cameras.at(-1)!];
  assert.ok(Math.abs(last.fx - 2 * first.fx) < 1e-6);
  // The left lower quarter of the first frame fills the last one: its middle was at a quarter and three quarters.
  const was = (u: number, field: 'cx' | 'cy'): number => (u - last[field]) / 2 + first[field];
  assert.ok(Math.abs(was(last.width / 2, 'cx') - 0.25 * first.width) < 1e-6);
  assert.ok(Math.abs(was(last.height / 2, 'cy') - 0.75 * first.height) < 1e-6);
});

test('without a path, or with one that is none, the error says what to do', () => {
  const shot = (path: string): unknown => shotOf('path', scene, { ...shotOptions({ path }, 120), frames: 2 });
  assert.throws(() => shot(''), { code: 'bad-camera', message: /Record one.*--path move\.json/ });
  const bad: [string, RegExp][] = [
    ['{', /move\.json is no camera path: it is not JSON/],
    ['[]', /unflatPath is missing/],
    ['{"unflatPath":2}', /unflatPath must be 1, got 2/],
    [text([{ at: 0 }]), /keys must be a list of 2 to 2000/],
    [text([{ at: 0 }, { at: 0 }]), /keys\[1\]\.at must be later/],
    [text([{ at: 1 }, { at: 2 }]), /keys\[0\]\.at must be 0/],
    [text([{ at: 0, x: 2 }, { at: 1 }]), /keys\[0\]\.x must be a number from -1 to 1, got 2/],
    [text([{ at: 0 }, { at: 1, zoom: null }]), /keys\[1\]\.zoom must be a number from 1 to 8, got null/],
    [text([{ at: 0 }, { at: 1 }], { easing: 'bounce' }), /easing must be one of curve, smooth, linear, got "bounce"/],
  ];
  for (const [given, message] of bad) assert.throws(() => readCameraPath(given, 'move.json'), { code: 'bad-camera', message });
});

test('whatever the text, it is a path within the eyebox or a clear error', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, 600, null));
  const key = fc.record(
    { at: number, x: number, y: number, z: number, zoom: number, centreX: number, centreY: number },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), (keys, part) => {
      try {
        const path = readCameraPath(text(keys), 'move.json');
        const { x, y, z, zoom } = alongPath(path, part * path.seconds);
        for (const value of [x, y, z]) assert.ok(value >= -1.000001 && value <= 1.000001);
        assert.ok(zoom >= 0.999999 && zoom <= 8.000001);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'bad-camera', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a recording becomes a short path that differs from it by less than can be seen; stillness at its ends goes', () => {
  const samples = Array.from({ length: 360 }, (_, i) => {
    const at = i / 60;
    const t = Math.min(1, Math.max(0, (at - 1) / 4));
    return { at, x: Math.sin(2 * Math.PI * t) * 0.8, y: 0.5 * t, z: 0 };
  });
  const made = pathOf(samples)!;
  const path = readCameraPath(made, 'move.json');
  assert.ok(path.keys.length < 60, `${path.keys.length} keys`);
  assert.ok(Math.abs(path.seconds - 4.4) < 0.1, `${path.seconds} s`);
  const begin = samples.findIndex(({ x, y }) => Math.hypot(x, y) > 0.004) / 60 - 0.2;
  for (const { at, x, y } of samples) {
    if (at < begin || at > begin + path.seconds) continue;
    const seen = alongPath(path, at - begin);
    assert.ok(Math.hypot(seen.x - x, seen.y - y) < 0.006, `${at} s: ${seen.x} ${seen.y}, not ${x} ${y}`);
  }
  assert.equal(pathOf(samples.slice(0, 30)), undefined, 'a view that did not move is no path');
});

test('views are added one after the other', () => {
  const one = withView('', { x: 0.1, y: 0, z: 0 });
  assert.deepEqual(pathWords(one), { keys: 1, seconds: 0 });
  const two = withView(one, { x: -0.1234567, y: 0, z: 1 });
  assert.deepEqual(pathWords(two), { keys: 2, seconds: 2 });
  assert.equal(readCameraPath(two, 'move.json').keys[1]!.x, -0.123);
});

test('a recording of a page so busy that two views have one time is a path all the same', () => {
  const samples = Array.from({ length: 200 }, (_, i) => ({ at: i / 60 + (i % 2 ? -0.0163 : 0), x: Math.sin(i), y: Math.cos(i), z: 0 }));
  const path = readCameraPath(pathOf(samples)!, 'recorded');
  assert.ok(path.keys.length > 50 && path.seconds > 3);
});
