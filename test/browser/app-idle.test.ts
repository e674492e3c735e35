import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBrowser } from '../helpers/browser.ts';
import { testServer } from '../helpers/server.ts';
import { AppPage, sampleFile } from './app-page.ts';

declare global {
  // eslint-disable-next-line no-var
  var longTasks: number[];
}

/** What a page's own programs did in one go, in ms; what the browser does between (drawing without a GPU!) is not theirs. */
test('no script holds up the page for more than 50 ms while a photo is converted', async (t) => {
  const { url } = await testServer();
  const context = await (await testBrowser()).newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  await context.addInitScript(() => {
    globalThis.longTasks = [];
    const scripts = (entry: PerformanceEntry) => (entry as PerformanceEntry & { scripts: { duration: number }[] }).scripts.map((script) => script.duration);
    new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().flatMap(scripts).filter((ms) => ms > 50))).observe({ type: 'long-animation-frame' });
  });
  const app = await AppPage.open(context, url);
  // Other programs may hold the machine up; what the app itself does comes back every time.
  let least: number[] = [];
  for (const attempt of [1, 2, 3]) {
    const files = [sampleFile('columns/photo.jpg', `try ${attempt}.jpg`), sampleFile('columns/depth.png', `try ${attempt}_depth.png`)];
    await app.page.waitForTimeout(500);
    await app.transfer('drop', ...files);
    await app.page.evaluate(() => (globalThis.longTasks = []));
    await app.opened(`try ${attempt}.jpg`);
    await app.page.waitForTimeout(1000);
    least = await app.page.evaluate(() => globalThis.longTasks);
    if (!least.length) return;
  }
  assert.deepEqual(least, []);
});
