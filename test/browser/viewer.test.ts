import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import type { Scene } from '../../src/core/index.ts';
import { openViewerPage, type ViewerPage } from './viewer-browser.ts';
import type { Picture } from './viewer-page.ts';
import { SMALL } from './viewer-scene.ts';

const opened: ViewerPage[] = [];
after(async () => {
  for (const { close } of opened) await close();
});

async function open(options: Parameters<typeof openViewerPage>[0] = {}): Promise<ViewerPage> {
  const viewer = await openViewerPage(options);
  opened.push(viewer);
  return viewer;
}

/** Frames drawn within a while. */
const framesIn = ({ page }: ViewerPage, ms: number): Promise<number> =>
  page.evaluate(async (time) => {
    const before = viewerTests.viewer().frames;
    await new Promise((resolve) => setTimeout(resolve, time));
    return viewerTests.viewer().frames - before;
  }, ms);

/** Waits until no frame was drawn for half a second. */
const settle = async (viewer: ViewerPage): Promise<void> => {
  const end = Date.now() + 120_000;
  while ((await framesIn(viewer, 500)) > 0) assert.ok(Date.now() < end, 'frames are drawn without end');
};

/** Waits until so many more frames were drawn, however long each takes. */
const drawn = async ({ page }: ViewerPage, more: number): Promise<void> => {
  const before = await page.evaluate(() => viewerTests.viewer().frames);
  await page.waitForFunction((least) => viewerTests.viewer().frames >= least, before + more, { timeout: 60_000 });
};

const look = ({ page }: ViewerPage): Promise<{ x: number; y: number; z: number }> => page.evaluate(() => viewerTests.viewer().look);
const shown = ({ page }: ViewerPage): Promise<Picture> => page.evaluate(() => viewerTests.shown());

/** What the canvas on the page holds: one that draws by itself is no 2D canvas. */
const onCanvas = ({ page }: ViewerPage): Promise<Picture> => page.evaluate(() => viewerTests.onCanvas());

function difference(a: Picture, b: Picture): number {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  const [x, y] = [Buffer.from(a.rgba, 'base64'), Buffer.from(b.rgba, 'base64')];
  return x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
}

/** Mean red, green and blue, 0..255. */
function meanOf({ rgba }: Picture): number[] {
  const bytes = Buffer.from(rgba, 'base64');
  const sums = [0, 0, 0];
  for (let i = 0; i < bytes.length; i++) if (i % 4 < 3) sums[i % 4]! += bytes[i]!;
  return sums.map((sum) => (4 * sum) / bytes.length);
}

function isLike(a: Picture, b: Picture): boolean {
  const mean = meanOf(b);
  return meanOf(a).every((value, c) => Math.abs(value - mean[c]!) < 1.5);
}

for (const renderer of ['hardware', 'software'] as const) {
  test(`what moves is drawn, what rests or is out of sight is not: ${renderer}`, async () => {
    const viewer = await open();
    const { page } = viewer;
    await page.evaluate(([recipe, renderer]) => viewerTests.view(recipe, { motion: 'none', renderer }), [SMALL, renderer] as const);
    await settle(viewer);
    assert.equal(await framesIn(viewer, 1500), 0, 'at rest');

    await page.evaluate(() => viewerTests.viewer().setLook(0.5, 0.2, 0));
    await drawn(viewer, 1);
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: 0.5, y: 0.2, z: 0 });

    await page.evaluate(() => (viewerTests.viewer().motion = 'auto'));
    await drawn(viewer, 3); // it sways
    await page.evaluate(() => (viewerTests.viewer().canvas!.style.marginTop = '3000px'));
    await settle(viewer);
    assert.equal(await framesIn(viewer, 1500), 0, 'scrolled out of sight');
    await page.evaluate(() => (viewerTests.viewer().canvas!.style.marginTop = ''));
    await drawn(viewer, 3); // and back
  });
}

test('who prefers reduced motion is spared the sway, but can still look around', async () => {
  const viewer = await open({ reducedMotion: 'reduce' });
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe), SMALL);
  await settle(viewer);
  await page.waitForTimeout(3000);
  assert.equal(await framesIn(viewer, 1000), 0);
  await page.focus('canvas');
  await page.keyboard.press('ArrowRight');
  await settle(viewer);
  assert.ok((await look(viewer)).x > 0.2);
});

