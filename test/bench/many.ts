/** A page of sixty photos, scrolled through: how soon each is shown, and how much memory the browser holds. */
import jpeg from 'jpeg-js';
import { encode } from 'fast-png';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { lensFor } from '../../src/core/index.ts';
import { writeScene } from '../../src/scene-file/index.ts';
import { figure } from './figures.ts';
import { memoryOfTree } from './memory-of-tree.ts';
import { benchScene } from './scene.ts';
import { sceneOf } from './scene-of.ts';

const COUNT = Number(process.env['UNFLAT_MANY'] ?? 60);
const WIDTH = 640;
const HEIGHT = 480;
/** Memory is noted after so many photos. */
const EVERY = 12;

export async function benchMany(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) return console.log(`\nMany photos: left out. ${NO_CHROMIUM}`);
  const { photo, depth } = benchScene(WIDTH, HEIGHT);
  const map = Buffer.from(
    encode({ width: WIDTH, height: HEIGHT, data: Uint8Array.from(depth.disparity, (d) => 255 * d), channels: 1, depth: 8 }),
  );
  const scene = sceneOf(photo, depth, lensFor(WIDTH, HEIGHT), { x: 0.02, y: 0.02, z: 0.06 }, false);
  const glb = Buffer.from(await (await writeScene(scene)).arrayBuffer());
  /** Each has a tint of its own: a browser keeps one copy of what is the same. */
  const picture = (n: number): Buffer => {
    const data = Uint8Array.from(photo.rgba, (level, i) =>
      i % 4 === 3 ? 255 : Math.min(255, level * (0.6 + ((n * (3 + (i % 4)) * 7) % 40) / 80)),
    );
    return jpeg.encode({ width: WIDTH, height: HEIGHT, data }, 85).data;
  };
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const number = /^\/(\d+)\./.exec(pathname)?.[1];
    const answer = (type: string, body: string | Buffer): void => void response.writeHead(200, { 'content-type': type }).end(body);
    if (pathname === '/converted.html')
      return answer(
        'text/html',
        page((n) => `src="${n}.jpg" depth="${n}.png"`, 'element/unflat-photo.js'),
      );
    if (pathname === '/opened.html')
      return answer(
        'text/html',
        page((n) => `src="${n}.glb"`, 'view/unflat-view.js'),
      );
    if (number !== undefined && pathname.endsWith('.jpg')) return answer('image/jpeg', picture(Number(number)));
    if (number !== undefined && pathname.endsWith('.png')) return answer('image/png', map);
    if (number !== undefined) return answer('model/gltf-binary', glb);
    void serveFile(join(root, 'dist'), request, response);
  });
  try {
    console.log(
      `\nA page of ${COUNT} photos of ${WIDTH}×${HEIGHT}, scrolled through; MiB of all the browser's processes after every ${EVERY} photos`,
    );
    for (const kind of (process.env['UNFLAT_KIND'] ?? 'opened,converted').split(',')) {
      const launched = await chromium.launchServer({ executablePath, headless: true, args: CHROMIUM_FLAGS });
      const browser = await chromium.connect(launched.wsEndpoint());
      const opened = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      opened.setDefaultTimeout(180_000);
      const pid = launched.process().pid!;
      const before = memoryOfTree(pid);
      await opened.goto(`${server.url}${kind}.html`);
      const start = performance.now();
      const held: number[] = [];
      let peak = 0;
      const timer = setInterval(() => (peak = Math.max(peak, memoryOfTree(pid))), 500);
      for (let n = 0; n < COUNT; n++) {
        await shown(opened, n);
        if ((n + 1) % EVERY === 0) held.push(memoryOfTree(pid) - before);
      }
      const seconds = (performance.now() - start) / 1000;
      clearInterval(timer);
      const session = await opened.context().newCDPSession(opened);
      await session.send('HeapProfiler.collectGarbage');
      await opened.waitForTimeout(3000);
      const rest = memoryOfTree(pid) - before;
      const pictures = await opened.evaluate(
        () => [...document.querySelectorAll('unflat-photo')].filter((each) => each.shadowRoot?.querySelector('.shown')).length,
      );
      console.log(
        `${kind.padEnd(10)} ${seconds.toFixed(0)} s, ${pictures} pictures; ${held.map((mib) => mib.toFixed(0)).join(', ')}, peak ${(peak - before).toFixed(0)}, at rest ${rest.toFixed(0)} (browser without a page ${before.toFixed(0)})`,
      );
      figure(
        `${COUNT} ${kind} in ${seconds.toFixed(0)} s, MiB after every ${EVERY}: ${held.map((mib) => mib.toFixed(0)).join(', ')}, peak ${(peak - before).toFixed(0)}, at rest ${rest.toFixed(0)}`,
      );
      await browser.close();
      await launched.close();
    }
  } finally {
    await server.close();
  }
}

const page = (of: (n: number) => string, script: string): string =>
  `<!doctype html><link rel="icon" href="data:,"><style>unflat-photo { display: block; width: 640px; height: 480px; margin: 8px }</style>
  <body>${Array.from({ length: COUNT }, (_, n) => `<unflat-photo ${of(n)} alt="Photo ${n}"></unflat-photo>`).join('')}
  <script type="module" src="${script}"></script>`;

async function shown(page: Page, n: number): Promise<void> {
  const photo = page.locator('unflat-photo').nth(n);
  await photo.evaluate((each) => each.scrollIntoView({ block: 'center' }));
  await photo.locator('canvas[part=canvas].shown').waitFor({ timeout: 180_000 });
}
