/** `unflat plugins dev`: an author changes a file and sees the open photo made again; what is wrong is said in the app and in the terminal. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { commandLine } from '../helpers/command-line.ts';
import { link } from '../helpers/packed.ts';
import { AppPage, eventually, photoFile } from './app-page.ts';

const browser = await testBrowser();
const place = mkdtempSync(join(tmpdir(), 'unflat-plugins-dev-'));
after(() => rmSync(place, { recursive: true, force: true }));
link(place, ['esbuild', '@esbuild']);
symlinkSync(root, join(place, 'node_modules/unflat'), 'junction');

/** Starts it in a folder. @returns its address, and what it said so far. */
async function develop(folder: string): Promise<{ url: string; said(): string; stop(): Promise<number | null> }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/unflat.mjs'), 'plugins', 'dev'], {
    cwd: folder,
    env: { ...process.env, UNFLAT_PREPARED: '1', BROWSER: 'none', PORT: '0' },
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (words += data.toString()));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  after(() => child.kill('SIGKILL'));
  const address = /is at (\S+)/;
  await eventually('it serves nothing', async () => address.test(words));
  return { url: address.exec(words)![1]!, said: () => words, stop: () => (child.kill('SIGINT'), ended) };
}

test('a saved file is built, loaded, and the open photo made again; a build or a plugin that fails is named', async (t) => {
  assert.equal((await commandLine(place, ['plugins', 'new', 'depth-mine'])).status, 0);
  const folder = join(place, 'depth-mine');
  const source = join(folder, 'src/index.ts');
  const first = readFileSync(source, 'utf8');
  const { url, said, stop } = await develop(folder);

  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  const app = await AppPage.open(context, url);
  const { page } = app;
  await eventually('the plugin is not loaded', async () => /depth-mine 0\.1\.0 is built/.test(said()));
  await app.openFiles(photoFile('street.png'));
  await app.opened('street.png');
  await app.tab('Depth');
  const panel = page.locator('depth-panel');
  await panel.locator('.source > summary').click();
  await panel.locator('li[data-from="depth-mine"] input').check();
  /** Brightness of the first and of the last pixel of the depth map. */
  const ends = async (): Promise<[number, number]> => {
    const pixels = await app.previewPixels().catch(() => []);
    return [pixels[0] ?? NaN, pixels.at(-1) ?? NaN];
  };
  await eventually('the plugin gave no depth', async () => (await ends())[0] < 60 && (await ends())[1] > 190);

  writeFileSync(source, first.replace('Math.max(0, below)', '1 - Math.max(0, below)'));
  await eventually('the photo was not made again', async () => (await ends())[0] > 190 && (await ends())[1] < 60);
  assert.equal(await app.openTitle(), 'street.png');

  // The picture stays where the build fails, and where the plugin does.
  writeFileSync(source, `${first}\nconst = 1;\n`);
  await app.message(/The build failed[^]*Expected identifier but found "="[^]*src\/index\.ts:\d+/);
  assert.match(said(), /Expected identifier but found "="/);
  writeFileSync(source, first.replace('throwIfAborted(signal);', 'throw new Error("out of luck");'));
  const built = (): string[] => readFileSync(join(folder, 'dist/depth-mine.js'), 'utf8').split('\n');
  const line = (): number => 1 + built().findIndex((text) => text.includes('out of luck'));
  await eventually('it is not built', async () => line() > 0);
  await app.message(`“Mine” (depth-mine) failed: out of luck, line ${line()} of its file`);
  await eventually('the terminal does not say it', async () => /“Mine” \(depth-mine\) failed: out of luck/.test(said()));
  // Each place in the file, for the author.
  assert.match(said(), new RegExp(`^  at .*estimate \\(depth-mine\\.js:${line()}:\\d+\\)$`, 'm'));
  assert.ok((await ends())[0] > 190);
  writeFileSync(source, first.replace("id: 'depth-mine'", "id: 'depth-other'"));
  await app.message('id must be depth-mine, as in its manifest');

  writeFileSync(source, first);
  await eventually('the mended plugin is not used', async () => (await ends())[0] < 60 && (await ends())[1] > 190);
  await page.locator('app-messages .error').waitFor({ state: 'detached' });
  assert.equal(await stop(), 0);
});

test('without an open page each save is tested all the same: the build, the manifest, the contract, and what cannot be loaded', async () => {
  const folder = join(place, 'inpaint-mine');
  assert.equal((await commandLine(place, ['plugins', 'new', 'inpaint-mine', '--kind', 'inpaint'])).status, 0);
  const source = join(folder, 'src/index.ts');
  const first = readFileSync(source, 'utf8');
  const { said, stop } = await develop(folder);
  await eventually('it is not tested', async () => /inpaint-mine 0\.1\.0 keeps the contract \(\d+ tests\)/.test(said()));
  writeFileSync(source, first.replace('rgba.slice()', 'rgba.slice(4)'));
  await eventually('the contract is not broken', async () =>
    /breaks the contract:\n {2}returns an image of the same size.*: width × height × 4 bytes/.test(said()),
  );
  writeFileSync(source, first.replace('inpaint-mine', 'inpaint-other'));
  await eventually('the manifest is not compared', async () => /is what its manifest says: .*id must be inpaint-mine/.test(said()));
  writeFileSync(source, `${first}\nthrow new Error('out of luck');\n`);
  await eventually('what it throws is not told', async () => /could not be tested\.\n[^]*out of luck/.test(said()));
  assert.equal(await stop(), 0);
});

test('a folder without a plugin is refused, and a page elsewhere cannot write to the terminal', async () => {
  const none = await commandLine(place, ['plugins', 'dev', 'nowhere']);
  assert.deepEqual([none.status, /nowhere holds no manifest\.json/.test(none.stderr)], [2, true]);
  const { url, said, stop } = await develop(join(place, 'depth-mine'));
  const post = (origin: string): Promise<Response> =>
    fetch(`${url}plugin-dev/problems`, { method: 'POST', body: 'forged', headers: { origin } });
  assert.equal((await post('http://example.org')).status, 403);
  assert.equal((await post(url.slice(0, -1))).status, 204);
  assert.equal(said().split('forged').length, 2);
  assert.equal(await stop(), 0);
});