/**
 * The GPU is called as WebKit calls all of them, and each frame takes `frameMs`.
 * As text: what compiles this file gives functions names by a helper that the page has not.
 */
const LIKE_A_CARD = `(() => {
  const { prototype } = WebGL2RenderingContext;
  const { getParameter, fenceSync, getSyncParameter } = prototype;
  const began = new WeakMap();
  Object.assign(globalThis, { frameMs: 0 });
  prototype.getParameter = function (name) { return [7936, 7937, 37445, 37446].includes(name) ? 'Apple GPU' : getParameter.call(this, name); };
  prototype.fenceSync = function (...all) { const fence = fenceSync.apply(this, all); began.set(fence, performance.now()); return fence; };
  prototype.getSyncParameter = function (fence, name) { return name !== this.SYNC_STATUS ? getSyncParameter.call(this, fence, name) : performance.now() - began.get(fence) < frameMs ? this.UNSIGNALED : this.SIGNALED; };
})()`;

test('a program that a browser calls a graphics card is told by its first frames, and the software renderer takes over', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate(LIKE_A_CARD);
  const takesOver = async (frameMs: number): Promise<void> => {
    await page.evaluate((ms) => void Object.assign(globalThis, { frameMs: ms }), frameMs);
    await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none', renderer: 'auto' }), SMALL);
    // It is looked at frames that are drawn anyway.
    await page.waitForFunction(
      () => {
        const each = viewerTests.viewer();
        each.setLook(each.look.x === 0.1 ? 0.2 : 0.1, 0, 0, true);
        return each.drawnBy === 'software';
      },
      undefined,
      { polling: 100 },
    );
    await page.evaluate(() => viewerTests.viewer().setLook(0.3, 0, 0, true));
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: 0.3, y: 0, z: 0 });
  };
  await takesOver(1200);
  assert.ok((await middleOfCanvas(viewer))[0]! > 190);
  assert.deepEqual(viewer.said, []);
});

for (const renderer of ['hardware', 'software'] as const) {
  test(`drag, wheel, keys and double-click move the view within the eyebox: ${renderer}`, async () => {
    const viewer = await open();
    const { page } = viewer;
    await page.evaluate(([recipe, renderer]) => viewerTests.view(recipe, { motion: 'none', renderer }), [SMALL, renderer] as const);
    await page.mouse.move(160, 120);
    await page.mouse.down();
    await page.mouse.move(110, 150, { steps: 5 });
    await page.mouse.up();
    await settle(viewer);
    const dragged = await look(viewer);
    assert.ok(dragged.x > 0.3 && dragged.y > 0.2, `the scene follows the hand: ${JSON.stringify(dragged)}`);

    await page.mouse.move(160, 120);
    await page.mouse.down();
    await page.mouse.move(-900, -900, { steps: 8 });
    await page.mouse.up();
    await settle(viewer);
    const far = await look(viewer);
    const away = Math.hypot(far.x, far.y);
    assert.ok(far.x > 0.6 && far.y < -0.6 && away > 0.9 && away <= 1, `held in the eyebox: ${JSON.stringify(far)}`);

    await page.mouse.move(160, 120);
    await page.mouse.dblclick(160, 120);
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: 0, y: 0, z: 0 });

    await page.mouse.wheel(0, -200);
    await settle(viewer);
    assert.ok((await look(viewer)).z > 0.2, 'the wheel goes into the picture');
    await page.focus('canvas');
    for (const key of ['ArrowLeft', 'ArrowUp', '-', '-', '-']) await page.keyboard.press(key);
    await settle(viewer);
    const { x, y, z } = await look(viewer);
    assert.ok(x < -0.2 && y > 0.2 && z < 0);
    await page.keyboard.press('Home');
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: 0, y: 0, z: 0 });
  });
}

test('on a long page the wheel is the page’s until the photo has been chosen', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), SMALL);
  await page.evaluate(() => (document.body.style.height = '4000px'));
  await page.mouse.move(160, 120);
  await page.mouse.wheel(0, 50);
  await page.waitForFunction(() => scrollY > 0);
  await settle(viewer);
  assert.equal((await look(viewer)).z, 0);
  await page.focus('canvas');
  const top = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 100);
  await settle(viewer);
  assert.ok((await look(viewer)).z < 0);
  assert.equal(await page.evaluate(() => scrollY), top);
});

