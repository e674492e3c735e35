import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../../src/viewer/pace.ts';

const FULL = { width: 1200, height: 900 };

/** Draws `frames` on a machine that takes `fullMs` for the full size; returns the last size. */
function draw(pace: Pace, fullMs: number, frames: number, moves = true): number {
  let scale = 1;
  for (let i = 0; i < frames; i++) {
    scale = pace.scale(moves, FULL);
    pace.took(fullMs * scale * scale, scale, FULL);
  }
  return scale;
}

test('a machine that keeps up draws every pixel', () => {
  assert.equal(draw(new Pace(false), 16, 100), 1);
});

test('a slow card draws fewer pixels while something moves, and all of them when it rests', () => {
  const pace = new Pace(false);
  const moving = draw(pace, 100, 30);
  assert.ok(100 * moving * moving <= 40, `a frame takes ${100 * moving * moving} ms`);
  assert.equal(pace.scale(false, FULL), 1);
  assert.equal(pace.isTooSlow, false);
});

test('the size stands still when the time does', () => {
  const pace = new Pace(false);
  draw(pace, 100, 30);
  const sizes = new Set(Array.from({ length: 50 }, (_, i) => draw(pace, 95 + (i % 10), 1)));
  assert.equal(sizes.size, 1);
});

test('a program that draws instead of a card begins small, never smaller than can be looked at, and sways however slowly', () => {
  const pace = new Pace(true);
  assert.ok(pace.scale(false, FULL) < 1);
  assert.equal(draw(pace, 20_000, 30), 480 / 1200);
  assert.equal(pace.isTooSlow, false);
});

test('a card that cannot keep up is told by many frames, not by the first', () => {
  const pace = new Pace(false);
  draw(pace, 5000, 4);
  assert.equal(pace.isTooSlow, false);
  draw(pace, 5000, 30);
  assert.equal(pace.isTooSlow, true);
  draw(pace, 20, 60);
  assert.equal(pace.isTooSlow, false, 'and may think better of it');
});
