import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import jpeg from 'jpeg-js';
import { root } from '../../../src/cli/prepare.mjs';
import { UnderWay } from '../../../src/app/under-way.ts';
import type { Sample } from '../../../src/app/load-samples.ts';
import { readScene } from '../../../src/scene-file/index.ts';

const folder = join(root, 'public');
const read = (path: string): Buffer => readFileSync(join(folder, path));
const samples = JSON.parse(read('samples/samples.json').toString()) as Sample[];

for (const sample of samples) {
  test(`the sample “${sample.title}” is the 3D photo of its own photo, which is 1600 pixels or larger`, async () => {
    const bytes = new Uint8Array(read(`samples/${sample.scene}`));
    const scene = await readScene({ name: `${sample.id}.glb`, bytes }, async (file) => {
      const { width, height, data } = jpeg.decode(file, { formatAsRGBA: true, maxMemoryUsageInMB: 512 });
      return { width, height, rgba: new Uint8ClampedArray(data) };
    });
    const photo = read(`samples/${sample.photo}`);
    assert.equal(scene.origin?.photoHash, createHash('sha256').update(photo).digest('hex'), 'make it again, see public/samples/README.md');
    assert.ok(scene.origin.originalWidth >= 1600 && (scene.detail?.width ?? 0) >= 1600);
    assert.ok(bytes.length < 2 * 2 ** 20, `${bytes.length} bytes`);
    assert.equal(Math.abs(scene.width / scene.height - sample.width / sample.height) < 0.01, true);
  });
}

test('the page shows the first sample’s picture before the app is there, unless another photo was open last', () => {
  const [first] = samples;
  const page = read('index.html').toString();
  assert.match(page, new RegExp(`id="first-picture" src="samples/${first!.picture}" width="${first!.width}" height="${first!.height}"`));
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const hides = (hash = ''): boolean => {
    let isHidden = false;
    const document = { documentElement: { classList: { add: () => (isHidden = true) } } };
    runInNewContext(read('first-picture.js').toString(), { localStorage: storage, location: { hash }, document });
    return isHidden;
  };
  assert.deepEqual([hides(), hides('#depth'), hides('#shared')], [false, false, true]);
  const underWay = new UnderWay(storage);
  underWay.lastOpen = `sample:${first!.id}`;
  assert.equal(hides(), false);
  underWay.lastOpen = 'somebody’s photo';
  assert.equal(hides(), true);
});
