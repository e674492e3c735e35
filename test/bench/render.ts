/** Both renderers: CPU a frame in one run, in turns; how alike their pictures are; and the memory that a long video takes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { chromium, type Page } from 'playwright-core';
import { build } from 'esbuild';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import {
  lensFor,
  photoCamera,
  translation,
  type Camera,
  type DepthMap,
  type Eyebox,
  type Lens,
  type Raster,
  type Scene,
} from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene } from '../../src/raster/index.ts';
import { cpuOfTree } from './cpu-of-tree.ts';
import { packScene } from './pack-scene.ts';
import { benchScene } from './scene.ts';
import { foliageScene, gravelScene } from './textured-scenes.ts';
import { applyInpainted, buildHoles, fill, grow, mesh, sharpen, tear } from '../helpers/heart.ts';

const SIZE = 960;
/** Frames a turn, and turns of each renderer; the fastest turn counts. */
const FRAMES = 6;
const TURNS = 3;
/** The first frames are slower: engines compile, textures are made. */
const WARM_UP = 12;
/** Pixels around a silhouette that are judged apart. */
const BAND = 3;
const VIDEO_FRAMES = 240;

/** @param folder with rendered scenes; without them only made-up ones are compared. */
export async function benchRender(folder: string): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  const server = await chromium.launchServer({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const page = await browser.newPage();
    const show = await openPage(page);
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
    console.log(`\nLikeness: PSNR in dB over the whole picture, and within ${BAND} px of silhouettes; least over places of the eyebox`);
    console.log('scene        1 sample (software default)   3 samples (stills)');
    for (const [name, scene] of [...renderedScenes(folder), ...scenes]) {
      await show(scene);
      await likeness(name, scene, page);
    }
    memory(scenes[0]![1]);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function openPage(page: Page): Promise<(scene: Scene) => Promise<void>> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench/render-page.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.vert': 'text', '.frag': 'text' },
    alias: { 'unflat/plugin': join(root, 'src/plugin-api/index.ts') },
  });
  let bytes = new Uint8Array();
  await page.route('http://bench.test/**', (route) => {
    const url = route.request().url();
    if (url.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]!.text });
    if (url.endsWith('.bin')) return route.fulfill({ body: Buffer.from(bytes) });
    return route.fulfill({ contentType: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' });
  });
  await page.goto('http://bench.test/');
  await page.waitForFunction(() => 'renderBench' in globalThis);
  return async (scene) => {
    bytes = packScene(scene);
    await page.evaluate(() => renderBench.open('http://bench.test/scene.bin'));
  };
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
  console.log(
    `${name.padEnd(12)} ${ms(best.shaders, 7)} ${ms(best.browser, 16)} ${ms(best.node, 13)}   1/${(best.shaders / best.browser).toFixed(1)}, 1/${(best.shaders / best.node).toFixed(1)}`,
  );
}

const PLACES = [
  [0, 0, 0],
  [1, 1, -1],
  [-1, 1, -1],
  [1, -1, 1],
  [-1, -1, 1],
] as const;

async function likeness(name: string, scene: Scene, page: Page): Promise<void> {
  const renderer = new SoftwareRenderer(prepareScene(scene));
  const cells: string[] = [];
  for (const samples of [1, 3]) {
    let [whole, edges] = [Infinity, Infinity];
    for (const [x, y, z] of PLACES) {
      const { eyebox, lens, width, height } = scene;
      const camera = { ...photoCamera(lens, width, height), c2w: translation(x * eyebox.x, y * eyebox.y, z * eyebox.z) };
      const theirs = Buffer.from(await page.evaluate(([c, n]) => renderBench.picture(c, n), [camera, samples] as const), 'base64');
      const ours = renderer.draw(camera, { samples }).rgba;
      const band = silhouettes(scene, camera);
      whole = Math.min(whole, psnrOf(ours, theirs));
      edges = Math.min(edges, psnrOf(ours, theirs, band));
    }
    cells.push(`${whole.toFixed(1)} / ${edges.toFixed(1)}`.padEnd(30));
  }
  console.log(`${name.padEnd(12)} ${cells.join('')}`);
}

