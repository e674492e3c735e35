import { after } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from '../../src/cli/chromium.mjs';

let opened: Promise<Browser> | undefined;

async function open(): Promise<Browser> {
  const shared = process.env['UNFLAT_TEST_BROWSER'];
  if (shared) return chromium.connect(shared);
  const executablePath = await findChromium();
  if (!executablePath) throw new Error(NO_CHROMIUM);
  return chromium.launch({ executablePath, headless: true, args: CHROMIUM_FLAGS });
}

/**
 * The Chromium of this test run: the one `npm test` shares among all files, or an own one when a file runs alone.
 * Make a context of your own with `browser.newContext()`; the browser is let go after the file's last test.
 */
export async function testBrowser(): Promise<Browser> {
  if (!opened) {
    opened = open();
    after(async () => (await opened)?.close());
  }
  return opened;
}
