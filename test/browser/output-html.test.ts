import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import jpeg from 'jpeg-js';
import { writeScene } from '../../src/scene-file/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { commandLine } from '../helpers/command-line.ts';
import { SMALL, syntheticScene } from './viewer-scene.ts';

const browser = await testBrowser();
const folder = mkdtempSync(join(tmpdir(), 'unflat-html-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const glb = new Uint8Array(await (await writeScene(syntheticScene(SMALL))).arrayBuffer());
writeFileSync(join(folder, 'disc.glb'), glb);
const HOSTILE = `</script></title><img src=x onerror="document.body.dataset.hit='1'">\u2028"'\``;
const words = ['title', 'alt', 'credit'].flatMap((option) => ['--set', `output-html.${option}=${HOSTILE}`]);
const args = ['disc.glb', '--outputs', 'html', ...words, '--set', 'output-html.background=#203040', '--json'];
const run = await commandLine(folder, args);
const url = pathToFileURL(join(folder, 'disc.html')).href;

interface Photo {
  frames: number;
  look: { x: number };
}

test('the command line writes it, no larger than promised, and replaces its own file', async () => {
  assert.equal(run.status, 0, run.stderr + run.stdout);
  assert.ok(statSync(join(folder, 'disc.html')).size <= ((glb.length + 130 * 1024) * 4) / 3);
  assert.equal((await commandLine(folder, args)).status, 0);
});

test('opened from a disk it draws the 3D photo, follows keys, and asks nobody for anything', async () => {
  const context = await browser.newContext({ viewport: { width: 500, height: 400 }, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const asked: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => asked.push(request.url().slice(0, 60)));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(url);
    const photo = page.locator('unflat-photo');
    await page.waitForFunction(() => (document.querySelector('unflat-photo') as unknown as Photo | null)!.frames > 0);
    assert.deepEqual(
      asked.filter((address) => !/^(data|blob):/.test(address)),
      [url.slice(0, 60)],
    );
    assert.deepEqual(problems, []);
    const shown = jpeg.decode(await page.screenshot({ type: 'jpeg', quality: 95 }), { formatAsRGBA: true });
    const at = (x: number, y: number): number[] => [...shown.data.subarray(4 * (y * shown.width + x), 4 * (y * shown.width + x) + 3)];
    const box = (await photo.boundingBox())!;
    const [red = 0, , blue = 0] = at(Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2));
    assert.ok(red > blue + 60, 'the disc is in the middle');
    // Below the photo stands the credit line, on the background that was asked for.
    const ground = at(3, shown.height - 4);
    [0x20, 0x30, 0x40].forEach((value, c) => assert.ok(Math.abs(ground[c]! - value) < 6, `${ground}`));
    await photo.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => Math.abs((document.querySelector('unflat-photo') as unknown as Photo).look.x) > 0.05);
    // What was written stands there as text.
    const said = HOSTILE.replace('\u2028', ' ');
    assert.equal(await page.title(), said);
    assert.equal(await page.locator('p').textContent(), said);
    assert.equal(await photo.getAttribute('alt'), said);
    assert.equal(await page.locator('body').getAttribute('data-hit'), null);
    assert.equal(await page.locator('img').count(), 1);
    // Even a script in it could reach nobody.
    const refused = await page.evaluate(() =>
      fetch('https://unflat.invalid/').then(
        () => false,
        () => true,
      ),
    );
    assert.ok(refused);
    assert.ok(!asked.some((address) => address.includes('unflat.invalid')), `${asked}`);
  } finally {
    await context.close();
  }
});

test('a screen reader finds a named photo, and axe finds nothing wrong', async () => {
  // The page's policy would keep the checker out.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => (document.querySelector('unflat-photo') as unknown as Photo | null)!.frames > 0);
    await page.evaluate(axe.source);
    const broken = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
    });
    assert.deepEqual(broken, []);
    await page.getByRole('img', { name: '</script>' }).first().waitFor();
  } finally {
    await context.close();
  }
});

test('without JavaScript the flat photo is there', async () => {
  const context = await browser.newContext({ viewport: { width: 500, height: 400 }, javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(url);
    const shown = jpeg.decode(await page.screenshot({ type: 'jpeg', quality: 95 }), { formatAsRGBA: true });
    const middle = 4 * (Math.round(shown.height * 0.46) * shown.width + (shown.width >> 1));
    assert.ok(shown.data[middle]! > shown.data[middle + 2]! + 60);
  } finally {
    await context.close();
  }
});
