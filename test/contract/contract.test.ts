import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { plugins } from '../../plugins/index.ts';
import { root } from '../../src/cli/prepare.mjs';
import { parseRow } from '../../src/inference/index.ts';
import { defineInpainter, type Inpainter, type Plugin } from '../../src/plugin-api/index.ts';
import { checkPlugin } from './check-plugin.ts';
import { testDepthSource, testInpainter, testOutput } from './index.ts';
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
async function fails(plugin: Inpainter): Promise<boolean> {
  const bare: Tester = { test: async (_: string, work: () => void | Promise<void>) => work(), diagnostic: () => undefined };
  return checkPlugin(plugin, bare, { id: 'inpaint-none' }).then(
    () => false,
    () => true,
  );
}

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
