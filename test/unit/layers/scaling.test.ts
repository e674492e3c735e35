/** The same scene gives the same layers at any size. What that costs is measured by `npm run bench scaling`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, scaled } from '../../bench/scaling.ts';

const small = scaled(480);

for (const width of [960, 1920]) {
  test(`at ${width} pixels the layers are those at ${small.width}`, () => {
    const large = scaled(width);
    // Gaps that open wide enough to be torn only in the larger picture, and ends of contours.
    assert.ok(agreement(small, large) > 0.998, `${agreement(small, large)} of the small picture's silhouettes are kept`);
    assert.ok(agreement(large, small) > 0.998, `${agreement(large, small)} of the large picture's silhouettes are the small one's`);
    assert.equal(large.layers, small.layers);
    assert.ok(Math.abs(large.hidden / small.hidden - 1) < 0.1, `${large.hidden} hidden, ${small.hidden} in the small picture`);
  });
}

test('silhouettes that moved by more than a pixel do not agree', () => {
  const moved = { ...small, torn: small.torn.map((_, i) => (i >= 3 * small.width ? small.torn[i - 3 * small.width]! : 0)) };
  assert.ok(agreement(small, moved) < 0.8, `${agreement(small, moved)}`);
});

test('the silhouettes of a small map are as crisp in a photo of 1920 pixels as in one of 960', () => {
  const map = 240;
  const [half, whole] = [scaled(960, map), scaled(1920, map)];
  // Where ramps are left instead of steps, the larger photo tears all over them.
  assert.ok(agreement(whole, half) > 0.88, `${agreement(whole, half)} of the large picture's silhouettes are the small one's`);
  assert.ok(agreement(half, whole) > 0.88, `${agreement(half, whole)} of the small picture's silhouettes are kept`);
  assert.ok(Math.abs(whole.hidden / half.hidden - 1) < 0.1, `${whole.hidden} hidden, ${half.hidden} in the small picture`);
});
