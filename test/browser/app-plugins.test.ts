/** Plugins of others in the app: a person installs, uses, switches off, updates and removes one. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { manifestComment } from '../../src/plugin-api/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { AppPage, appServer, eventually, photoFile, type TestFile } from './app-page.ts';

const browser = await testBrowser();

/** A plugin whose depth is near at the bottom. */
function tilt(version: string, sees: readonly ('photo' | 'file')[] = ['photo']): TestFile {
  const manifest = manifestComment({
    id: 'depth-tilt',
    version,
    kind: 'depth',
    label: 'Tilt',
    about: 'Near at the bottom, far at the top.',
    author: 'A. Stranger',
    licence: 'MIT',
    apiVersion: 1,
    hosts: [],
    models: [],
    sees,
  });
  const code = `${manifest}
export default {
  apiVersion: 1, kind: 'depth', id: 'depth-tilt', label: 'Tilt', supports: () => true,
  options: [{ id: 'steep', label: 'Steepness', type: 'number', default: 1, min: 0, max: 1, step: 0.1 }],
  async estimate({ photo: { width, height }, options }) {
    const disparity = Float32Array.from({ length: width * height }, (_, i) => options.steep * Math.floor(i / width) / height);
    return { depth: { width, height, disparity } };
  },
};`;
  return { name: 'depth-tilt.js', mimeType: 'text/javascript', buffer: Buffer.from(code) };
}

async function open(t: TestContext): Promise<AppPage> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  return AppPage.open(context, (await appServer()).url);
}

test('a person drops a plugin, reads what it may see, installs it and gets depth by it, also after a reload and without a connection', async (t) => {
  const app = await open(t);
  const { page } = app;
  await app.openFiles(photoFile('street.png'));
  await app.opened('street.png');
  await app.openFiles(tilt('1.0.0'));
  const dialog = page.locator('plugins-dialog');
  await dialog.getByText('The pixels of your photos.').waitFor();
  await dialog.getByText('Nothing of it has run yet.').waitFor();
  assert.equal(await page.locator('iframe').count(), 0, 'nothing runs before the person agrees');
  await dialog.getByRole('button', { name: 'Install' }).click();
  await dialog.locator('li[data-plugin="depth-tilt"]').waitFor();
  await page.keyboard.press('Escape');
  const choose = async (): Promise<void> => {
    await page.getByRole('tab', { name: 'Depth' }).click();
    const panel = page.locator('depth-panel');
    await panel.locator('.source > summary').click();
    await panel.locator('li[data-from="depth-tilt"] input').check();
    await eventually('the plugin gave no depth', async () => (await panel.locator('.source .name').first().textContent()) === 'Tilt');
    await panel.getByText('Steepness').waitFor();
  };
  await choose();

  // An update that wants more says so; one that is older is offered all the same, in plain words.
  await app.openFiles(tilt('1.1.0', ['photo', 'file']));
  await dialog.getByText('Replaces version 1.0.0 by 1.1.0.').waitFor();
  await dialog.getByText('New: It may also see').waitFor();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await dialog.locator('li[data-plugin="depth-tilt"]').getByText('1.1.0').waitFor();

  await page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await page.context().setOffline(true);
  await page.reload();
  await app.opened('street.png');
  await page.getByRole('tab', { name: 'Depth' }).click();
  await eventually(
    'the photo was not opened with its plugin',
    async () => (await page.locator('depth-panel .source .name').first().textContent()) === 'Tilt',
  );

  // Removed, it is gone from the lists, and the photo still opens.
  await page.getByRole('tab', { name: 'Photos' }).click();
  await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  await dialog.locator('summary').click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByText('No plugins are installed.').waitFor();
  await page.keyboard.press('Escape');
  await page.reload();
  await app.opened('street.png');
  await app.message('was removed or switched off');
});

test('an address never installs or loads a plugin, and a link that is none is refused', async (t) => {
  const app = await open(t);
  const { page } = app;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${page.url().split('#')[0]}?plugin=https://example.org/evil.js#plugins=https://example.org/evil.js`);
  await app.ready();
  assert.deepEqual(
    asked.filter((url) => new URL(url).host.startsWith('example')),
    [],
  );
  await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  const dialog = page.locator('plugins-dialog');
  await dialog.getByText('No plugins are installed.').waitFor();
  await dialog.locator('input[type="url"]').fill('http://example.org/x.js');
  await dialog.getByRole('button', { name: 'Show details' }).click();
  await dialog.getByText('must begin with https://').waitFor();
  assert.equal(await page.locator('iframe').count(), 0);
});