test('a pinch goes into the picture, a tap twice goes back', async () => {
  const viewer = await open({ hasTouch: true });
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), SMALL);
  const touch = await page.context().newCDPSession(page);
  const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: [number, number][]): Promise<unknown> =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
  await page.evaluate(() => (viewerTests.viewer().canvas!.style.touchAction = 'none'));
  await fingers('touchStart', [140, 120], [180, 120]);
  for (const by of [10, 20, 30, 40]) await fingers('touchMove', [140 - by, 120], [180 + by, 120]);
  await fingers('touchEnd');
  await settle(viewer);
  assert.ok((await look(viewer)).z > 0.5);
  for (let i = 0; i < 2; i++) {
    await fingers('touchStart', [160, 120]);
    await fingers('touchEnd');
  }
  await settle(viewer);
  assert.deepEqual(await look(viewer), { x: 0, y: 0, z: 0 });
});

test('a lost GPU context comes back by itself, with the same picture', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), SMALL);
  await page.evaluate(() => viewerTests.viewer().setLook(0.4, 0.1, 0, true));
  await settle(viewer);
  const before = await shown(viewer);
  for (let i = 0; i < 2; i++) {
    await page.evaluate(() => viewerTests.loseContext());
    await page.waitForFunction(() => viewerTests.viewer().gpuBytes === 0);
    await page.waitForFunction(() => viewerTests.viewer().gpuBytes > 0);
    await settle(viewer);
    assert.equal(difference(await shown(viewer), before), 0);
  }
  assert.deepEqual(
    viewer.said.filter((line) => !/context lost/i.test(line)),
    [],
  );
});

for (const renderer of ['hardware', 'software'] as const) {
  test(`what draws is given back while the last picture stays, and taken again for the same view: ${renderer}`, async () => {
    const viewer = await open();
    const { page } = viewer;
    await page.evaluate(([recipe, renderer]) => viewerTests.view(recipe, { motion: 'none', renderer }), [SMALL, renderer] as const);
    await page.evaluate(() => viewerTests.viewer().setLook(0.4, 0.1, 0, true));
    await settle(viewer);
    const before = await shown(viewer);
    const released = await page.evaluate(() => {
      const each = viewerTests.viewer();
      const canvas = each.canvas!;
      const gl = canvas.getContext('webgl2');
      each.release();
      each.release();
      return { hasGraphics: gl ? !gl.isContextLost() : false, isOn: canvas.isConnected, bytes: each.gpuBytes, drawnBy: each.drawnBy };
    });
    assert.deepEqual(released, { hasGraphics: false, isOn: false, bytes: 0, drawnBy: undefined });
    assert.equal(difference(await onCanvas(viewer), before), 0, 'the picture is still to be seen');
    await page.evaluate(() => viewerTests.viewer().setLook(-0.3, 0, 0, true));
    await page.evaluate(() => viewerTests.viewer().resume());
    await drawn(viewer, 1);
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: -0.3, y: 0, z: 0 });
    assert.ok(difference(await shown(viewer), before) > 1, 'what was asked meanwhile is shown');
    await page.evaluate(() => viewerTests.viewer().setLook(0.4, 0.1, 0, true));
    await settle(viewer);
    assert.equal(difference(await shown(viewer), before), 0);
    assert.deepEqual(viewer.said, []);
  });
}

test('the renderer changes while view and picture stay, and both draw the same', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), { ...SMALL, detail: 4 });
  await page.evaluate(() => viewerTests.viewer().setLook(0.5, 0.2, 0.3, true));
  await settle(viewer);
  const byHardware = await shown(viewer);
  const become = async (renderer: 'hardware' | 'software'): Promise<Picture> => {
    await page.evaluate((to) => (viewerTests.viewer().renderer = to), renderer);
    // Until the new one has drawn the old picture is on the page.
    const isBlank = await page.evaluate(() => document.querySelector('canvas') === null);
    assert.equal(isBlank, false);
    await page.waitForFunction((is2d) => (document.querySelector('canvas')!.getContext('2d') !== null) === is2d, renderer === 'software');
    await settle(viewer);
    assert.deepEqual(await look(viewer), { x: 0.5, y: 0.2, z: 0.3 });
    assert.equal(await page.locator('canvas').count(), 1);
    return shown(viewer);
  };
  const bySoftware = await become('software');
  const off = difference(bySoftware, byHardware);
  assert.ok(off > 0 && off < 1, `${off} levels`);
  assert.equal(difference(await become('hardware'), byHardware), 0);
  assert.equal(await page.evaluate(() => viewerTests.viewer().frames > 2), true);
  assert.deepEqual(viewer.said, []);
});

