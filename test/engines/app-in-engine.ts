/** What must work in every engine: the app from its first start to saved files, and the element's page. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import outputHtml from '../../plugins/output-html/index.ts';
import { buildPngChunk } from '../../src/core/index.ts';
import { appServer, mapFile, photoFile, type TestFile } from '../browser/app-page.ts';
import { SMALL, syntheticScene } from '../browser/viewer-scene.ts';
import { testContext } from '../fixtures/plugin-context.ts';
import { engineMissing, openEngine, type EngineName, type EnginePage } from '../helpers/engines.ts';
import { testServer } from '../helpers/server.ts';

const PATIENCE_MS = 180_000;

/** A file that the page handed to the browser's downloads. */
interface SavedFile {
  name: string;
  size: number;
  type: string;
  /** The first 1000 bytes, as Latin-1. */
  head: string;
  /** First channel of a saved picture's own pixels, where it is one. */
  levels?: number[];
}

/** A page of a publisher's. */
function elementPage(src: string, attributes = ''): string {
  return `<!doctype html><meta charset="utf-8"><title>A page</title>
<script type="module" src="unflat-photo.js"></script>
<style>unflat-photo { width: 320px }</style>
<unflat-photo src="${src}" ${attributes} alt="A square before a wall"></unflat-photo>
<script>globalThis.outcome = new Promise((resolve) => {
  const photo = document.querySelector('unflat-photo');
  photo.addEventListener('load', () => resolve('load'));
  photo.addEventListener('error', (event) => resolve(String(event.detail?.message ?? event.message ?? event.error ?? 'error')));
});</script>`;
}

/** The same PNG, to be turned by a quarter: EXIF orientation 6. */
function turned(png: Buffer): Buffer {
  const exif = Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0);
  return Buffer.concat([png.subarray(0, 33), buildPngChunk('eXIf', exif), png.subarray(33)]);
}

