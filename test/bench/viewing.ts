/** How 3D photos are looked at without a graphics card: frames a second while one is dragged and while it sways, and how sharp they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { lensFor } from '../../src/core/index.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { figure } from './figures.ts';
import { sceneOf } from './scene-of.ts';
import { foliageScene, gravelScene } from './textured-scenes.ts';

const WIDTH = 960;
const HEIGHT = 640;
const SECONDS = 5;
/** What the renderer is held to on two cores. */
const LEAST_FPS = 12;

interface Seen {
  frames: number;
  seconds: number;
  /** Longer side of the smallest picture that was seen, of that of the sharpest. */
  leastShare: number;
  /** Longest time between two frames. */
  longestGapMs: number;
}

export async function benchViewing(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) return console.log(`\nLooking around: left out. ${NO_CHROMIUM}`);
  const made = async (of: typeof foliageScene): Promise<Buffer> => {
    const { photo, depth } = of(WIDTH, HEIGHT);
    const scene = sceneOf(photo, depth, lensFor(WIDTH, HEIGHT), { x: 0.02, y: 0.02, z: 0.06 }, false);
    return Buffer.from(await (await writeScene(scene)).arrayBuffer());
  };
  const sample = (name: string): Buffer => readFileSync(join(root, `dist/app/samples/${name}/${name}.glb`));
  const files: Record<string, Buffer> = {
    'still-life': sample('still-life'),
    temple: sample('temple'),
    leaves: await made(foliageScene),
    stones: await made(gravelScene),
  };
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = files[pathname.slice(1, -4)];
    if (file) return void response.writeHead(200, { 'content-type': 'model/gltf-binary' }).end(file);
    if (pathname === '/page.html') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    void serveFile(join(root, 'dist/view'), request, response);
  });
  const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
  try {
    console.log(
      `\nLooking around without a graphics card, ${WIDTH}×${HEIGHT}, ${SECONDS} s each (bound ${LEAST_FPS} frames a second at full sharpness)`,
    );
    for (const name of Object.keys(files)) {
      const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
      await page.addInitScript('globalThis.__name = (named) => named');
      await page.goto(`${server.url}page.html?${name}`);
      await page.locator('unflat-photo[data-shown]').waitFor();
      const drag = await watch(page, () => dragAround(page));
      const sway = await watch(page, () => page.waitForTimeout(SECONDS * 1000), 4000);
      const say = ({ frames, seconds, leastShare, longestGapMs }: Seen): string =>
        `${(frames / seconds).toFixed(1)} a second, smallest picture ${(100 * leastShare).toFixed(0)} %, longest gap ${longestGapMs.toFixed(0)} ms`;
      console.log(`${name.padEnd(12)} dragged: ${say(drag)}; swaying: ${say(sway)}`);
      figure(
        `${name} dragged ${(drag.frames / drag.seconds).toFixed(1)} (${(100 * drag.leastShare).toFixed(0)} %), swaying ${(sway.frames / sway.seconds).toFixed(1)} (${(100 * sway.leastShare).toFixed(0)} %)`,
      );
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

const PAGE = `<!doctype html><link rel="icon" href="data:,"><style>body { margin: 0 } unflat-photo { width: ${WIDTH}px; height: ${HEIGHT}px }</style>
<body><script type="module">
  import './unflat-view.js';
  const photo = document.createElement('unflat-photo');
  photo.addEventListener('load', () => photo.setAttribute('data-shown', ''));
  Object.assign(photo, { renderer: 'software', fit: 'cover', src: location.search.slice(1) + '.glb' });
  document.body.append(photo);
</script>`;

/** Round and round, as a hand does. */
async function dragAround(page: Page): Promise<void> {
  const end = Date.now() + SECONDS * 1000;
  await page.mouse.move(WIDTH / 2, HEIGHT / 2);
  await page.mouse.down();
  for (let n = 0; Date.now() < end; n++) {
    await page.mouse.move(WIDTH / 2 + 200 * Math.sin(n / 25), HEIGHT / 2 + 120 * Math.sin(n / 17));
    await page.waitForTimeout(12);
  }
  await page.mouse.up();
}

/** Notes what is drawn while something is done. @param settleMs left out at the beginning. */
async function watch(page: Page, action: () => Promise<void>, settleMs = 500): Promise<Seen> {
  if (settleMs > 1000) await page.waitForTimeout(settleMs);
  await page.evaluate(() => {
    const photo = document.querySelector('unflat-photo') as unknown as { frames: number; shadowRoot: ShadowRoot };
    const seen: [ms: number, frames: number, side: number][] = [];
    Object.assign(globalThis, { seen });
    const look = (now: number): void => {
      const canvas = photo.shadowRoot.querySelector<HTMLCanvasElement>('canvas.shown');
      if (canvas && photo.frames !== seen.at(-1)?.[1]) seen.push([now, photo.frames, canvas.width]);
      requestAnimationFrame(look);
    };
    look(performance.now());
  });
  await action();
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: [ms: number, frames: number, side: number][] };
    const from = seen[0]!;
    const to = seen.at(-1)!;
    const sharpest = Math.max(...seen.map(([, , side]) => side));
    return {
      frames: to[1] - from[1],
      seconds: (to[0] - from[0]) / 1000,
      leastShare: Math.min(...seen.map(([, , side]) => side)) / sharpest,
      longestGapMs: Math.max(...seen.slice(1).map(([ms], n) => ms - seen[n]![0])),
    };
  });
}
