import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace, type Movement } from '../../../src/viewer/pace.ts';

const FULL = { width: 1200, height: 900, shownSide: 1200 };

/** Time of a picture on workers that take `fullMs` for the full size: part of the work is the same for smaller ones. */
function workersMs(fullMs: number, scale: number, { width, height } = FULL): number {
  const fixed = 500_000;
  return (fullMs * (fixed + width * height * scale * scale)) / (fixed + width * height);
}

/** Draws `frames` on a card that takes `fullMs` for the full size, or as `msOf` says; returns the last size. */
function draw(pace: Pace, fullMs: number, frames: number, movement: Movement = 'sway', msOf = cardMs): number {
  let scale = 1;
  for (let i = 0; i < frames; i++) {
    scale = pace.scale(movement, FULL);
    pace.took(msOf(fullMs, scale), scale, FULL);
  }
  return scale;
}

const cardMs = (fullMs: number, scale: number): number => fullMs * scale * scale;
const drawBeside = (pace: Pace, fullMs: number, frames: number, movement: Movement = 'sway'): number =>
  draw(pace, fullMs, frames, movement, workersMs);

test('a machine that keeps up draws every pixel', () => {
  assert.equal(draw(new Pace(false), 16, 100), 1);
});

test('a slow card draws fewer pixels while something moves, and all of them when it rests', () => {
  for (const movement of ['hand', 'sway'] as const) {
    const pace = new Pace(false);
    const moving = draw(pace, 100, 30, movement);
    assert.ok(100 * moving * moving <= 40, `a frame takes ${100 * moving * moving} ms`);
    assert.equal(pace.scale('rest', FULL), 1);
    assert.equal(pace.isTooSlow, false);
  }
});

test('who was a little slow for a while comes back to every pixel', () => {
  const pace = new Pace(false);
  assert.equal(draw(pace, 45, 30), 0.8);
  assert.equal(draw(pace, 16, 30), 1);
});

test('the size stands still when the time does', () => {
  const pace = new Pace(false);
  draw(pace, 100, 30);
  const sizes = new Set(Array.from({ length: 50 }, (_, i) => draw(pace, 95 + (i % 10), 1)));
  assert.equal(sizes.size, 1);
});

test('workers begin with every pixel, and follow the hand at a size that can be looked at', () => {
  const pace = new Pace(true);
  assert.equal(pace.scale('hand', FULL), 1);
  assert.equal(drawBeside(pace, 70, 30, 'hand'), 1, 'fourteen frames a second are enough');
  assert.equal(drawBeside(pace, 20_000, 30, 'hand'), 480 / 1200);
});

test('workers come back to every pixel once the full size is fast enough, and pass over a moment that was slow', () => {
  const pace = new Pace(true);
  assert.ok(drawBeside(pace, 200, 20, 'hand') < 1);
  assert.equal(drawBeside(pace, 60, 20, 'hand'), 1);
  drawBeside(pace, 400, 2, 'hand');
  assert.equal(drawBeside(pace, 60, 1, 'hand'), 1);
});

test('workers stay sharp while their program is compiled and therefore slower', () => {
  const pace = new Pace(true);
  for (const fullMs of [400, 218, 117, 117, 150, 110, 100, 90, 90, 80]) assert.equal(drawBeside(pace, fullMs, 1, 'hand'), 1);
});

test('workers sway a picture that is sharp, or do not sway at all, and what rests is sharp', () => {
  const quick = new Pace(true);
  assert.ok(drawBeside(quick, 280, 30) >= 0.8, 'no blurred picture without being asked');
  assert.equal(quick.isTooSlow, false);
  const slow = new Pace(true);
  assert.ok(drawBeside(slow, 1000, 5) >= 0.8);
  assert.equal(slow.isTooSlow, true, 'told by a few frames');
  assert.equal(drawBeside(slow, 1000, 5, 'rest'), 1);
  assert.equal(slow.isTooSlow, true, 'resting does not set it off again');
  drawBeside(slow, 300, 20, 'hand');
  assert.equal(slow.isTooSlow, true, 'nor a little more speed, so that it does not go on and off');
  drawBeside(slow, 150, 20, 'hand');
  assert.equal(slow.isTooSlow, false);
});

test('something else that runs for a moment does not end the sway', () => {
  const pace = new Pace(true);
  drawBeside(pace, 230, 10);
  drawBeside(pace, 700, 1);
  assert.equal(pace.isTooSlow, false);
  drawBeside(pace, 230, 10);
  assert.equal(pace.isTooSlow, false);
});

test('on a fine screen workers sway as sharply as the page has pixels, not as the screen has', () => {
  const pace = new Pace(true);
  const fine = { width: 2400, height: 1800, shownSide: 1200 };
  for (let i = 0; i < 30; i++) {
    const scale = pace.scale('sway', fine);
    pace.took(workersMs(850, scale, fine), scale, fine);
  }
  assert.equal(pace.scale('sway', fine), 0.8 / 2);
  assert.equal(pace.isTooSlow, false);
});

test('a card that cannot keep up is told by many frames, not by the first', () => {
  const pace = new Pace(false);
  draw(pace, 1500, 4);
  assert.equal(pace.isTooSlow, false);
  draw(pace, 1500, 30);
  assert.equal(pace.isTooSlow, true);
  draw(pace, 20, 60);
  assert.equal(pace.isTooSlow, false, 'and may think better of it');
});

test('a program that stands in for a card and takes seconds a frame is told by a few frames', () => {
  const pace = new Pace(false);
  draw(pace, 20_000, 5);
  assert.equal(pace.isTooSlow, true);
  const once = new Pace(false);
  draw(once, 16, 3);
  draw(once, 5000, 1);
  draw(once, 16, 10);
  assert.equal(once.isTooSlow, false, 'one slow frame is something else that ran just then');
});