test('where the GPU is a program, or there is none, the software renderer draws by itself', async () => {
  const viewer = await open();
  const { page } = viewer;
  const drawnBy = async (): Promise<string | undefined> => {
    await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none', renderer: 'auto' }), SMALL);
    return page.evaluate(() => viewerTests.viewer().drawnBy);
  };
  assert.equal(await drawnBy(), 'software', 'SwiftShader');
  await page.evaluate(() => viewerTests.allowGraphics(false));
  assert.equal(await drawnBy(), 'software', 'no WebGL');
  assert.ok((await middleOfCanvas(viewer))[0]! > 190);
  assert.deepEqual(viewer.said, []);
});

test('a drawing worker that fails is named in the console, and WebGL goes on with the same view', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none', renderer: 'auto' }), SMALL);
  await page.evaluate(() => viewerTests.viewer().setLook(0.5, 0.2, 0, true));
  await settle(viewer);
  const before = await shown(viewer);
  await page.evaluate(() => (viewerTests.failWorkers(), viewerTests.viewer().setLook(0.4, 0.2, 0, true)));
  await page.waitForFunction(() => viewerTests.viewer().drawnBy === 'hardware' && viewerTests.viewer().gpuBytes > 0);
  await page.evaluate(() => viewerTests.viewer().setLook(0.5, 0.2, 0, true));
  await settle(viewer);
  assert.ok(difference(await shown(viewer), before) < 1);
  assert.equal(viewer.said.length, 1);
  assert.match(
    viewer.said[0]!,
    /Drawing worker 1 of \d of the software renderer stopped unexpectedly \(out of memory\).* WebGL draws instead/,
  );
});

test('a program for drawing that is not where it should be: WebGL draws', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none', renderer: 'auto' }, '/missing.js'), SMALL);
  assert.equal(await page.evaluate(() => viewerTests.viewer().drawnBy), 'hardware');
  assert.ok(
    viewer.said.some((line) => /Drawing worker \d of \d .* could not be started/.test(line)),
    viewer.said.join(),
  );
});

/** Colour in the middle of the element, on the screen. */
const middleOf = async ({ page }: ViewerPage): Promise<number[]> => {
  const { width, height, data, channels } = decode(await page.locator('unflat-photo').screenshot());
  const at = ((height >> 1) * width + (width >> 1)) * channels;
  return [...data.slice(at, at + 3)];
};
/** The same of a viewer without an element. */
const middleOfCanvas = async ({ page }: ViewerPage): Promise<number[]> => {
  const { width, height, data, channels } = decode(await page.locator('canvas').screenshot());
  const at = ((height >> 1) * width + (width >> 1)) * channels;
  return [...data.slice(at, at + 3)];
};
const isDisc = ([red, , blue]: number[]): boolean => red! > 190 && blue! < 100;

test('graphics that are lost and do not come back: the flat photo at once, after three seconds another canvas, with the same view', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.element(recipe), SMALL);
  await page.evaluate(() => document.querySelector('unflat-photo')!.setLook(0.5, 0.1, 0, true));
  const began = Date.now();
  await page.evaluate(() => void viewerTests.endGraphics());
  await page.locator('unflat-photo canvas[part=poster]').waitFor();
  assert.ok(isDisc(await middleOf(viewer)), 'the flat photo is to be seen');
  assert.deepEqual(await page.evaluate(() => viewerTests.told('load')), ['graphics-lost', 'load']);
  assert.ok(Date.now() - began >= 3000, 'a browser has time to give them back');
  const after = await page.evaluate(() => {
    const element = document.querySelector('unflat-photo')!;
    return { look: element.look, canvases: element.shadowRoot!.querySelectorAll('[part=canvas]').length, bytes: element.gpuBytes };
  });
  assert.deepEqual(after.look, { x: 0.5, y: 0.1, z: 0 });
  assert.ok(after.canvases === 1 && after.bytes > 0);
  await page.locator('unflat-photo canvas[part=poster]').waitFor({ state: 'detached' });
});