function psnrOf(a: Uint8ClampedArray, b: Uint8Array, only?: Uint8Array): number {
  let squared = 0;
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    if (i % 4 === 3 || (only && !only[i >> 2])) continue;
    squared += (a[i]! - b[i]!) ** 2;
    count++;
  }
  return 10 * Math.log10((255 ** 2 * count) / squared);
}

/** Pixels near where the nearest surface ends: the scene in its depth's greys, drawn by ours, has its steps there. */
function silhouettes(scene: Scene, camera: Camera): Uint8Array {
  const { width, height } = camera;
  const layers = scene.layers.map((layer) => {
    const rgba = layer.rgba.slice();
    for (let i = 0; i < layer.disparity.length; i++) rgba.fill(255 * layer.disparity[i]!, 4 * i, 4 * i + 3);
    return { ...layer, rgba };
  });
  const { detail: _, ...plain } = scene;
  const { rgba } = new SoftwareRenderer(prepareScene({ ...plain, layers })).draw(camera);
  const near = new Uint8Array(width * height);
  /** Levels of depth's grey between neighbours that no slanted surface has. */
  const STEP = 10;
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const i = y * width + x;
      const step = Math.max(Math.abs(rgba[4 * i]! - rgba[4 * (i - 1)]!), Math.abs(rgba[4 * i]! - rgba[4 * (i - width)]!));
      if (step < STEP) continue;
      for (let v = Math.max(0, y - BAND); v <= Math.min(height - 1, y + BAND); v++)
        near.fill(1, v * width + Math.max(0, x - BAND), v * width + Math.min(width, x + BAND + 1));
    }
  }
  return near;
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

function sceneOf(photo: Raster, map: DepthMap, lens: Lens, eyebox: Eyebox, exact: boolean): Scene {
  const options = { lens, eyebox };
  const depth = sharpen(map, photo, { smoothing: 1, exact });
  const grown = grow(photo, depth, tear(depth, photo, options), options);
  for (let k = 0; k < grown.layers.length; k++) {
    const input = buildHoles(grown, k);
    if (input) applyInpainted(grown, k, fill(input));
  }
  return {
    name: 'bench',
    width: photo.width,
    height: photo.height,
    lens,
    eyebox,
    depth,
    layers: grown.layers,
    meshes: mesh(grown.layers, options),
  };
}

/** The scenes of the quality bench, with the eyebox that their views need. */
function renderedScenes(folder: string): (readonly [string, Scene])[] {
  const names = ['still_life', 'garden', 'room', 'toys', 'columns'].filter((name) => existsSync(join(folder, name, 'camera.json')));
  return names.map((name) => {
    const { width, height, channels, data } = decode(readFileSync(join(folder, name, 'photo.png')));
    const map = decode(readFileSync(join(folder, name, 'disparity.png')));
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + c]!;
    const camera = JSON.parse(readFileSync(join(folder, name, 'camera.json'), 'utf8')) as Lens & { views: { c2w: number[][] }[] };
    const longer = Math.max(width, height);
    const { fx, fy, cx, cy, near, far } = camera;
    const most = (axis: number) => Math.max(...camera.views.map(({ c2w }) => Math.abs(c2w[axis]![3]!)));
    const disparity = Float32Array.from({ length: width * height }, (_, i) => map.data[i * map.channels]! / 65535);
    return [
      name,
      sceneOf(
        { width, height, rgba },
        { width, height, disparity },
        { fx: fx / longer, fy: fy / longer, cx: cx / longer, cy: cy / longer, near, far },
        { x: most(0), y: most(1), z: most(2) },
        true,
      ),
    ] as const;
  });
}
