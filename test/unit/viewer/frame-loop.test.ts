import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { FrameLoop, type Stepped } from '../../../src/viewer/frame-loop.ts';

/** A frame of the loop, until the test ends it. */
interface OpenFrame {
  moves: boolean;
  free: () => void;
  end: () => void;
}

let now = 0;
let asked: (() => void)[] = [];
let see: (isIntersecting: boolean) => void = () => {};
let frames: OpenFrame[] = [];
let stepsLeft = 0;
let loop: FrameLoop;

/** What the browser does when the screen is ready for a picture. */
async function screen(): Promise<void> {
  for (const frame of asked.splice(0)) frame();
  await settled();
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  now = 0;
  asked = [];
  frames = [];
  mock.method(performance, 'now', () => now);
  Object.assign(globalThis, {
    document: { hidden: false, addEventListener() {}, removeEventListener() {} },
    requestAnimationFrame: (frame: () => void) => asked.push(frame),
    cancelAnimationFrame: () => void (asked = []),
    IntersectionObserver: class {
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        see = (isIntersecting) => tell([{ isIntersecting }]);
      }
      observe() {}
      disconnect() {}
    },
  });
  const stepped: Stepped = {
    step: () => stepsLeft-- > 0,
    draw: (moves, _, free) => new Promise((end) => frames.push({ moves, free, end })),
    rest: Infinity,
  };
  loop = new FrameLoop(stepped);
});

afterEach(() => {
  loop.dispose();
  mock.restoreAll();
});

test('what draws slowly begins the next frame while its last picture is being shown, and never two more', async () => {
  stepsLeft = 10;
  loop.isRunning = true;
  await screen();
  assert.equal(frames.length, 1);
  now = 60;
  frames[0]!.free();
  assert.equal(frames.length, 2, 'the next one begins before the first is on the page');
  frames[0]!.free();
  assert.equal(frames.length, 2, 'a frame is followed once');
  frames[0]!.end();
  await settled();
  await screen();
  assert.equal(frames.length, 2, 'a frame that was followed asks for no other');
  now = 120;
  frames[1]!.free();
  assert.equal(frames.length, 3);
});

test('what draws fast waits for the screen', async () => {
  stepsLeft = 10;
  loop.isRunning = true;
  await screen();
  now = 5;
  frames[0]!.free();
  assert.equal(frames.length, 1);
  frames[0]!.end();
  await settled();
  assert.equal(frames.length, 1);
  await screen();
  assert.equal(frames.length, 2);
});

test('after the last move one more frame is drawn, at rest, and then none', async () => {
  stepsLeft = 1;
  loop.isRunning = true;
  for (let i = 0; i < 4; i++) {
    await screen();
    frames.at(-1)!.free();
    frames.at(-1)!.end();
    await settled();
  }
  assert.deepEqual(
    frames.map(({ moves }) => moves),
    [true, false],
  );
  assert.equal(asked.length, 0);
});

test('a change during the frame at rest is drawn after it', async () => {
  stepsLeft = 0;
  loop.isRunning = true;
  loop.invalidate();
  await screen();
  assert.equal(frames.length, 1);
  stepsLeft = 1;
  loop.wake();
  await screen();
  assert.equal(frames.length, 1, 'one at a time');
  frames[0]!.end();
  await settled();
  await screen();
  assert.equal(frames.length, 2);
  assert.equal(frames[1]!.moves, true);
});

test('out of view nothing is drawn, not even after a frame that was begun in view; in view again it goes on', async () => {
  stepsLeft = 10;
  loop.isRunning = true;
  await screen();
  now = 60;
  see(false);
  frames[0]!.free();
  frames[0]!.end();
  await settled();
  await screen();
  assert.equal(frames.length, 1);
  see(true);
  await screen();
  assert.equal(frames.length, 2);
});
