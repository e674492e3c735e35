import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { fileKind, UnflatError } from '../../../src/core/index.ts';
import { refuseHeader } from '../../../src/decode/decode-errors.ts';
import { concat, levels, npyFile } from '../../fixtures/depth-files.ts';
import { assertDepth, runMap, scene } from '../../fixtures/run-depth-map.ts';

const { width, height } = scene;
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const bytes = (mark: string, size = 400): Uint8Array => {
  const all = new Uint8Array(size).fill(0xee);
  all.set(Uint8Array.from(mark, (letter) => letter.charCodeAt(0)));
  return all;
};
const grey8 = levels(scene, 255);

// What people bring, what it must be called, and what each of the two errors must advise.
const KINDS: readonly (readonly [file: string, contents: Uint8Array, kind: RegExp, asPhoto: RegExp, asMap: RegExp])[] = [
  ['a.mat', bytes('MATLAB 5.0 MAT-file'), /MATLAB file/, /Choose the photo/, /imwrite as 16-bit PNG/],
  ['a.mat', bytes('\x89HDF\r\n\x1a\n'), /HDF5 or MATLAB/, /Choose the photo/, /np\.save/],
  ['a.csv', text('1.5,2.5,3.5\n4,5,6\n'), /table of numbers/, /Choose the photo/, /np\.save/],
  ['a.pkl', bytes('\x80\x04\x95'), /pickle, which is never opened/, /Choose the photo/, /np\.save/],
  ['a.jxl', bytes('\xff\x0a'), /JPEG XL/, /Save it as JPEG or PNG/, /16-bit PNG/],
  ['a.jxl', bytes('\0\0\0\x0cJXL '), /JPEG XL/, /Save it as JPEG or PNG/, /16-bit PNG/],
  ['a.hdr', bytes('#?RADIANCE\n'), /Radiance/, /Save it as JPEG or PNG/, /OpenEXR/],
  ['a.cr2', bytes('II*\0\x10\0\0\0CR'), /raw camera file/, /Develop it/, /16-bit PNG/],
  ['a.cr3', bytes('\0\0\0\x18ftypcrx '), /raw camera file/, /Develop it/, /16-bit PNG/],
  ['a.NEF', bytes('MM\0*'), /raw camera file/, /Develop it/, /16-bit PNG/],
  ['a.dng', bytes('II*\0'), /raw camera file/, /Develop it/, /16-bit PNG/],
  ['a.raf', bytes('FUJIFILMCCD-RAW'), /raw camera file/, /Develop it/, /16-bit PNG/],
  ['a.psd', bytes('8BPS'), /Photoshop/, /Save it as JPEG or PNG/, /16-bit PNG/],
  ['a.xcf', bytes('gimp xcf file'), /GIMP/, /Save it as JPEG or PNG/, /16-bit PNG/],
  ['a.pdf', text('%PDF-1.7'), /a PDF/, /Save the picture in it/, /Save the map in it/],
  ['a.svg', text('<?xml version="1.0"?><svg/>'), /SVG drawing/, /Save it as JPEG or PNG/, /16-bit PNG/],
  ['a.jpg', text('<!DOCTYPE html><html></html>'), /a web page/, /save the image itself/, /save the file itself/],
  ['a.json', text('{"depth": []}'), /JSON/, /Choose the photo/, /np\.save/],
  ['a.zip', zipSync({ 'readme.txt': text('x') }), /ZIP archive/, /Unpack it/, /Unpack it/],
  ['a.jpg.gz', bytes('\x1f\x8b'), /gzip/, /Unpack it/, /Unpack it/],
  ['a.pt', zipSync({ 'data.pkl': text('x') }), /model weights/, /Choose a photo/, /Choose a depth map/],
  ['a.glb', bytes('glTF'), /GLB model/, /rendered from it/, /Render its depth/],
  ['a.ply', text('ply\nformat ascii 1.0\n'), /PLY model/, /rendered from it/, /Render its depth/],
  ['a.gltf', text('{"asset": {}}'), /glTF model/, /The Unflat app shows it/, /Render its depth/],
  ['a.spz', bytes('\x1f\x8b'), /Gaussian splats/, /The Unflat app shows it/, /Render its depth/],
  ['a.blend', bytes('BLENDER-v300'), /Blender file/, /rendered from it/, /Render its depth/],
  ['a.mp4', bytes('\0\0\0\x18ftypisom'), /a video/, /Save one frame/, /Save one frame/],
  ['a.mkv', bytes('\x1aE\xdf\xa3'), /a video/, /Save one frame/, /Save one frame/],
  ['a.avi', bytes('RIFF\0\0\0\0AVI '), /a video/, /Save one frame/, /Save one frame/],
  ['a.mp3', bytes('ID3'), /sound file/, /Choose a photo/, /Choose a depth map/],
  ['a.jpg', new Uint8Array(500), /its bytes are all zero/, /Choose a photo/, /Choose a depth map/],
  ['a.jpg', text('version https://git-lfs.github.com/spec/v1\n'), /Git LFS pointer/, /Choose a photo/, /Choose a depth map/],
  ['._a.jpg', bytes('\0\x05\x16\x07'), /macOS companion file/, /Choose a photo/, /Choose a depth map/],
  ['a.bin', bytes('\x01\x02'), /unknown kind/, /Choose a photo/, /Choose a depth map/],
];

