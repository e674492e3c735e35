import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnflatError } from '../../../src/core/index.ts';
import { checkReadBack } from '../../../src/decode/read-back.ts';
import { seeded } from '../../bench/scene.ts';

test('pixels that come back as they were put raise no word', () => {
  assert.equal(
    checkReadBack('a.jpg', (picture) => picture),
    undefined,
  );
  assert.equal(
    checkReadBack('a.jpg', () => undefined),
    undefined,
    'nor does a browser without such a canvas',
  );
});

test('a browser that changes single bits is told of, with the setting', () => {
  const random = seeded(5);
  const warning = checkReadBack('a.jpg', (picture) => picture.map((value, i) => (i % 4 < 3 && random() < 0.05 ? value ^ 1 : value)));
  assert.match(warning ?? '', /adds noise.*Brave with Shields/);
});

test('made-up pixels, random or white, are refused with the setting, instead of a 3D photo of noise', () => {
  const random = seeded(5);
  for (const read of [
    (picture: Uint8ClampedArray) => picture.map(() => random() * 256),
    (picture: Uint8ClampedArray) => picture.map(() => 255),
  ]) {
    assert.throws(
      () => checkReadBack('holiday.jpg', read),
      (error) =>
        error instanceof UnflatError &&
        error.code === 'graphics-unavailable' &&
        /holiday\.jpg.*privacy\.resistFingerprinting.*reload the page/.test(error.message),
    );
  }
});
