import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCameras } from '../../../src/cli/read-camera-file.ts';
import { UsageError } from '../../../src/cli/cli-error.ts';

const shifted = (x: number, y: number, z: number) => [
  [1, 0, 0, x],
  [0, 1, 0, y],
  [0, 0, 1, z],
  [0, 0, 0, 1],
];
const file = () => ({
  width: 640,
  height: 480,
  fx: 600,
  fy: 600,
  cx: 320,
  cy: 240,
  near: 2,
  far: 200,
  views: [
    { file: 'views/00.png', c2w: shifted(-0.1, 0, 0) },
    { file: 'views/01.jpg', c2w: shifted(0.05, 0.2, -0.3), fx: 700, width: 320, height: 240 },
  ] as Record<string, unknown>[],
});

test('turns pixels into units of the longer side, and finds the eyebox', () => {
  const { lens, eyebox, views } = parseCameras(file(), 'c.json');
  assert.deepEqual(lens, { fx: 600 / 640, fy: 600 / 640, cx: 0.5, cy: 240 / 640, near: 2, far: 200 });
  assert.deepEqual(eyebox, { x: 0.1, y: 0.2, z: 0.3 });
  assert.deepEqual(
    views.map(({ file: name }) => name),
    ['00.png', '01.png'],
  );
});

test("a view takes the file's lens, or its own; a view of another size looks through its middle", () => {
  const [first, second] = parseCameras(file(), 'c.json').views;
  assert.deepEqual(first?.camera, { width: 640, height: 480, fx: 600, fy: 600, cx: 320, cy: 240, c2w: shifted(-0.1, 0, 0).flat() });
  assert.deepEqual({ ...second?.camera, c2w: 0 }, { width: 320, height: 240, fx: 700, fy: 700, cx: 160, cy: 120, c2w: 0 });
});

const broken: readonly [string, (json: ReturnType<typeof file>) => unknown, RegExp][] = [
  ['a list', () => [], /c\.json: the file must be an object/],
  ['no width', (json) => ({ ...json, width: undefined }), /c\.json: width must be a number, got nothing/],
  ['a lens without focal length', (json) => ({ ...json, fx: 0 }), /fx must be above 0, got 0/],
  ['a far before its near', (json) => ({ ...json, far: 1 }), /far must be larger than near \(2\), got 1/],
  ['views that are no list', (json) => ({ ...json, views: 'all' }), /views must be a list/],
  ['a view without a file', (json) => ({ ...json, views: [{ c2w: shifted(0, 0, 0) }] }), /views\[0\]\.file must be a file name/],
  [
    'a view that leads nowhere',
    (json) => ({ ...json, views: [{ file: 'a.png', c2w: [[1, 0]] }] }),
    /views\[0\]\.c2w must be 4 rows of 4 numbers/,
  ],
  [
    'a view that stretches',
    (json) => ({
      ...json,
      views: [
        {
          file: 'a.png',
          c2w: [
            [2, 0, 0, 0],
            [0, 1, 0, 0],
            [0, 0, 1, 0],
            [0, 0, 0, 1],
          ],
        },
      ],
    }),
    /orthonormal/,
  ],
  [
    'a huge view',
    (json) => ({ ...json, views: [{ file: 'a.png', c2w: shifted(0, 0, 0), width: 1e9 }] }),
    /views\[0\]\.width must be .* from 1 to 8192/,
  ],
  [
    'two views of one name',
    (json) => ({
      ...json,
      views: [
        { file: 'a/x.png', c2w: shifted(0, 0, 0) },
        { file: 'b/X.png', c2w: shifted(0, 0, 0) },
      ],
    }),
    /two views would be written to X\.png/,
  ],
];
for (const [what, change, message] of broken) {
  test(`names file, field and reason: ${what}`, () => {
    assert.throws(
      () => parseCameras(change(file()), 'c.json'),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test('any JSON gives cameras or a usage error, and no view leaves its folder', () => {
  const keys = fc.constantFrom('width', 'height', 'fx', 'fy', 'cx', 'cy', 'near', 'far', 'views');
  fc.assert(
    fc.property(keys, fc.jsonValue(), fc.string(), (key, value, name) => {
      const json = { ...file(), views: [{ file: name, c2w: shifted(0, 0, 0) }], [key]: value };
      try {
        for (const view of parseCameras(json, 'c.json').views) assert.doesNotMatch(view.file, /[\\/]|^\.\.?$/);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
  );
});
