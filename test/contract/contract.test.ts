import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { plugins } from '../../plugins/index.ts';
import { root } from '../../src/cli/prepare.mjs';
import { parseRow } from '../../src/inference/index.ts';
import {
  defineInpainter,
  defineOutput,
  translation,
  type Camera,
  type Frame,
  type Inpainter,
  type Output,
  type Plugin,
} from '../../src/plugin-api/index.ts';
import { checkPlugin } from './check-plugin.ts';
import { testDepthSource, testInpainter, testOutput, type ContractOptions } from './index.ts';
import type { Tester } from './run.ts';

for (const [id, load] of Object.entries(plugins)) {
  const { default: plugin } = await load();
  if (plugin.kind === 'depth') testDepthSource(plugin, { id });
  else if (plugin.kind === 'inpaint') testInpainter(plugin, { id });
  else testOutput(plugin, { id });
}

test('every plugin folder has its line, and its README', () => {
  const folders = readdirSync(join(root, 'plugins'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => name !== 'shared');
  assert.deepEqual(folders.sort(), Object.keys(plugins).sort());
  for (const folder of folders) assert.ok(existsSync(join(root, 'plugins', folder, 'README.md')), `plugins/${folder}/README.md`);
});

// The example of plugins/README.md, so that the page a stranger writes from stays true.
test('the inpainter on the page for plugin authors keeps the contract', async (t) => {
  const page = readFileSync(join(root, 'plugins/README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const folder = mkdtempSync(join(root, 'test/contract/.example-'));
  try {
    const file = join(folder, 'index.ts');
    writeFileSync(file, code);
    const { default: plugin } = (await import(pathToFileURL(file).href)) as { default: Plugin };
    await checkPlugin(plugin, t, { id: 'inpaint-grey' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a plugin that breaks the contract is caught', async () => {
  const sound: Inpainter = defineInpainter({
    id: 'inpaint-none',
    label: 'None',
    options: [],
    supports: () => true,
    inpaint: ({ rgba }) => Promise.resolve(rgba.slice()),
  });
  const faults: Record<string, Partial<Inpainter>> = {
    'another id than the folder': { id: 'inpaint-other' },
    'a default out of range': { options: [{ id: 'size', label: 'Size', type: 'number', default: 9, min: 0, max: 5 }] },
    'a picture too small': { inpaint: () => Promise.resolve(new Uint8ClampedArray(4)) },
    'input that is changed': { inpaint: ({ rgba }) => Promise.resolve(rgba.fill(0).slice()) },
    'a look at the foreground': {
      inpaint: ({ rgba, hole, disparity }) =>
        Promise.resolve(rgba.map((v, i) => (hole[i >> 2] ? (rgba[disparity.indexOf(Math.max(...disparity)) * 4 + (i & 3)] ?? 0) : v))),
    },
    'a signal that is not looked at': {},
    'a control that is never shown': {
      options: [
        { id: 'size', label: 'Size', type: 'number', default: 1, min: 0, max: 5, showIf: { option: 'mode', is: 'large' } },
        { id: 'mode', label: 'Mode', type: 'boolean', default: false },
      ],
    },
    'progress that goes backwards': {
      inpaint: ({ rgba }, { signal, progress }) => {
        signal.throwIfAborted();
        progress(1);
        progress(0.5);
        return Promise.resolve(rgba.slice());
      },
    },
    'a fetch': {
      inpaint: async ({ rgba }, { signal }) => {
        signal.throwIfAborted();
        await fetch('https://example.com/');
        return rgba.slice();
      },
    },
  };
  for (const [fault, change] of Object.entries(faults)) {
    assert.ok(await fails({ ...sound, ...change }), `${fault} must fail the suite`);
  }
});

/** Whether the suite fails for a plugin; its subtests run as plain functions. */
async function fails(plugin: Plugin): Promise<boolean> {
  return (await failureOf(plugin, { id: 'inpaint-none' })) !== undefined;
}

/** What the suite says is wrong with a plugin; undefined for a sound one. @param said gets what it could not test. */
async function failureOf(plugin: Plugin, options: ContractOptions = {}, said: string[] = []): Promise<string | undefined> {
  const bare: Tester = {
    test: async (_: string, work: () => void | Promise<void>) => work(),
    diagnostic: (message) => void said.push(message),
  };
  return checkPlugin(plugin, bare, options).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

test('an output with rendered frames is let write, and what it does wrong is caught', async () => {
  const camera: Camera = { width: 30, height: 20, fx: 30, fy: 30, cx: 15, cy: 10, c2w: translation(0, 0, 0) };
  /** Puts the frames of two cameras side by side, and one in small over them. */
  const pair = (change: (frame: Frame, i: number) => void, cameras: Camera[] = [camera, camera]): Output =>
    defineOutput({
      id: 'output-pair',
      label: 'Pair',
      products: [{ id: 'pair', label: 'Pair', suffixes: ['_pair.png'] }],
      needsFrames: true,
      options: [{ id: 'border', label: 'Border', type: 'boolean', default: false }],
      supports: () => true,
      async write({ frames, options }, { signal, progress }) {
        const canvas = new OffscreenCanvas(2 * camera.width, camera.height);
        const pen = canvas.getContext('2d')!;
        let i = 0;
        for await (const frame of frames(cameras)) {
          pen.drawImage(frame, i * camera.width, 0);
          pen.drawImage(frame, 0, 0, 10, 10, i * camera.width, 0, 5, 5);
          change(frame, i++);
          signal.throwIfAborted();
          progress(i / 2);
        }
        if (options['border'] === true) pen.fillRect(0, 0, 3, 3);
        return { suffix: '_pair.png', blob: await canvas.convertToBlob() };
      },
    });
  const sound = pair((frame) => frame.close());
  const said: string[] = [];
  assert.equal(await failureOf(sound, {}, said), undefined);
  assert.deepEqual(said, []);
  assert.match((await failureOf(pair(() => {})))!, /of 2 frames 2 were not closed/);
  assert.match((await failureOf(pair((frame) => frame.close(), [camera, { ...camera, width: 31 }])))!, /one size/);
  assert.match((await failureOf(pair((frame) => frame.close(), [camera, { ...camera, c2w: [1, 2] }])))!, /16 numbers/);
  assert.match((await failureOf({ ...sound, products: [{ id: 'pair', label: 'Pair', suffixes: ['.obj'] }] }))!, /_pair\.png is not among/);
  assert.match(
    (await failureOf({ ...sound, plan: async () => ({ drawing: { frames: 90, pixels: 90 } }) }))!,
    /90 frames, but .* asked for 2/,
  );
  // What the suite has not is said, and is no fault of the plugin.
  const writes: Output = {
    ...sound,
    options: [],
    async write({ frames }, { signal }) {
      for await (const frame of frames([camera])) frame.close();
      signal.throwIfAborted();
      const canvas = new OffscreenCanvas(9, 9);
      canvas.getContext('2d')!.fillText('hello', 0, 0);
      return { suffix: '_pair.png', blob: await canvas.convertToBlob() };
    },
  };
  assert.equal(await failureOf(writes, {}, said), undefined);
  assert.match(said.join(), /pair was not tested with its defaults: the suite’s canvas has no fillText/);
  assert.equal((globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas, undefined, 'no canvas is left behind');
});

test('a plugin that hangs fails with a word on the budget: one that waits, and one that never gives its thread back', async () => {
  const hangs = defineInpainter({
    id: 'inpaint-forever',
    label: 'Forever',
    options: [],
    supports: () => true,
    inpaint: () => new Promise(() => {}),
  });
  assert.equal(
    await failureOf(hangs, { patienceMs: 50 }),
    'inpaint of inpaint-forever gave no sign of life for 0.05 s: it neither ended nor called progress. The app stops such a plugin.',
  );
  // Slow work that says how far it is goes on.
  const slow: Inpainter = {
    ...hangs,
    async inpaint({ rgba }, { progress, signal }) {
      for (let i = 0; i < 4; i++) {
        signal.throwIfAborted();
        await new Promise((done) => setTimeout(done, 150));
        signal.throwIfAborted();
        progress(i / 4);
        signal.throwIfAborted();
      }
      return rgba.slice();
    },
  };
  assert.equal(await failureOf(slow, { patienceMs: 400 }), undefined);

  const folder = mkdtempSync(join(root, 'test/contract/.example-'));
  try {
    writeFileSync(
      join(folder, 'loop.test.ts'),
      `import { testInpainter } from '../index.ts';
       const inpaint = async () => { await null; for (;;); };
       testInpainter({ kind: 'inpaint', apiVersion: 1, id: 'inpaint-loop', label: 'Loop', options: [], supports: () => true, inpaint }, { patienceMs: 300 });`,
    );
    const { status, signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(folder, 'loop.test.ts')], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.ok(status !== 0 || signal);
    assert.match(stderr, /^unflat\/plugin-test: inpaint of inpaint-loop gave no sign of life for 0\.3 s: .* The tests were ended\.$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// The same for the model on that page: its plugin keeps the contract, and its row is one.
test('the model on the page for plugin authors keeps the contract', async (t) => {
  const page = readFileSync(join(root, 'plugins/README.md'), 'utf8');
  const [, plugin = '', rows = ''] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const folder = mkdtempSync(join(root, 'test/contract/.example-'));
  try {
    writeFileSync(join(folder, 'index.ts'), plugin);
    writeFileSync(join(folder, 'rows.ts'), rows);
    const { default: found } = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as { default: Plugin };
    await checkPlugin(found, t, { id: 'depth-mine' });
    assert.ok(found.kind === 'depth' && found.models?.length === 1);
    for (const row of found.models) assert.deepEqual(parseRow(row, 'models[0]'), row);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