/** What a person reads who opens the file as a photo. */
function refusal(name: string, contents: Uint8Array): string {
  try {
    refuseHeader({ name, bytes: contents });
  } catch (error) {
    if (error instanceof UnflatError) return error.message;
    throw error;
  }
  return assert.fail(`${name} must be refused`);
}

for (const [name, contents, kind, asPhoto, asMap] of KINDS) {
  test(`named with a way on, as photo and as map: ${name}, ${fileKind(contents, name).name}`, async () => {
    const photoError = refusal(name, contents);
    assert.ok(photoError.startsWith(`${name} is `));
    assert.match(photoError, kind);
    assert.match(photoError, asPhoto);
    const mapError = await runMap(name, contents).then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    assert.ok(mapError.startsWith(`${name}: `));
    assert.match(mapError, asMap);
  });
}

test('maps named as photos say what they are for', () => {
  assert.equal(
    refusal('a.npz', zipSync({ 'depth.npy': npyFile(grey8, 'u1', [height, width]) })),
    'a.npz is a NumPy archive (NPZ), not a photo that can be read here. It is read as a depth map: open it together with its photo.',
  );
  assert.equal(
    refusal('a.exr', bytes('\x76\x2f\x31\x01')),
    'a.exr is an OpenEXR file, not a photo that can be read here. It is read as a depth map: open it together with its photo.',
  );
  assert.equal(
    refusal('a.ppm', concat('P6 2 2 255\n', new Uint8Array(12))),
    'a.ppm is a PGM or PPM file, not a photo that can be read here. Save it as PNG. PGM is read for depth maps only, opened together with their photo.',
  );
});

test('PGM and PPM: 8 and 16 bit, as text, any largest value, comments, CR LF', async () => {
  const sixteen = (full: number): number[] => levels(scene, full).flatMap((v) => [v >> 8, v & 255]);
  assertDepth(await runMap('m.pgm', concat(`P5\n${width} ${height}\n255\n`, grey8)));
  assertDepth(await runMap('m.pgm', concat(`P5\r\n# a comment\r\n${width} ${height}\r\n255\r\n`, grey8)));
  assertDepth(await runMap('m.pgm', concat(`P5 ${width} ${height} 65535\n`, sixteen(65_535))), scene, 0.0001);
  assertDepth(await runMap('m.pgm', concat(`P5\n# made here\n${width} ${height}\n4095\n`, sixteen(4095))), scene, 0.001);
  assertDepth(await runMap('m.pgm', text(`P2\n${width} ${height}\n1000\n${levels(scene, 1000).join('\n')}\n`)), scene, 0.002);
  assertDepth(
    await runMap(
      'm.ppm',
      concat(
        `P6\n${width} ${height}\n255\n`,
        grey8.flatMap((v) => [v, v, v]),
      ),
    ),
  );
  await assert.rejects(
    runMap('m.pgm', concat(`P5\n${width} ${height}\n255\n`, grey8.slice(0, 900))),
    /header claims 40 × 30 samples \(1200 bytes or more\), but 900 follow/,
  );
  await assert.rejects(runMap('m.pgm', text(`P2 ${width} ${height} 9 ${'12 '.repeat(1000)}`)), /numbers are missing|header claims/);
});

test('NPZ: one array, packed or not; of more the one named as depth, with a note; else it is asked for', async () => {
  const depth = npyFile(scene.disparity, 'f4', [height, width]);
  const vector = npyFile([1, 2, 3], 'f4', [3]);
  for (const level of [0, 9] as const) {
    assertDepth(await runMap('disparity.npz', zipSync({ 'arr_0.npy': depth }, { level })), scene, 0.0001);
    assertDepth(await runMap('disparity.npz', zipSync({ 'intrinsics.npy': vector, 'arr_1.npy': depth }, { level })), scene, 0.0001);
  }
  const two = await runMap(
    'disparity.npz',
    zipSync({
      'mask.npy': npyFile(
        grey8.map((v) => v & 1),
        'u1',
        [height, width],
      ),
      'depth.npy': depth,
    }),
  );
  assertDepth(two, scene, 0.0001);
  assert.match(two.context.notes.join(), /disparity\.npz holds 2 arrays that may be the depth map; “depth” was taken/);
  await assert.rejects(
    runMap('m.npz', zipSync({ 'a.npy': depth, 'b.npy': depth })),
    /m\.npz: the NumPy archive holds 2 arrays that may be the depth map \(a, b\)\. Save the array alone, with np\.save/,
  );
  await assert.rejects(runMap('m.npz', zipSync({ 'a.npy': vector })), /holds no depth map \(a\)/);
});
