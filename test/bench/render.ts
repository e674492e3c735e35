/** Both renderers: CPU a frame in one run, in turns, and the memory that a long video takes. */
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { lensFor, photoCamera, translation, type Camera, type DepthMap, type Raster, type Scene } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene } from '../../src/raster/index.ts';
import { cpuOfTree } from './cpu-of-tree.ts';
import { figure } from './figures.ts';
import { openRenderPage } from './open-render-page.ts';
import { benchScene } from './scene.ts';
import { sceneOf } from './scene-of.ts';
import { foliageScene, gravelScene } from './textured-scenes.ts';

const SIZE = 960;
/** Frames a turn, and turns of each renderer; the fastest turn counts. */
const FRAMES = 6;
const TURNS = 3;
/** The first frames are slower: engines compile, textures are made. */
const WARM_UP = 12;
const VIDEO_FRAMES = 240;

export async function benchRender(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  const server = await chromium.launchServer({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await browser.newPage();
    const show = await openRenderPage(page);
    const pid = server.process().pid!;
    console.log(
      `\nDrawing: CPU ms a frame at ${SIZE}×${SIZE}, fastest of ${TURNS} turns of ${FRAMES}; shaders in the browser's own program, ours in the browser and in Node`,
    );
    console.log('scene        shaders   ours (browser)   ours (Node)   ratios');
    const made: [string, (width: number, height: number) => { photo: Raster; depth: DepthMap }][] = [
      ['things', benchScene],
      ['leaves', foliageScene],
      ['stones', gravelScene],
    ];
    const scenes = made.map(([name, make]) => {
      const { photo, depth } = make(SIZE, SIZE);
      return [name, sceneOf(photo, depth, lensFor(SIZE, SIZE), { x: 0.02, y: 0.02, z: 0.06 }, false)] as const;
    });
    for (const [name, scene] of scenes) {
      await show(scene);
      await speed(name, scene, page, pid);
    }
    memory(scenes[0]![1]);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A turn round the eyebox, half of it with a step forward and back, with the videos' crop. */
function pathOf(scene: Scene, count: number): Camera[] {
  const own = photoCamera(scene.lens, SIZE, SIZE);
  return Array.from({ length: count }, (_, n) => {
    const turn = (2 * Math.PI * n) / count;
    const { x, y, z } = scene.eyebox;
    return {
      ...own,
      fx: own.fx * 1.08,
      fy: own.fy * 1.08,
      c2w: translation(x * Math.cos(turn), y * Math.sin(turn), n % 2 ? z * Math.sin(turn) : 0),
    };
  });
}

async function speed(name: string, scene: Scene, page: Page, pid: number): Promise<void> {
  const renderer = new SoftwareRenderer(prepareScene(scene));
  const out = new Uint8ClampedArray(SIZE * SIZE * 4);
  const ways = {
    shaders: (cameras: Camera[]) => inBrowser('hardware', cameras),
    browser: (cameras: Camera[]) => inBrowser('raster', cameras),
    node: async (cameras: Camera[]) => {
      const before = process.cpuUsage();
      for (const camera of cameras) renderer.draw(camera, { out });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    },
  };
  async function inBrowser(which: 'hardware' | 'raster', cameras: Camera[]): Promise<number> {
    const before = cpuOfTree(pid);
    await page.evaluate(([kind, path]) => renderBench.frames(kind, path), [which, cameras] as const);
    return cpuOfTree(pid) - before;
  }
  const best = { shaders: Infinity, browser: Infinity, node: Infinity };
  const kinds = Object.keys(ways) as (keyof typeof ways)[];
  await ways.shaders(pathOf(scene, 2));
  await ways.browser(pathOf(scene, WARM_UP));
  await ways.node(pathOf(scene, WARM_UP));
  for (let turn = 0; turn < TURNS; turn++)
    for (const kind of kinds) best[kind] = Math.min(best[kind], (await ways[kind](pathOf(scene, FRAMES))) / FRAMES);
  const ms = (value: number, width: number) => value.toFixed(0).padStart(width);
  figure(`${name} ${best.shaders.toFixed(0)} → ${best.browser.toFixed(0)} in Chromium, ${best.node.toFixed(0)} in Node`);
  console.log(
    `${name.padEnd(12)} ${ms(best.shaders, 7)} ${ms(best.browser, 16)} ${ms(best.node, 13)}   1/${(best.shaders / best.browser).toFixed(1)}, 1/${(best.shaders / best.node).toFixed(1)}`,
  );
}

function memory(scene: Scene): void {
  const before = process.memoryUsage().rss;
  const renderer = new SoftwareRenderer(prepareScene(scene));
  const out = new Uint8ClampedArray(SIZE * SIZE * 4);
  let peak = 0;
  for (const camera of pathOf(scene, VIDEO_FRAMES)) {
    renderer.draw(camera, { out });
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  console.log(`\nMemory for ${VIDEO_FRAMES} frames in Node: at most ${mib(peak - before)} MiB more than before, ${mib(peak)} MiB in all`);
}
