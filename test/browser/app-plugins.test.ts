/** Plugins of others in the app: a person installs, uses, switches off, updates and removes one. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { manifestComment } from '../../src/plugin-api/index.ts';
import { testBrowser } from '../helpers/browser.ts';
import { buildStranger } from '../helpers/build-stranger.ts';
import { hostileServer } from '../helpers/hostile-server.ts';
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

test('a plugin from a file is updated from a newer file, with what it wants besides; another plugin’s file is refused', async (t) => {
  const app = await open(t);
  const { page } = app;
  const dialog = page.locator('plugins-dialog');
  await app.openFiles(tilt('1.0.0'));
  await dialog.getByRole('button', { name: 'Install' }).click();
  const row = dialog.locator('li[data-plugin="depth-tilt"]');
  await row.locator('summary').click();
  const update = async (file: TestFile): Promise<void> => {
    const choosing = page.waitForEvent('filechooser');
    await row.getByRole('button', { name: 'Update from a file' }).click();
    await (await choosing).setFiles(file);
  };
  const other = tilt('3.0.0');
  await update({
    ...other,
    buffer: Buffer.from(
      other.buffer.toString().replaceAll('depth-tilt', 'depth-slope').replaceAll("'Tilt'", "'Slope'").replace('"Tilt"', '"Slope"'),
    ),
  });
  await dialog.getByText('is another plugin, “Slope”').waitFor();
  await update(tilt('2.0.0', ['photo', 'file']));
  await dialog.getByText('Replaces version 1.0.0 by 2.0.0.').waitFor();
  await dialog.getByText('New: It may also see').waitFor();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await row.getByText('2.0.0').waitFor();
  assert.equal(await dialog.locator('li[data-plugin]').count(), 1);
});

test('two windows have the same plugins: what is done in one is seen in the other, and an update by link is of the same plugin', async (t) => {
  const app = await open(t);
  const { page } = app;
  const other = await AppPage.open(page.context(), new URL('.', page.url()).href);
  const rows = {
    one: page.locator('plugins-dialog li[data-plugin="depth-tilt"]'),
    other: other.page.locator('plugins-dialog li[data-plugin="depth-tilt"]'),
  };
  await other.page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  await other.page.locator('plugins-dialog').getByText('No plugins are installed.').waitFor();
  const server = await hostileServer({ 'tilt.js': { bytes: tilt('1.0.0').buffer, type: 'text/javascript' } });
  await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  const dialog = page.locator('plugins-dialog');
  await dialog.locator('input[type="url"]').fill(`${server.url}tilt.js`);
  await dialog.getByRole('button', { name: 'Show details' }).click();
  await dialog.getByText('depth-tilt', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Install' }).click();
  await rows.other.getByText('1.0.0').waitFor();

  // At the same address lies another plugin now.
  const slope = tilt('2.0.0').buffer.toString().replaceAll('depth-tilt', 'depth-slope').replaceAll('Tilt', 'Slope');
  server.files['tilt.js']!.bytes = Buffer.from(slope);
  await rows.one.locator('summary').click();
  await rows.one.getByRole('button', { name: 'Update' }).click();
  await dialog.getByText('is another plugin, “Slope” (depth-slope), and no newer version of “Tilt”').waitFor();
  server.files['tilt.js']!.bytes = tilt('2.0.0').buffer;
  await rows.one.getByRole('button', { name: 'Update' }).click();
  await dialog.getByText('Replaces version 1.0.0 by 2.0.0.').waitFor();
  // Meanwhile it is removed in the other window.
  await rows.other.locator('summary').click();
  await rows.other.getByRole('button', { name: 'Remove' }).click();
  await rows.other.getByRole('button', { name: 'Remove' }).click();
  await other.page.locator('plugins-dialog').getByText('No plugins are installed.').waitFor();
  await dialog.getByText('Replaces version').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Install' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  await dialog.getByText('No plugins are installed.').waitFor();
});

test('the download of a plugin’s model goes on where the connection broke, also in a later visit', async (t) => {
  const app = await open(t);
  const { page } = app;
  const warmth = await buildStranger('depth-warmth');
  const [, base64 = ''] = /"base64": "([^"]+)"/.exec(warmth) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const server = await hostileServer({
    'warmth.js': { bytes: Buffer.from(warmth.replace(/,?\s*"base64": "[^"]+"/, '')), type: 'text/javascript' },
    'warmth.onnx': { bytes, cutAfter: 100 },
  });
  const model = server.files['warmth.onnx']!;
  const ranges = (): (string | undefined)[] => server.asked.filter(({ path }) => path === 'warmth.onnx').map(({ range }) => range);
  const dialog = page.locator('plugins-dialog');
  const install = async (): Promise<void> => {
    await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
    await dialog.locator('input[type="url"]').fill(`${server.url}warmth.js`);
    await dialog.getByRole('button', { name: 'Show details' }).click();
    await dialog.getByRole('button', { name: 'Install' }).click();
  };
  await install();
  await eventually('the model is not asked for', async () => ranges().length === 1);
  // Before it is asked again the file is gone for a while.
  model.status = 404;
  await dialog.getByText('no longer has this file (404). Ask the plugin’s author.').waitFor();
  model.status = 200;
  await page.reload();
  await app.ready();
  await install();
  await dialog.locator('li[data-plugin="depth-warmth"]').waitFor();
  assert.deepEqual(ranges(), [undefined, 'bytes=100-', 'bytes=100-', 'bytes=200-']);
  await page.keyboard.press('Escape');
  await app.openFiles(photoFile('street.png'));
  await app.opened('street.png');
  await app.tab('Depth');
  const panel = page.locator('depth-panel');
  await panel.locator('li[data-model="depth-warmth-tiny"][data-state="ready"]').waitFor({ state: 'attached' });
});

test('a plugin that is switched off is in no list; a file format that another one writes is refused; Cancel ends a download', async (t) => {
  const app = await open(t);
  const { page } = app;
  const dialog = page.locator('plugins-dialog');
  await app.openFiles(photoFile('street.png'));
  await app.opened('street.png');
  const obj = await buildStranger('output-obj');
  const file = (text: string): TestFile => ({ name: 'obj.js', mimeType: 'text/javascript', buffer: Buffer.from(text) });
  await app.openFiles(file(obj));
  await dialog.getByRole('button', { name: 'Install' }).click();
  const row = dialog.locator('li[data-plugin="output-obj"]');
  await row.getByText('In the Save panel: Mesh (OBJ)').waitFor();
  await page.keyboard.press('Escape');
  await app.openFiles(file(obj.replaceAll('output-obj', 'output-other')));
  await dialog.getByRole('button', { name: 'Install' }).click();
  await dialog.getByText('which another one writes already').waitFor();
  await page.keyboard.press('Escape');

  const isOffered = async (): Promise<boolean> => {
    await app.tab('Save');
    return (await page.locator('save-panel').getByText('Mesh (OBJ)').count()) > 0;
  };
  const turn = async (): Promise<void> => {
    await app.tab('Photos');
    await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
    await row.getByRole('switch').click();
    await page.keyboard.press('Escape');
  };
  await eventually('its file is not offered', isOffered);
  await turn();
  await eventually('its file is still offered', async () => !(await isOffered()));
  await turn();
  await eventually('its file is not offered again', isOffered);

  const warmth = await buildStranger('depth-warmth');
  const [, base64 = ''] = /"base64": "([^"]+)"/.exec(warmth) ?? [];
  const server = await hostileServer({
    'warmth.js': { bytes: Buffer.from(warmth.replace(/,?\s*"base64": "[^"]+"/, '')), type: 'text/javascript' },
    'warmth.onnx': { bytes: Buffer.from(base64, 'base64'), hangAfter: 100 },
  });
  await app.tab('Photos');
  await page.locator('photos-panel').getByRole('button', { name: 'Plugins' }).click();
  await dialog.locator('input[type="url"]').fill(`${server.url}warmth.js`);
  await dialog.getByRole('button', { name: 'Show details' }).click();
  await dialog.getByRole('button', { name: 'Install' }).click();
  await eventually('the model is not asked for', async () => server.asked.some(({ path }) => path === 'warmth.onnx'));
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await row.waitFor();
  await dialog.locator('[aria-busy="false"]').waitFor();
  assert.equal(await dialog.locator('li[data-plugin]').count(), 1);
  assert.equal(await page.locator('iframe').count(), 0);
});
