/** Plugins that mean harm, in the sandbox of the app: none gets anything out, each is stopped and named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { HOSTILE, hostileFile } from '../fixtures/hostile-plugins.ts';
import { testBrowser } from '../helpers/browser.ts';
import { sandboxServer } from '../helpers/sandbox-page.ts';
import { buildStranger } from '../helpers/build-stranger.ts';
import type { AttackEnd } from './plugin-host-page.ts';

declare function attack(text: string, isCancelled: boolean): Promise<AttackEnd>;
declare function refusal(text: string): Promise<string>;
declare function seen(text: string, greys: readonly number[]): Promise<number[]>;
declare const shared: {
  changes: number;
  host: { setEnabled(id: string, isEnabled: boolean): Promise<void>; remove(id: string): Promise<void> };
  load(): Promise<string[]>;
  list(): string[];
  install(text: string, meanwhile?: Promise<unknown>): Promise<string>;
  use(id: string): Promise<number>;
};

const server = await sandboxServer('plugin-host-page.ts');
const browser = await testBrowser();

for (const [place, url] of [
  ['a plain page', server.url],
  ['an isolated page', `${server.url}isolated/`],
] as const) {
  test(`no plugin gets out of its sandbox on ${place}, and each that is stopped is named`, async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'attack' in globalThis);
    const wrong: string[] = [];
    for (const [index, hostile] of HOSTILE.entries()) {
      // What an answer may hold does not depend on the place.
      if (place !== 'a plain page' && !hostile.reaches) continue;
      const end = await page.evaluate(([text, isCancelled]) => attack(text, isCancelled), [
        hostileFile(hostile, index, server.ask),
        hostile.isCancelled === true,
      ] as const);
      const told = `${hostile.name}: ${JSON.stringify(end)}`;
      const isNamed = new RegExp(`Hostile ${index}`).test(end.error ?? '');
      const ended = hostile.isCancelled
        ? end.error !== undefined
        : hostile.ends
          ? hostile.ends.test(end.error ?? '') && isNamed
          : end.loot === 0;
      if (!ended || end.isPolluted || end.frames > 0 || server.asked.length > 0) wrong.push(told, ...server.asked.splice(0));
    }
    assert.deepEqual(wrong, []);
  });
}

test('a file that is no plugin, that is not what it says, or that takes the name of another is refused', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'refusal' in globalThis);
  const sound = hostileFile({ name: 'does nothing', body: '' }, 0, server.ask);
  // So that this file seems to import nothing itself.
  const word = ['im', 'port'].join('');
  const warmth = await buildStranger('depth-warmth');
  const refused: [string, RegExp][] = [
    [
      warmth.replaceAll('depth-warmth-tiny', 'depth-anything-small').replaceAll('depth-warmth', 'depth-anything'),
      /calls itself depth-anything, as models of Unflat’s list begin/,
    ],
    [warmth.replaceAll('depth-warmth-tiny', 'depth-anything-small'), /models\[0\]\.id must be a name that begins with depth-warmth-/],
    [sound.replaceAll('Hostile 0', 'Depth Аnything'), /calls itself “Depth Аnything”, as something in Unflat is called/],
    [sound.replace('unflat-plugin', 'other-plugin'), /is not a plugin for Unflat/],
    [sound.replaceAll('depth-hostile-0', 'depth-ours'), /calls itself depth-ours, as a plugin of Unflat does/],
    [sound.replace("id: 'depth-hostile-0'", "id: 'depth-other'"), /id must be depth-hostile-0, as in its manifest/],
    [sound.replace("kind: 'depth'", "kind: 'output'"), /kind must be depth/],
    [`${sound}\n${word} './more.js';`, /imports \.\/more\.js/],
    [`${sound}\nawait ${word}('https://example.org/x.js');`, /imports https/],
    [`${sound}\nconsole.log(import.meta.url);`, /import\.meta/],
    [sound.replace('export default', 'globalThis.x ='), /no default export/],
    [sound.replace('return result', 'return return'), /cannot be loaded/],
    [
      sound.replace('options: []', "options: [{ id: 'x', label: '<img>\\n', type: 'boolean', default: 1 }]"),
      /\(depth-hostile-0\): options\.x\.label/,
    ],
    [
      sound.replace('export default', "throw new Error('No.');\nexport default"),
      /Hostile 0” \(depth-hostile-0\) cannot be loaded \(No, line \d+ of its file\)/,
    ],
    [sound.replace('export default', 'for (;;);\nexport default'), /did not start/],
    [sound.replace('supports: () => true', 'supports: () => { for (;;); }'), /it was stopped/],
    [`${sound}//${'x'.repeat(9e6)}`, /larger than/],
  ];
  for (const [text, words] of refused) assert.match(await page.evaluate((file) => refusal(file), text), words);
  assert.equal(await page.evaluate((file) => refusal(file), sound), '');
  assert.equal(await page.locator('iframe').count(), 0);
  assert.deepEqual(server.asked, []);
});

test('a plugin that writes into its photo, or keeps it, sees each photo as it is the next time', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'seen' in globalThis);
  const body = 'const { rgba } = input.photo; const [grey] = rgba; rgba.fill(200); return result(new Float32Array(4).fill(grey / 255));';
  const text = hostileFile({ name: 'writes into its photo', body }, 0, server.ask);
  const greys = [10, 10, 40, 40, 10, 90];
  assert.deepEqual(await page.evaluate(([file, all]) => seen(file, all), [text, greys] as const), greys);
});

test('pages of one browser have the same plugins: nothing that is stale comes back, and sandboxes end on all of them', async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'shared' in globalThis);
    return page;
  };
  const [one, other] = [await open(), await open()];
  const [id, first] = ['depth-hostile-0', hostileFile({ name: 'does nothing', body: '' }, 0, server.ask)];
  const second = first.replace('"1.0.0"', '"2.0.0"');
  const listed = (page: Page): Promise<string[]> => page.evaluate(() => shared.list());
  const follows = (page: Page, list: string[]): Promise<unknown> =>
    page.waitForFunction((wanted) => shared.list().join() === wanted, list.join(), { timeout: 5000 });
  for (const page of [one, other]) assert.deepEqual(await page.evaluate(() => shared.load()), []);
  assert.equal(await one.evaluate((text) => shared.install(text), first), '');
  await follows(other, [`${id} 1.0.0`]);
  assert.equal(await other.evaluate((name) => shared.use(name), id), 1);

  // An update and a switch hold on both; the sandbox of the old version ends where it is.
  assert.equal(await one.evaluate((text) => shared.install(text), second), '');
  await follows(other, [`${id} 2.0.0`]);
  assert.equal(await other.locator('iframe').count(), 0);
  await other.evaluate((name) => shared.host.setEnabled(name, false), id);
  await follows(one, [`${id} 2.0.0 off`]);

  // What a person agreed to beside one version is not done beside another.
  const third = first.replace('"1.0.0"', '"3.0.0"');
  const agreed = other.evaluate((text) => {
    const later = new Promise((done) => Object.assign(globalThis, { go: done }));
    return shared.install(text, later);
  }, third);
  await one.evaluate((name) => shared.host.remove(name), id);
  await follows(other, []);
  await other.evaluate('go()');
  assert.match(await agreed, /was installed, updated or removed in another window meanwhile/);

  // At the same moment: whatever comes first, a switch brings nothing back.
  assert.equal(await one.evaluate((text) => shared.install(text), first), '');
  await follows(other, [`${id} 1.0.0`]);
  await Promise.all([
    one.evaluate((name) => shared.host.remove(name), id),
    other.evaluate((name) => shared.host.setEnabled(name, false), id),
  ]);
  for (const page of [one, other]) await follows(page, []);
  await one.reload();
  await one.waitForFunction(() => 'shared' in globalThis);
  assert.deepEqual(await one.evaluate(() => shared.load()), []);
  assert.deepEqual(await listed(other), []);
});
