/** Both renderers' pictures of the same scenes: how alike they are, how near to the truth, and how much they flicker. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { chromium } from 'playwright-core';
import { placesOf } from '../../plugins/shared/moves/places-of.ts';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { photoCamera, translation, type Camera, type Raster, type Scene } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene } from '../../src/raster/index.ts';
import { figure } from './figures.ts';
import { flickerOf, movingEdges } from './flicker.ts';
import { openRenderPage } from './open-render-page.ts';
import { renderedScenes, type TrueView } from './rendered-scenes.ts';
import { psnr, score, type Sums } from './score.ts';
import { tear } from '../helpers/heart.ts';

/** Pixels around a silhouette that are judged apart. */
const BAND = 3;
/** As stills and views of the command line are drawn. */
const SAMPLES = 3;
const SWING_FRAMES = 240;
/** Flicker is looked for in three frames of so many. */
const EVERY = 30;

/** Draws by both. */
type Both = (camera: Camera, samples: number) => Promise<{ shaders: Raster; ours: Raster }>;

/** @param folder with the rendered scenes. @param sheets where side-by-side pictures go; undefined = none are made. @param only a scene's name. */
export async function benchAlike(folder: string, sheets?: string, only?: string): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    const show = await openRenderPage(page);
    console.log(`\nBoth renderers: alike in dB over the whole picture / within ${BAND} px of silhouettes, least over places of the eyebox`);
    for (const { name, scene, views } of renderedScenes(folder)) {
      if (only !== undefined && name !== only) continue;
      await show(scene);
      const renderer = new SoftwareRenderer(prepareScene(scene));
      const both: Both = async (camera, samples) => {
        const text = await page.evaluate(([c, n]) => renderBench.picture(c, n), [camera, samples] as const);
        const { width, height } = camera;
        return {
          shaders: { width, height, rgba: new Uint8ClampedArray(Buffer.from(text, 'base64')) },
          ours: renderer.draw(camera, { samples }),
        };
      };
      console.log(name);
      await likeness(name, scene, both, sheets);
      await truth(name, views, both);
      await flicker(name, scene, both);
    }
  } finally {
    await browser.close();
  }
}

const PLACES = [
  [0, 0, 0],
  [1, 1, -1],
  [-1, 1, -1],
  [1, -1, 1],
  [-1, -1, 1],
] as const;

async function likeness(name: string, scene: Scene, both: Both, sheets: string | undefined): Promise<void> {
  const { eyebox, lens, width, height } = scene;
  for (const samples of [1, SAMPLES]) {
    let [whole, edges] = [Infinity, Infinity];
    for (const [n, [x, y, z]] of PLACES.entries()) {
      const camera = { ...photoCamera(lens, width, height), c2w: translation(x * eyebox.x, y * eyebox.y, z * eyebox.z) };
      const { shaders, ours } = await both(camera, samples);
      whole = Math.min(whole, psnrOf(ours.rgba, shaders.rgba));
      edges = Math.min(edges, psnrOf(ours.rgba, shaders.rgba, silhouettes(scene, camera)));
      if (sheets !== undefined && samples === 1) save(sheets, `${name}-${n}`, shaders, ours);
    }
    figure(`${name} alike at ${samples} ${whole.toFixed(1)} / ${edges.toFixed(1)}`);
    console.log(`  ${samples} sample(s): ${whole.toFixed(1)} / ${edges.toFixed(1)} dB`);
  }
}

/** Both pictures, and by how much they differ, times eight. */
function save(folder: string, name: string, shaders: Raster, ours: Raster): void {
  mkdirSync(folder, { recursive: true });
  const { width, height } = ours;
  const difference = Uint8ClampedArray.from(ours.rgba, (level, i) => (i % 4 === 3 ? 255 : 8 * Math.abs(level - shaders.rgba[i]!)));
  for (const [kind, rgba] of [
    ['shaders', shaders.rgba],
    ['ours', ours.rgba],
    ['difference', difference],
  ] as const)
    writeFileSync(join(folder, `${name}-${kind}.png`), encode({ width, height, data: new Uint8Array(rgba.buffer), channels: 4, depth: 8 }));
}

async function truth(name: string, views: readonly TrueView[], both: Both): Promise<void> {
  const REGIONS = ['hidden', 'seen', 'beyond'] as const;
  const KIND = { hidden: 255, seen: 0, beyond: 128 };
  const sums = { shaders: {} as Record<string, Sums>, ours: {} as Record<string, Sums> };
  for (const { camera, truth: true_, kindOf } of views) {
    const pictures = await both(camera, SAMPLES);
    for (const kind of ['shaders', 'ours'] as const) {
      const parts = Object.fromEntries(REGIONS.map((region) => [region, (i: number) => kindOf(i) === KIND[region]]));
      for (const [region, { squared, ssim, pixels }] of Object.entries(score(true_, pictures[kind], parts))) {
        const sum = (sums[kind][region] ??= { squared: 0, ssim: 0, pixels: 0 });
        sum.squared += squared;
        sum.ssim += ssim;
        sum.pixels += pixels;
      }
    }
  }
  const cells = REGIONS.map((region) => {
    const [shaders, ours] = [psnr(sums.shaders[region]!), psnr(sums.ours[region]!)];
    return `${region} ${shaders.toFixed(2)} → ${ours.toFixed(2)} (${ours < shaders ? '−' : '+'}${Math.abs(ours - shaders).toFixed(3)})`;
  });
  figure(`${name} truth ${cells.join(', ')}`);
  console.log(`  against truth, shaders → ours, dB: ${cells.join(', ')}`);
}

async function flicker(name: string, scene: Scene, both: Both): Promise<void> {
  const { lens, width, height, eyebox, depth } = scene;
  const places = placesOf('swing', scene, SWING_FRAMES, 1);
  const joins = tear(depth, photoOf(scene), { lens, eyebox });
  const popped = { shaders: [0, 0], ours: [0, 0] };
  const of = [0, 0];
  for (let n = 1; n < SWING_FRAMES - 1; n += EVERY) {
    const frames = [];
    for (const k of [n - 1, n, n + 1]) {
      const { x, y, z } = places[k]!;
      frames.push(await both({ ...photoCamera(lens, width, height), c2w: translation(x, y, z) }, 1));
    }
    const edges = movingEdges(depth, joins, lens, places[n]!);
    for (const kind of ['shaders', 'ours'] as const) {
      const found = flickerOf(frames[0]![kind], frames[1]![kind], frames[2]![kind], edges);
      popped[kind][0]! += found.popped;
      popped[kind][1]! += found.edgePopped;
      if (kind === 'ours') {
        of[0]! += found.pixels;
        of[1]! += found.edgePixels;
      }
    }
  }
  const perMillion = (kind: 'shaders' | 'ours'): string =>
    popped[kind].map((count, i) => ((1e6 * count) / Math.max(1, of[i]!)).toFixed(0)).join(' / ');
  figure(`${name} flicker ${perMillion('shaders')} → ${perMillion('ours')}`);
  console.log(
    `  flicker of the swing, shaders → ours, popped a million away from / at moving edges: ${perMillion('shaders')} → ${perMillion('ours')}`,
  );
}

/** The photo without the layer's margin. */
function photoOf({ width, height, layers }: Scene): Raster {
  const { rgba, margin, width: stride } = layers[0]!;
  const photo = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((y + margin) * stride + margin) * 4;
    photo.set(rgba.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, rgba: photo };
}

function psnrOf(a: Uint8ClampedArray, b: Uint8ClampedArray, only?: Uint8Array): number {
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
