import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { unzipSync } from 'fflate';
import outputLoop from '../../../plugins/output-loop/index.ts';
import outputVideo from '../../../plugins/output-video/index.ts';
import { keepChoice, loadChoice, validChoice } from '../../../src/app/save-choice.ts';
import { SaveRates } from '../../../src/app/save-rates.ts';
import { zipFiles } from '../../../src/app/zip-files.ts';
import { resolveOptions, type PluginInfo } from '../../../src/pipeline/index.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) },
});
beforeEach(() => kept.clear());

/** The two as the app lists them. */
const outputs = [outputVideo, outputLoop].map(({ id, label, options, products }): PluginInfo => ({
  ...{ id, kind: 'output', label, about: '', options, products, needs: 'scene', needsModel: false, readsDepthFiles: false },
  supported: true,
}));

test('a video says before how many frames it draws, how large it will be and how it moves', async () => {
  const scene = syntheticScene({ width: 640, height: 480 });
  const options = resolveOptions(outputVideo.options, { seconds: 2, fps: 25, longerSidePx: 320 });
  const { bytes, drawing, move } = await outputVideo.plan!({ product: 'circle', scene, options });
  const { width, height } = move!.cameras[0]!;
  assert.deepEqual([move!.seconds, move!.cameras.length, drawing!.frames, width], [2, 50, 50, 320]);
  assert.equal(drawing!.pixels, 50 * width * height);
  // 0.2 bits a pixel.
  assert.ok(Math.abs(bytes! - (0.2 * drawing!.pixels) / 8) < 1000, `${bytes}`);
  const high = await outputVideo.plan!({ product: 'circle', scene, options: { ...options, quality: 'high' } });
  assert.ok(high.bytes! > 1.5 * bytes!);
});

test('a loop says how long it is as its format can play it', async () => {
  const scene = syntheticScene({ width: 640, height: 480 });
  const plan = async (product: string) =>
    outputLoop.plan!({ product, scene, options: resolveOptions(outputLoop.options, { frames: 30, fps: 15 }) });
  assert.ok(Math.abs((await plan('gif')).move!.seconds - 2) < 0.011);
  assert.equal((await plan('gif')).drawing!.frames, 30, 'the palette is made of frames that are kept');
  assert.equal((await plan('apng')).drawing!.frames, 30);
  assert.equal((await plan('wiggle')).move!.seconds, 0.48, 'four steps of 120 ms');
});

test('what was saved once is known the next time, also after the app was closed', () => {
  const plan = { bytes: 1000, drawing: { frames: 10, pixels: 1e6 } };
  assert.ok(new SaveRates().estimate('circle', plan, 5000, 'software').ms! > 0);
  assert.deepEqual(new SaveRates().estimate('ply', {}, 5000, 'software'), {}, 'nothing is known of it');
  const rates = new SaveRates();
  rates.learn('circle', plan, 5000, 'software', { bytes: 1500, ms: 800 });
  rates.learn('ply', {}, 5000, 'software', { bytes: 10_000, ms: 50 });
  const later = new SaveRates();
  const twice = { bytes: 2000, drawing: { frames: 20, pixels: 2e6 } };
  assert.deepEqual(later.estimate('circle', twice, 9000, 'software'), { bytes: 3000, ms: 1600 });
  assert.deepEqual(later.estimate('ply', {}, 10_000, 'software'), { bytes: 20_000, ms: 100 });
  assert.notEqual(later.estimate('circle', twice, 9000, 'hardware').ms, 1600, 'the graphics card has a pace of its own');
});

test('broken notes of earlier times are no estimates', () => {
  for (const text of ['nonsense', '{"ply software":null}', '{"ply software":{"bytes":-1,"ms":"3"}}', '[]']) {
    kept.set('unflat-save-rates', text);
    assert.deepEqual(new SaveRates().estimate('ply', {}, 100, 'software'), {});
  }
});

test('the choice is remembered, but for texts; what is gone or out of range is not chosen', () => {
  keepChoice({ products: ['gif', 'circle'], values: { 'output-loop': { frames: 12 }, 'output-video': { fps: 24 } }, asZip: true }, outputs);
  assert.deepEqual(validChoice(loadChoice(), outputs), {
    products: ['gif', 'circle'],
    values: { 'output-loop': { frames: 12 }, 'output-video': { fps: 24 } },
    asZip: true,
  });
  kept.set('unflat-save-choice', JSON.stringify({ products: ['gone'], values: { 'output-loop': { frames: 1e9, old: 1 }, gone: {} } }));
  assert.deepEqual(validChoice(loadChoice(), outputs), { products: ['zoom-in'], values: {}, asZip: false });
  kept.set('unflat-save-choice', '{"products":3,"values":null}');
  assert.deepEqual(validChoice(loadChoice(), outputs).products, ['zoom-in']);
});

test('several files become one ZIP that other programs open', async () => {
  const bytes = Uint8Array.from({ length: 9 * 2 ** 20 }, (_, i) => i * 7);
  const files = [new File([bytes], 'a.mp4'), new File(['second'], 'b.png'), new File(['third'], 'b.png'), new File([], 'empty.txt')];
  const zip = unzipSync(new Uint8Array(await (await zipFiles(files)).arrayBuffer()));
  assert.deepEqual(Object.keys(zip), ['a.mp4', 'b.png', 'b (2).png', 'empty.txt']);
  assert.deepEqual(zip['a.mp4'], bytes);
  assert.equal(Buffer.from(zip['b (2).png']!).toString(), 'third');
});