test('where no canvas gets graphics any more photos are shown flat, each is tried once, and 3D comes back with the graphics', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.element(recipe), SMALL);
  const lost = await page.evaluateHandle(() => viewerTests.endGraphics());
  const tries = (): Promise<number> => page.evaluate(() => viewerTests.allowGraphics(false));
  assert.equal(await tries(), 0);
  assert.deepEqual(await page.evaluate(() => viewerTests.told('error graphics-lost')), ['graphics-lost', 'error graphics-lost']);
  assert.ok(isDisc(await middleOf(viewer)));
  assert.equal(await page.locator('unflat-photo [role=alert]').count(), 0, 'visitors are not told what they cannot mend');
  const before = await tries();
  assert.ok(before >= 1);

  // A later photo, of another shape and colour.
  await page.evaluate((recipe) => void (document.querySelector('unflat-photo')!.scene = viewerTests.recoloured(recipe, 90)), {
    ...SMALL,
    height: 160,
  });
  assert.deepEqual(await page.evaluate(() => viewerTests.told('error graphics-lost')), ['error graphics-lost']);
  assert.equal(await tries(), before * 2, 'tried once');
  assert.ok(!isDisc(await middleOf(viewer)), 'it is the later photo that is seen');
  assert.equal((await page.locator('unflat-photo').boundingBox())!.height, 320);

  // The first canvas's graphics come back, late.
  await lost.evaluate((lose) => lose.restoreContext());
  assert.deepEqual(await page.evaluate(() => viewerTests.told('load')), ['load']);
  assert.equal(await page.locator('unflat-photo [part=canvas]').count(), 1);
  assert.ok(!isDisc(await middleOf(viewer)));

  // And when they may be had again, a page or a person may ask for it.
  await page.evaluate(() => void viewerTests.endGraphics());
  await page.evaluate(() => viewerTests.told('error graphics-lost'));
  await page.evaluate(() => (viewerTests.allowGraphics(true), document.querySelector('unflat-photo')!.showIn3d()));
  assert.deepEqual(await page.evaluate(() => viewerTests.told('load')), ['load']);
});

test('where the graphics are lost for good the software renderer takes over, with the same view', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate(LIKE_A_CARD);
  await page.evaluate((recipe) => (viewerTests.allowSoftware(true), viewerTests.element(recipe)), SMALL);
  await page.evaluate(() => document.querySelector('unflat-photo')!.setLook(0.5, 0.1, 0, true));
  await page.evaluate(() => void viewerTests.endGraphics());
  await page.evaluate(() => viewerTests.allowGraphics(false));
  const said = await page.evaluate(() => viewerTests.told('load'));
  assert.deepEqual(said, ['graphics-lost', 'load'], 'no error: there is a picture');
  assert.ok(isDisc(await middleOf(viewer)));
  assert.deepEqual(await page.evaluate(() => document.querySelector('unflat-photo')!.look), { x: 0.5, y: 0.1, z: 0 });
  // Later photos are drawn by it at once.
  await page.evaluate((recipe) => void (document.querySelector('unflat-photo')!.scene = viewerTests.recoloured(recipe, 90)), SMALL);
  assert.deepEqual(await page.evaluate(() => viewerTests.told('load')), ['load']);
  assert.ok(!isDisc(await middleOf(viewer)));
});

test('scenes come and go without leaving anything on the GPU', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), SMALL);
  const bytes = await page.evaluate(() => viewerTests.viewer().gpuBytes);
  assert.ok(bytes > 400_000 && bytes < 1_500_000, `${bytes} bytes`);
  // Ten in a row: the last one wins, and only it stays.
  await page.evaluate((recipe) => {
    for (let i = 0; i < 10; i++) viewerTests.viewer().setScene(viewerTests.scene(recipe));
  }, SMALL);
  await page.waitForFunction(() => viewerTests.viewer().gpuBytes > 0);
  await settle(viewer);
  assert.equal(await page.evaluate(() => viewerTests.viewer().gpuBytes), bytes);
  const left = await page.evaluate(() => {
    viewerTests.viewer().setScene(null);
    const { gpuBytes } = viewerTests.viewer();
    viewerTests.viewer().dispose();
    viewerTests.viewer().dispose();
    return gpuBytes;
  });
  assert.equal(left, 0);
  assert.deepEqual(viewer.said, []);
});

