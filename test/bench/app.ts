/** The app in a browser of its own: how soon the sample stands, and how much memory large photos take. */
import { readFileSync } from 'node:fs';
import jpeg from 'jpeg-js';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';
import { AppPage, mapFile, type TestFile } from '../browser/app-page.ts';
import { benchScene } from './scene.ts';
import { figure } from './figures.ts';

/** Photos by megapixels; the second is scaled down while it is decoded. */
const PHOTOS = [
  [4000, 3000],
  [8660, 5774],
] as const;
const STARTS = 3;

function photo(width: number, height: number): TestFile {
  const small = benchScene(500, 375).photo;
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (Math.floor((y * 375) / height) * 500 + Math.floor((x * 500) / width)) * 4;
      for (let c = 0; c < 4; c++) data[(y * width + x) * 4 + c] = small.rgba[from + c]!;
    }
  }
  return { name: `${width}x${height}.jpg`, mimeType: 'image/jpeg', buffer: jpeg.encode({ width, height, data }, 85).data };
}

/** Largest resident memory of a process so far, MiB; Linux tells it. */
function peakMiB(pid: number): number | undefined {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1024 : undefined;
  } catch {
    return undefined;
  }
}

export async function benchApp(): Promise<void> {
  const executablePath = await findChromium();
  if (!executablePath) return console.log(`\nApp: left out. ${NO_CHROMIUM}`);
  const server = await listen((request, response) => void serveFile(join(root, 'dist/app'), request, response));
  const viewport = { width: 1440, height: 900 };
  try {
    console.log('\nApp');
    const starts: number[] = [];
    for (let n = 0; n < STARTS; n++) {
      const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
      const app = await AppPage.open(await browser.newContext({ viewport, reducedMotion: 'reduce' }), server.url);
      starts.push(await app.page.evaluate(() => performance.now()));
      await browser.close();
    }
    console.log(
      `first 3D frame of the sample, empty cache: best ${Math.min(...starts).toFixed(0)} ms of ${starts.map((ms) => ms.toFixed(0)).join(', ')}`,
    );
    figure(`first 3D frame ${Math.min(...starts).toFixed(0)} ms`);
    for (const [width, height] of PHOTOS) {
      const browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
      const app = await AppPage.open(context, server.url);
      const file = photo(width, height);
      const start = Date.now();
      await app.openFiles(file, mapFile(file.name.replace('.jpg', '_depth.png'), 0, 640, 480));
      await app.opened(file.name);
      const took = Date.now() - start;
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const tabs = processInfo.filter((p) => p.type === 'renderer').map((p) => peakMiB(p.id) ?? NaN);
      console.log(
        `${((width * height) / 1e6).toFixed(0)} megapixels: open after ${(took / 1000).toFixed(1)} s, peak memory of the tab ${Math.max(...tabs).toFixed(0)} MiB (bound 1536)`,
      );
      figure(
        `${((width * height) / 1e6).toFixed(0)} megapixels open after ${(took / 1000).toFixed(1)} s, ${Math.max(...tabs).toFixed(0)} MiB`,
      );
      await browser.close();
    }
  } finally {
    await server.close();
  }
}
