import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { decode, encode } from 'fast-png';
import outputDepth from '../../../plugins/output-depth/index.ts';
import outputImage from '../../../plugins/output-image/index.ts';
import outputLayers from '../../../plugins/output-layers/index.ts';
import outputLightField from '../../../plugins/output-light-field/index.ts';
import outputLoop from '../../../plugins/output-loop/index.ts';
import outputPhotoDepth from '../../../plugins/output-photo-depth/index.ts';
import outputRelief from '../../../plugins/output-relief/index.ts';
import outputSplats from '../../../plugins/output-splats/index.ts';
import outputStereo from '../../../plugins/output-stereo/index.ts';
import { withWebpMark } from '../../../plugins/shared/webp-writer.ts';
import { isOwnFile, ownPng } from '../../../src/cli/is-own-file.ts';
import { parseCommandLine, type CliOptions } from '../../../src/cli/parse-command-line.ts';
import { planPhotos } from '../../../src/cli/plan-photos.ts';
import { whyNoTargets, whyNotWritten } from '../../../src/cli/targets-of.ts';
import { withPngMark } from '../../../src/core/index.ts';
import type { Output } from '../../../src/plugin-api/index.ts';
import { bytesOf, writeWithFrames } from '../../fixtures/frames.ts';
import { testContext } from '../../fixtures/plugin-context.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'unflat-own-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const GREY = encode({ width: 4, height: 4, data: new Uint8Array(16).fill(90), channels: 1, depth: 8 });

test('a depth map that we wrote is ours until its samples are changed', async () => {
  const options = Object.fromEntries(outputDepth.options.map((option) => [option.id, option.default]));
  const { blob } = await outputDepth.write(
    { product: 'depth', scene: syntheticScene(), options, frames: () => assert.fail('no frames') },
    testContext(),
  );
  const bytes = new Uint8Array(await blob.arrayBuffer());
  writeFileSync(at('a_depth.png'), bytes);
  assert.equal(ownPng(at('a_depth.png')), 'depth');
  assert.equal(isOwnFile(at('a_depth.png')), true);

  // Painted over in an editor that keeps the texts: other samples, the same mark.
  const { width, height, data, channels } = decode(bytes);
  data[0] = (data[0] ?? 0) ^ 0x1234;
  const painted = encode({ width, height, data, channels, depth: 16 });
  const mark = Buffer.from(bytes).indexOf('tEXt') - 4;
  const length = Buffer.from(bytes).readUInt32BE(mark) + 12;
  const edited = Buffer.concat([painted.subarray(0, 33), bytes.subarray(mark, mark + length), painted.subarray(33)]);
  assert.equal(decode(edited).width, width);
  writeFileSync(at('a_depth.png'), edited);
  assert.equal(isOwnFile(at('a_depth.png')), false);
});

test('marks of the other kinds, and files of others', async () => {
  // One pixel, without loss.
  const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
  const options = { values: 'disparity' };
  const input = { product: 'depth-tiff', scene: syntheticScene(), options, frames: () => assert.fail('no frames') };
  const tiff = await (await outputDepth.write(input, testContext())).blob.arrayBuffer();
  const files: [string, Uint8Array | string, boolean][] = [
    ['a.tif', new Uint8Array(tiff), true],
    ['b.tif', 'II*\0somebody else', false],
    ['a.webp', new Uint8Array(await withWebpMark(webp, 1, 1).arrayBuffer()), true],
    ['b.webp', webp, false],
    ['view.png', withPngMark(GREY, 'view'), true],
    ['other.png', GREY, false],
    ['a.ply', 'ply\nformat ascii 1.0\ncomment made by Unflat\nelement vertex 0\nend_header\n', true],
    ['b.ply', 'ply\nformat ascii 1.0\ncomment VCGLIB generated\nelement vertex 0\nend_header\n', false],
    ['a.glb', 'glTF....{"asset":{"version":"2.0","generator":"Unflat"}}', true],
    ['b.glb', 'glTF....{"asset":{"version":"2.0","generator":"Blender"}}', false],
    ['b.mp4', '....ftypisom©too Lavf60', false],
    ['notes.txt', 'made by Unflat', false],
    ['cut.png', GREY.subarray(0, 20), false],
    ['empty.png', '', false],
  ];
  for (const [name, bytes, isOurs] of files) {
    writeFileSync(at(name), bytes);
    assert.equal(isOwnFile(at(name)), isOurs, name);
  }
  assert.equal(isOwnFile(at('missing.ply')), false);
});

test('files of others are replaced only when that is asked for, named ones never', () => {
  writeFileSync(at('mine_depth.png'), GREY);
  const guard = { named: [], overwrite: false };
  assert.match(
    whyNotWritten(at('mine_depth.png'), guard) ?? '',
    /mine_depth\.png is there already and was not written by Unflat; .*--overwrite/,
  );
  assert.equal(whyNotWritten(at('mine_depth.png'), { ...guard, overwrite: true }), undefined);
  assert.match(whyNotWritten(at('mine_depth.png'), { named: [at('mine_depth.png')], overwrite: true }) ?? '', /one of the files you named/);
  assert.equal(whyNotWritten(at('new_depth.png'), guard), undefined);
  writeFileSync(at('mine.ply'), GREY);
  assert.match(
    whyNoTargets(at('.'), [at('mine_depth.png'), at('new_depth.png'), at('mine.ply')], guard)?.error ?? '',
    /mine_depth\.png is there already .* The same goes for mine\.ply\.$/,
  );
  symlinkSync(at('nothing'), at('link_depth.png'));
  assert.match(whyNotWritten(at('link_depth.png'), { ...guard, overwrite: true }) ?? '', /link_depth\.png is a link that leads nowhere/);
});