test('of a scene that differs in its colours alone only those go to the GPU, all at once, and the camera stays', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), { ...SMALL, detail: 4 });
  await page.evaluate(() => viewerTests.viewer().setLook(0.6, 0.2, 0, true));
  await settle(viewer);
  const before = await shown(viewer);
  const bytes = await page.evaluate(() => viewerTests.viewer().gpuBytes);
  const { buffers, textures, steps } = await page.evaluate((recipe) => viewerTests.become(viewerTests.recoloured(recipe, 90)), {
    ...SMALL,
    detail: 4,
  });
  assert.deepEqual([buffers, textures], [0, 3], 'the colours of two layers and what shows where no layer is');
  const after = await shown(viewer);
  // On a busy machine the canvas's size may change on the way: pictures are told apart by their mean colours.
  const drawn = (picture: Picture): string => (isLike(picture, before) ? 'old' : isLike(picture, after) ? 'new' : 'neither');
  assert.ok(!isLike(before, after));
  assert.deepEqual(
    [...new Set(steps.map(drawn))].filter((each) => each !== 'new'),
    ['old'],
    'never black, never in between',
  );
  assert.deepEqual(await look(viewer), { x: 0.6, y: 0.2, z: 0 });
  // Again and again, the last wins, and nothing is left over.
  await page.evaluate(
    async (recipe) => {
      for (const shift of [10, 20, 30]) viewerTests.viewer().setScene(viewerTests.recoloured(recipe, shift));
      await viewerTests.become(viewerTests.recoloured(recipe, 40));
    },
    { ...SMALL, detail: 4 },
  );
  const last = await shown(viewer);
  assert.equal(await page.evaluate(() => viewerTests.viewer().gpuBytes), bytes);

  const fresh = await open();
  await fresh.page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), { ...SMALL, detail: 4, width: 80, disc: null });
  await fresh.page.evaluate((recipe) => viewerTests.become(viewerTests.recoloured(recipe, 40)), { ...SMALL, detail: 4 });
  await fresh.page.evaluate(() => viewerTests.viewer().setLook(0.6, 0.2, 0, true));
  await settle(fresh);
  const asNew = await shown(fresh);
  if (asNew.width === last.width) assert.equal(difference(last, asNew), 0, 'just as if the scene had been new');
  else assert.ok(isLike(last, asNew));
  assert.deepEqual([...viewer.said, ...fresh.said], []);
});

test('a scene that differs in more than colours is taken to the GPU anew, however alike', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), SMALL);
  const buffers = await page.evaluate(async (recipe) => {
    const changes: ((scene: Scene) => void)[] = [
      (scene) => (scene.layers[1]!.disparity[5000]! += 0.1),
      (scene) => (scene.layers[0]!.rgba[4 * 9000 + 3] = 7),
      (scene) => (scene.meshes[1]!.vertices[2]! += 0.01),
      (scene) => (scene.lens = { ...scene.lens, far: scene.lens.far * 2 }),
      (scene) => (scene.eyebox = { ...scene.eyebox, x: scene.eyebox.x / 2 }),
    ];
    const counts: number[] = [];
    for (const change of changes) counts.push((await viewerTests.become(viewerTests.recoloured(recipe, 20, change))).buffers);
    return counts;
  }, SMALL);
  assert.ok(
    buffers.every((count) => count >= 4),
    String(buffers),
  );
  await settle(viewer);
  const [bytes, look] = await page.evaluate(() => [viewerTests.viewer().gpuBytes, viewerTests.viewer().look] as const);
  assert.ok(bytes < 1_500_000 && look.x === 0);
});

test('a scene whose photo is larger than its layers is shown from the photo', async () => {
  const viewer = await open();
  const { page } = viewer;
  await page.evaluate((recipe) => viewerTests.view(recipe, { motion: 'none' }), { ...SMALL, detail: 4 });
  await settle(viewer);
  const fine = await shown(viewer);
  assert.ok(fine.width >= 320);
  const bytes = await page.evaluate(() => viewerTests.viewer().gpuBytes);
  assert.ok(bytes > 160 * 120 * 16 * 4, 'the detail is on the GPU, with its mipmaps');
});
