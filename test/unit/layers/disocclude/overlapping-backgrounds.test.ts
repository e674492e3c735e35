/** What happens where more than one surface goes on behind the same pixel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOINED_DOWN, JOINED_RIGHT, NOTHING, finish, lensFor, type Layer } from '../../../../src/core/index.ts';
import { disocclude } from '../../../../src/layers/disocclude/disocclude.ts';
import { fallbackBackground } from '../../../../src/layers/disocclude/fallback-background.ts';
import { emptyLayer } from '../../../../src/layers/disocclude/hidden-layer.ts';
import { CELL } from '../../../../src/layers/surface/cell.ts';
import { parallaxBounds, parallaxMap } from '../../../../src/layers/surface/parallax-bounds.ts';
import { surfaceAreas } from '../../../../src/layers/surface/surface-areas.ts';

const WIDTH = 320;
const HEIGHT = 48;
const bounds = parallaxBounds(WIDTH, HEIGHT, lensFor(WIDTH, HEIGHT), { x: 0.02, y: 0.02, z: 0 });

/** A layer of upright strips; links between strips are torn. @param at disparity of a column. */
function strips(at: (x: number) => number): Layer {
  const disparity = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => at(i % WIDTH));
  const joins = Uint8Array.from(disparity, (d, i) => {
    const isJoinedRight = (i + 1) % WIDTH !== 0 && disparity[i + 1] === d;
    return (isJoinedRight ? JOINED_RIGHT : 0) | (i + WIDTH < disparity.length ? JOINED_DOWN : 0);
  });
  return { width: WIDTH, height: HEIGHT, margin: 0, rgba: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255), disparity, joins };
}

test('where two backgrounds want the same pixel, the next layer takes the second, and both keep their depth', () => {
  const [POST, LEFT, RIGHT] = [0.9, 0.45, 0.1];
  const layer = strips((x) => (x >= 160 && x < 166 ? POST : x < 160 ? LEFT : RIGHT));
  const layers = finish(disocclude(layer, bounds, parallaxMap(layer, bounds), surfaceAreas(layer)));
  const row = (HEIGHT / 2) * WIDTH;
  const at = (x: number) => layers.map(({ disparity }) => disparity[row + x]!).filter((d) => d !== NOTHING);
  // The one whose tear is nearer comes first; the other only where it lies behind that.
  for (const x of [160, 161]) {
    const [first, second, ...more] = at(x);
    assert.ok(Math.abs(first! - LEFT) < 0.03 && Math.abs(second! - RIGHT) < 0.03, `at ${x}: ${at(x)}`);
    assert.equal(more.length, 0);
  }
  assert.ok(Math.abs(at(165)[0]! - RIGHT) < 0.03, `at 165: ${at(165)}`);
  for (const { pixels, state } of layers)
    assert.equal(new Set(pixels).size, pixels.length, `a layer lists no pixel twice (${state.length} pixels)`);
});

test('where no layer is left, a fallback background lies behind all that is seen around, in the open cells alone', () => {
  const layer = strips((x) => (Math.floor(x / 4) % 2 ? 0.8 : 0.3));
  const perDisparity = parallaxMap(layer, bounds);
  const last = emptyLayer(WIDTH * HEIGHT);
  const columns = Math.ceil(WIDTH / CELL);
  const open = new Uint8Array(columns * Math.ceil(HEIGHT / CELL));
  const column = columns >> 1;
  open[column] = 1;
  fallbackBackground(layer, [last], perDisparity, open);
  assert.ok(last.isFallback && last.pixels.length > 0);
  for (const i of last.pixels) {
    assert.ok(Math.abs(Math.floor((i % WIDTH) / CELL) - column) <= 1, `column ${i % WIDTH}`);
    assert.ok(last.disparity[i]! < layer.disparity[i]!, `pixel ${i} lies behind its cover`);
    assert.ok(last.disparity[i]! <= 0.3 + 1e-6, `pixel ${i}: ${last.disparity[i]}`);
  }
});
