import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { isMapName } from '../../../src/core/index.ts';
import { chooseFiles } from '../../../src/app/files/choose-files.ts';
import { findOther3dFile } from '../../../src/orbit-viewer/index.ts';
import { areModel } from '../../../src/app/files/pick-model-files.ts';
import { root } from '../../../src/cli/prepare.mjs';

interface Picture {
  src: string;
  sizes: string;
  type: string;
  form_factor?: string;
}

const read = (path: string): Buffer => readFileSync(join(root, 'public', path));
const manifest = JSON.parse(read('manifest.webmanifest').toString()) as {
  id?: string;
  start_url: string;
  description: string;
  icons: Picture[];
  screenshots: Picture[];
  shortcuts: { url: string; icons: Picture[] }[];
  launch_handler: { client_mode: string[] };
  file_handlers: { accept: Record<string, string[]> }[];
};

test('each picture that the manifest names is there, in the size and of the kind that it says', () => {
  for (const { src, sizes, type } of [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)]) {
    const bytes = read(src);
    if (type === 'image/svg+xml') continue;
    const { width, height } = type === 'image/png' ? decodePng(bytes) : jpeg.decode(bytes);
    assert.equal(`${width}x${height}`, sizes, src);
  }
  for (const form of ['wide', 'narrow'])
    assert.ok(manifest.screenshots.filter(({ form_factor }) => form_factor === form).length >= 2, form);
});

test('two copies of the app on one host are two apps, and one that is open takes what it is asked for', () => {
  // Ids are resolved against the host alone; without one it is the start address, folder included.
  assert.equal(manifest.id, undefined);
  assert.equal(manifest.start_url, './');
  assert.deepEqual(manifest.launch_handler.client_mode, ['focus-existing', 'auto']);
  for (const { url } of manifest.shortcuts) assert.match(url, /^\.\/#(photos|depth|fill|save)$/);
});

test('files that the app reads can be opened with it, and what it is for is said of photos alone', () => {
  const kinds = manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat());
  for (const kind of [
    '.jpg',
    '.png',
    '.webp',
    '.avif',
    '.heic',
    '.tif',
    '.exr',
    '.npy',
    '.npz',
    '.pfm',
    '.onnx',
    '.glb',
    '.gltf',
    '.ply',
    '.splat',
    '.spz',
  ])
    assert.ok(kinds.includes(kind), kind);
  assert.match(manifest.description, /any photo/);
  assert.match(read('index.html').toString(), /name="description" content="Turns any photo/);
});

test('no kind of file is named that the app cannot open', async () => {
  const opens = async (kind: string): Promise<boolean> => {
    if (areModel([new File([], `a${kind}`)])) return true;
    if (await findOther3dFile([new File([], `a${kind}`)])) return true;
    // A photo is told from what is none only among others.
    const photo = new File(['x'], `a${kind}`);
    return (
      isMapName(photo.name) ||
      chooseFiles([photo, new File(['x'], 'b.txt'), new File(['x'], 'c.txt')]).then(
        (chosen) => chosen.photo === photo,
        () => false,
      )
    );
  };
  for (const { accept } of manifest.file_handlers)
    for (const kind of Object.values(accept).flat()) assert.equal(await opens(kind), true, kind);
  for (const kind of ['.obj', '.mp4']) assert.equal(await opens(kind), false, kind);
});