test('a folder that is a file, and names that no disk takes, are known before the work', () => {
  const guard = { named: [], overwrite: false };
  writeFileSync(at('file'), '');
  mkdirSync(at('dir'));
  assert.match(whyNoTargets(join(at('file'), 'deep'), [], guard)?.error ?? '', /file is a file, not a folder/);
  assert.match(whyNoTargets(at('dir'), [join(at('dir'), `${'x'.repeat(250)}_depth.png`)], guard)?.error ?? '', /too long a name/);
  assert.equal(whyNoTargets(at('file'), [], guard)?.code, 'io');
  assert.equal(whyNoTargets(join(at('dir'), 'new', 'er'), [join(at('dir'), 'new', 'er', 'a.ply')], guard), undefined);
});

test('what the outputs write is ours, and left out of a second run on all files of a folder', async () => {
  const scene = syntheticScene({ width: 48, height: 36 });
  const small = { frames: 3, longerSidePx: 64, quiltPx: 256 };
  const written: [Output, string][] = [
    [outputLoop, 'gif'],
    [outputLoop, 'apng'],
    [outputLoop, 'frames'],
    [outputImage, 'image'],
    [outputStereo, 'stereo'],
    [outputStereo, 'mpo'],
    [outputStereo, 'jps'],
    [outputLightField, 'quilt'],
    [outputPhotoDepth, 'gdepth'],
    [outputPhotoDepth, 'dynamic-depth'],
    [outputDepth, 'depth-colours'],
    [outputDepth, 'depth-npy'],
    [outputDepth, 'depth-pfm'],
    [outputDepth, 'depth-tiff'],
    [outputLayers, 'layers'],
    [outputLayers, 'psd'],
    [outputRelief, 'relief'],
    [outputSplats, 'splats'],
    [outputSplats, 'spz'],
  ];
  const paths = [at('photo.png')];
  writeFileSync(at('photo.png'), GREY);
  for (const [output, product] of written) {
    const options = Object.fromEntries(Object.entries(small).filter(([id]) => output.options.some((option) => option.id === id)));
    const { file } = await writeWithFrames(output, product, scene, options);
    const path = at(`photo${file.suffix}`);
    writeFileSync(path, await bytesOf(file));
    assert.equal(isOwnFile(path), true, path);
    paths.push(path);
  }
  for (const given of [paths.filter((path) => /\.(png|jpg|gif)$/.test(path)), paths]) {
    const { photos, notes } = planPhotos(parseCommandLine(given) as CliOptions, false);
    assert.deepEqual(
      photos.map(({ input, map }) => [input, map]),
      [[at('photo.png'), undefined]],
    );
    assert.equal(notes.length, given.length - 1);
  }
  // A folder of its own, as the others have no depth map that is ours to find.
  const all = join(folder, 'all');
  mkdirSync(all);
  for (const path of paths) copyFileSync(path, join(all, basename(path)));
  assert.deepEqual(
    planPhotos(parseCommandLine([all]) as CliOptions, false).photos.map(({ input, map }) => [input, map]),
    [[join(all, 'photo.png'), undefined]],
  );
  // Named alone, such a picture is a photo like any other.
  const view = at('photo_view.jpg');
  assert.deepEqual(
    planPhotos(parseCommandLine([view]) as CliOptions, false).photos.map(({ input }) => input),
    [view],
  );
});

test('files whose formats have no place for a name are ours until a number or a pixel is changed', async () => {
  const scene = syntheticScene({ width: 48, height: 36 });
  for (const [output, product] of [
    [outputDepth, 'depth-npy'],
    [outputDepth, 'depth-pfm'],
    [outputLayers, 'psd'],
  ] as const) {
    const { file } = await writeWithFrames(output, product, scene);
    const bytes = await bytesOf(file);
    const path = at(`changed${file.suffix}`);
    writeFileSync(path, bytes);
    assert.equal(isOwnFile(path), true, path);
    assert.equal(whyNotWritten(path, { named: [], overwrite: false }), undefined);
    // Somewhere in the numbers, or in the colours of a layer; a PFM as every other program begins it.
    if (product === 'depth-pfm')
      writeFileSync(path, Buffer.from(Buffer.from(bytes).toString('latin1').replace('-1.0000000', '-1.000000'), 'latin1'));
    else {
      bytes[bytes.length - 1500]! ^= 1;
      writeFileSync(path, bytes);
    }
    assert.equal(isOwnFile(path), false, path);
    // Cut off.
    writeFileSync(path, (await bytesOf(file)).subarray(0, -40));
    assert.equal(isOwnFile(path), false, path);
  }
});
