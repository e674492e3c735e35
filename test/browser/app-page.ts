/** The app as a person meets it, and pictures to give to it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import type { BrowserContext, Download, Locator, Page } from 'playwright-core';
import { root } from '../../src/cli/prepare.mjs';
import { writeScene } from '../../src/scene-file/index.ts';
import { testServer, type TestServer } from '../helpers/server.ts';
import { syntheticScene } from './viewer-scene.ts';

export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const png = (
  name: string,
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: 1 | 3,
  depth: 8 | 16 = 8,
): TestFile => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from(encode({ width, height, data, channels, depth })),
});

const isNear = (x: number, y: number, width: number, height: number) =>
  x > width * 0.35 && x < width * 0.65 && y > height * 0.3 && y < height * 0.75;

/** A square of one colour before a striped wall. */
export function photoFile(name: string, [red, green, blue] = [210, 40, 40], width = 240, height = 180): TestFile {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(isNear(x, y, width, height) ? [red, green, blue] : [50, 80 + ((x >> 4) & 1) * 70, 150], (y * width + x) * 3);
    }
  }
  return png(name, data, width, height, 3);
}

/** Its depth map, white = near. @param noise largest error of a sample, 0..255. */
export function mapFile(name: string, noise = 0, width = 240, height = 180): TestFile {
  const data = new Uint8Array(width * height);
  let state = 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const error = ((state / 2 ** 32) * 2 - 1) * noise;
      data[y * width + x] = Math.max(0, Math.min(255, (isNear(x, y, width, height) ? 210 : 40 + (y / height) * 60) + error));
    }
  }
  return png(name, data, width, height, 1);
}

export function sampleFile(path: string, name: string): TestFile {
  return {
    name,
    mimeType: name.endsWith('.png') ? 'image/png' : 'image/jpeg',
    buffer: readFileSync(join(root, 'test/fixtures/samples', path)),
  };
}

/** The built app, with a small 3D photo for its first sample: tests that open the app many times and do not look at it use this. Ends with the test file. */
export function appServer(): Promise<TestServer> {
  return testServer('dist/app', SMALL_SAMPLE);
}

/** By path. */
export const SMALL_SAMPLE: Readonly<Record<string, Buffer>> = {
  '/samples/still-life/still-life.glb': Buffer.from(await (await writeScene(syntheticScene())).arrayBuffer()),
  '/samples/still-life/photo.jpg': photoFile('photo.jpg').buffer,
  '/samples/still-life/depth.png': mapFile('depth.png').buffer,
};

/** What was downloaded: browsers that run elsewhere hand it over only as a copy. */
export async function bytesOf(download: Download): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-download-'));
  try {
    await download.saveAs(join(folder, 'file'));
    return readFileSync(join(folder, 'file'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests run beside other work, on machines without a GPU. */
const PATIENCE_MS = 90_000;

/** Asks again and again until the answer is yes. @throws AssertionError saying what did not happen. */
export async function eventually(what: string, isSo: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) assert.fail(what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export class AppPage {
  readonly page: Page;
  readonly problems: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
  }

  /** Opens the app and waits until its first sample is a 3D photo. */
  static async open(context: BrowserContext, url: string): Promise<AppPage> {
    const app = new AppPage(await context.newPage());
    await app.page.goto(url);
    await app.ready();
    return app;
  }

  async ready(): Promise<void> {
    await this.page.locator('unflat-photo[data-ready]').waitFor();
  }

  get photo(): Locator {
    return this.page.locator('unflat-photo');
  }

  /** In the Save panel: chooses these products and no others, and presses the button. */
  async save(...products: string[]): Promise<void> {
    await this.choose(...products);
    await this.page.locator('save-panel .foot .primary').click();
  }

  async choose(...products: string[]): Promise<void> {
    const box = (product: string): Locator => this.page.locator(`save-panel [data-product="${product}"] input`);
    for (const product of products) await box(product).check();
    const others = products.map((product) => `:not([data-product="${product}"])`).join('');
    const chosen = this.page.locator(`save-panel [data-product]${others} input:checked`);
    while (await chosen.count()) await chosen.first().uncheck();
  }

  tab(name: 'Photos' | 'Depth' | 'Fill' | 'Save'): Promise<void> {
    return this.page.getByRole('tab', { name }).click();
  }

  async openFiles(...files: TestFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Open photo' }).click();
    await (await chooser).setFiles(files);
  }

  /** Presses Cancel as soon as something runs, from inside the page: from here it could come too late. */
  cancel(): Promise<void> {
    return this.page.locator('run-progress').evaluate(
      (card) =>
        new Promise<void>((resolve) => {
          const timer = setInterval(() => {
            const button = card.shadowRoot?.querySelector<HTMLButtonElement>('button:enabled');
            if (!button) return;
            clearInterval(timer);
            button.click();
            resolve();
          }, 5);
        }),
    );
  }

  /** Hands files over by an event of the page, as a drop or a paste does. */
  async transfer(type: 'drop' | 'paste', ...files: TestFile[]): Promise<void> {
    const data = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    await this.page.evaluate(
      ({ type, data }) => {
        const transfer = new DataTransfer();
        for (const { name, mimeType, base64 } of data) {
          transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type: mimeType }));
        }
        const options = { bubbles: true, cancelable: true };
        if (type === 'paste') return void document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
        for (const each of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(each, { ...options, dataTransfer: transfer }));
      },
      { type, data },
    );
  }

  /** Waits until the photo of that name is a 3D photo; its title is shown from when it is shown flat. */
  async opened(title: string): Promise<void> {
    await this.page.locator(`unflat-photo[alt="3D photo: ${title}"]`).waitFor({ state: 'attached' });
    await this.page.locator('header .title', { hasText: title }).waitFor({ state: 'attached' });
  }

  /** Waits until nothing runs any more: a photo is shown before its hidden parts are filled in well. */
  async finished(): Promise<void> {
    await this.page.locator('run-progress:not([shown])').waitFor({ state: 'attached' });
  }

  async openTitle(): Promise<string> {
    return (await this.page.locator('header .title').textContent()) ?? '';
  }

  /** The message that says so; it must be there. */
  async message(text: string | RegExp): Promise<Locator> {
    const message = this.page.locator('app-messages .message', { hasText: text });
    await message.waitFor();
    return message;
  }

  /** The depth preview's pixels, first channel. */
  previewPixels(): Promise<number[]> {
    return this.page.locator('depth-preview canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const data = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data;
      return Array.from({ length: width * height }, (_, i) => data[i * 4]!);
    });
  }

  /** Nothing was thrown, refused by the content policy, or logged as an error. */
  assertQuiet(): void {
    assert.deepEqual(this.problems, []);
  }
}