/** @param offers what this engine can do: checked both ways, so that a change is noticed. */
export async function testEngine(name: EngineName, offers: { video: boolean }): Promise<void> {
  const skip = engineMissing(name);
  const [photo, map] = [photoFile('photo.png'), mapFile('depth.png')];
  const app = await appServer();
  const elements = await testServer('dist/element', {
    '/map.html': elementPage('photo.png', 'depth="depth.png"'),
    '/alone.html': elementPage('turned.png'),
    '/photo.png': photo.buffer,
    '/turned.png': turned(photo.buffer),
    '/depth.png': map.buffer,
  });
  let page: EnginePage;

  before(async () => {
    if (!skip) page = await openEngine(name);
  });
  after(async () => {
    if (!skip) await page?.close();
  });

  const eventually = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + PATIENCE_MS;
    while (!(await isSo().catch(() => false))) {
      if (Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        continue;
      }
      const words = await page
        .evaluate(() => {
          const texts = (node: ParentNode): string =>
            [...node.querySelectorAll('*')]
              .map((each) =>
                each.shadowRoot
                  ? texts(each.shadowRoot)
                  : each.children.length || ['STYLE', 'SCRIPT'].includes(each.tagName)
                    ? ''
                    : (each.textContent ?? '').trim(),
              )
              .filter(Boolean)
              .join(' | ');
          return texts(document).slice(0, 1500);
        })
        .catch((error: unknown) => String(error));
      assert.fail(`${what}; the page says: ${words}`);
    }
  };

  /** Text of all that the selector finds, in shadow roots too. */
  const textOf = (selector: string): Promise<string> =>
    page.evaluate((selector) => {
      const find = (node: ParentNode): Element[] => [
        ...node.querySelectorAll(selector),
        ...[...node.querySelectorAll('*')].flatMap((each) => (each.shadowRoot ? find(each.shadowRoot) : [])),
      ];
      return find(document)
        .map((each) => each.textContent ?? '')
        .join('\n');
    }, selector);

  const isThere = (selector: string): Promise<boolean> =>
    page.evaluate((selector) => {
      const find = (node: ParentNode): boolean =>
        node.querySelector(selector) !== null ||
        [...node.querySelectorAll('*')].some((each) => each.shadowRoot !== null && find(each.shadowRoot));
      return find(document);
    }, selector);

  const isDrawn = (): Promise<boolean> => isThere('unflat-photo[data-ready]');

  const isReadyOffline = (): Promise<boolean> => page.evaluate(() => document.documentElement.dataset['offline'] === 'ready');

  const drop = (...files: TestFile[]): Promise<void> =>
    page.evaluate(
      (files) => {
        const transfer = new DataTransfer();
        for (const { name, mimeType, base64 } of files)
          transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type: mimeType }));
        for (const type of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
      },
      files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') })),
    );

  const click = async (role: string, text: string): Promise<void> => {
    await eventually(`no ${role} “${text}” to click`, () =>
      page.evaluate(
        (role, text) => {
          const find = (node: ParentNode): Element[] => [
            ...node.querySelectorAll(role),
            ...[...node.querySelectorAll('*')].flatMap((each) => (each.shadowRoot ? find(each.shadowRoot) : [])),
          ];
          const found = find(document).find((each) =>
            (each.getAttribute('aria-label') ?? each.textContent ?? '').trim().startsWith(text),
          ) as HTMLElement | undefined;
          found?.click();
          return found !== undefined;
        },
        role,
        text,
      ),
    );
  };

  /** Until it is a 3D photo; its title is shown from when it is shown flat. */
  const openPhoto = async (...files: TestFile[]): Promise<void> => {
    await drop(...files);
    await eventually(`${files[0]!.name} does not open`, () => isThere(`unflat-photo[data-ready][alt="3D photo: ${files[0]!.name}"]`));
  };

  /** Saves one product of the open photo and gives what reached the downloads. */
  const save = async (product: string): Promise<SavedFile> => {
    await page.evaluate(() => {
      const state = globalThis as unknown as { saved?: Promise<SavedFile>[]; isWatched?: boolean };
      state.saved = [];
      if (state.isWatched) return;
      state.isWatched = true;
      const click = HTMLAnchorElement.prototype.click;
      HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
        if (!this.download) return click.call(this);
        const { download, href } = this;
        state.saved!.push(
          (async () => {
            const blob = await (await fetch(href)).blob();
            const head = String.fromCharCode(...new Uint8Array(await blob.slice(0, 1000).arrayBuffer()));
            if (!blob.type.startsWith('image/')) return { name: download, size: blob.size, type: blob.type, head };
            const bitmap = await createImageBitmap(blob);
            const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
            const context = canvas.getContext('2d')!;
            context.drawImage(bitmap, 0, 0);
            const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
            return {
              name: download,
              size: blob.size,
              type: blob.type,
              head,
              levels: Array.from({ length: data.length / 4 }, (_, i) => data[i * 4]!),
            };
          })(),
        );
      };
    });
    await click('[role=tab]', 'Save');
    await eventually(`${product} is not offered`, () =>
      page.evaluate(async (product) => {
        const find = (selector: string, node: ParentNode): Element[] => [
          ...node.querySelectorAll(selector),
          ...[...node.querySelectorAll('*')].flatMap((each) => (each.shadowRoot ? find(selector, each.shadowRoot) : [])),
        ];
        const [wanted] = find(`[data-product="${product}"] input:enabled`, document) as HTMLInputElement[];
        if (!wanted) return false;
        for (const box of find('[data-product] input', document) as HTMLInputElement[]) if (box.checked !== (box === wanted)) box.click();
        await new Promise(requestAnimationFrame);
        const [button] = find('.foot .primary', document) as HTMLElement[];
        button?.click();
        return button !== undefined;
      }, product),
    );
    await eventually(`${product} is not saved`, () =>
      page.evaluate(() => (globalThis as unknown as { saved: unknown[] }).saved.length > 0),
    );
    return page.evaluate(() => (globalThis as unknown as { saved: Promise<SavedFile>[] }).saved[0]!);
  };

  test(`${name}: the app starts and shows a sample in 3D`, { skip }, async () => {
    await page.goto(app.url);
    await eventually('no sample appears', isDrawn);
    await eventually('the app does not get ready for offline use', isReadyOffline);
    assert.doesNotMatch(await textOf('.message'), /new version/i, 'on the first visit');
  });

  test(`${name}: a photo alone opens, with depth by the bundled model`, { skip }, async () => {
    await openPhoto(photoFile('alone.png'));
    assert.doesNotMatch(await textOf('.message'), /worker|could not|failed/i);
  });

  test(`${name}: a photo with its map opens with that depth`, { skip }, async () => {
    await openPhoto(photoFile('pair.png', [40, 160, 60]), mapFile('pair_depth.png'));
  });

  // WebKitGTK under a driver is a private window, whose database refuses Blobs.
  test(`${name}: a reload opens the last photo again, the others are in the list, and nothing is said of storage`, { skip }, async () => {
    await eventually('its result is not kept', () => page.evaluate(() => localStorage.getItem('unflat-last-open')?.length === 129));
    await page.reload();
    await eventually('pair.png is not open again', () => isThere('unflat-photo[data-ready][alt="3D photo: pair.png"]'));
    await eventually('alone.png is not in the list', () => isThere('[aria-label="Remove alone.png"]'));
    assert.doesNotMatch(await textOf('.message'), /storage/i);
  });

  test(`${name}: depth, PLY and GLB are saved`, { skip }, async () => {
    const depth = await save('depth');
    assert.match(depth.head, /^\x89PNG/);
    assert.equal(depth.levels?.length, 240 * 180);
    const at = (x: number, y: number): number => depth.levels![y * 240 + x]!;
    assert.ok(at(120, 90) > at(20, 20) + 60, `the square is nearer than the wall: ${at(120, 90)}, ${at(20, 20)}`);
    const ply = await save('ply');
    assert.match(ply.head, /^ply\r?\n/);
    const vertices = Number(/element vertex (\d+)/.exec(ply.head)?.[1]);
    assert.ok(vertices >= 240 * 180, `${vertices} vertices`);
    assert.match((await save('photo3d')).head, /^glTF/);
  });

  test(
    `${name}: ${offers.video ? 'a video is saved' : 'where videos cannot be made the page says so and lives on'}`,
    { skip },
    async () => {
      if (offers.video) {
        const video = await save('circle');
        assert.ok(video.head.slice(4, 8) === 'ftyp' || video.head.startsWith('\x1a\x45\xdf\xa3'), 'an MP4 or a WebM');
        assert.ok(video.size > 20_000, `${video.size} bytes`);
        return;
      }
      await click('[role=tab]', 'Save');
      await eventually('nothing is said about videos', async () => /video/i.test(await textOf('.output > .muted')));
      assert.equal(await isDrawn(), true);
      await openPhoto(photoFile('after.png', [200, 200, 40]), mapFile('after_depth.png'));
    },
  );

  test(`${name}: the app and a photo alone open without a connection`, { skip }, async () => {
    await page.goto(app.url);
    await eventually('the app does not get ready for offline use', isReadyOffline);
    await app.close();
    await page.goto(app.url);
    await eventually('no sample appears offline', isDrawn);
    await openPhoto(photoFile('offline.png', [90, 90, 220]));
  });

  test(`${name}: the element's page, with a map and with a photo alone, which its EXIF turns`, { skip }, async () => {
    for (const [path, height] of [
      ['map.html', 240],
      ['alone.html', 427],
    ] as const) {
      await page.goto(elements.url + path);
      assert.equal(await page.evaluate(() => (globalThis as unknown as { outcome: Promise<string> }).outcome), 'load', path);
      const size = await page.evaluate(() => {
        const { width, height } = document.querySelector('unflat-photo')!.getBoundingClientRect();
        return { width, height };
      });
      assert.equal(Math.round(size.width), 320);
      assert.equal(Math.round(size.height), height, path);
    }
  });

  test(`${name}: a web page in one file opens from a disk`, { skip }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'unflat-page-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { blob } = await outputHtml.write(
      { product: 'html', scene: syntheticScene(SMALL), options: {}, frames: () => assert.fail('it needs no frames') },
      testContext(),
    );
    const path = join(folder, 'a photo.html');
    writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
    await page.goto(pathToFileURL(path).href);
    await eventually('no frame is drawn', () =>
      page.evaluate(() => (document.querySelector('unflat-photo') as unknown as { frames: number }).frames > 0),
    );
  });
}
