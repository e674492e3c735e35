import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { refuseHeader } from '../../src/pipeline/decode-errors.ts';
import { nameOther, readImageHeader } from '../../src/pipeline/header/index.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../fixtures/pictures/${name}`, import.meta.url)));
const FIXTURES = ['animated.gif', 'animated.png', 'animated.webp', 'cmyk.jpg', 'plain.avif', 'plain.bmp', 'progressive.jpg', 'transparent.gif', 'transparent.webp', 'turned.jpg', 'turned.png', 'turned.webp'];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('every kind of picture says its format and size', () => {
  for (const name of FIXTURES) {
    const header = readImageHeader(fixture(name));
    const extension = { JPEG: 'jpg', PNG: 'png', WebP: 'webp', AVIF: 'avif', GIF: 'gif', BMP: 'bmp', HEIC: 'heic' }[header!.format];
    assert.ok(name.endsWith(extension), name);
    assert.deepEqual([header?.width, header?.height, header?.truncated], [16, 12, false], name);
    assert.equal(header?.animated, name.startsWith('animated'), name);
    assert.equal(header?.orientation, name.startsWith('turned') ? 6 : 1, name);
    assert.equal(header?.cmyk, name === 'cmyk.jpg', name);
  }
});

test('16 bits a channel are seen', () => {
  const png = encode({ width: 2, height: 1, data: new Uint16Array(6), channels: 3, depth: 16 });
  assert.equal(readImageHeader(png)?.bitsPerChannel, 16);
});

test('the focal length comes from EXIF, either byte order; absurd ones do not', () => {
  assert.equal(readImageHeader(jpegWithFocal(26, true))?.focal35mm, 26);
  assert.equal(readImageHeader(jpegWithFocal(26, false))?.focal35mm, 26);
  assert.equal(readImageHeader(jpegWithFocal(0, true))?.focal35mm, undefined);
});

test('a file that ends early is found out, whatever its kind', () => {
  for (const name of FIXTURES) {
    const bytes = fixture(name);
    if (bytes.length < 40) continue;
    // An animation whose first frame is whole is whole enough.
    const cut = name === 'animated.gif' ? 60 : Math.floor(bytes.length * 0.9);
    assert.equal(readImageHeader(bytes.subarray(0, cut))?.truncated, true, name);
    assert.throws(() => refuseHeader({ name, bytes: bytes.subarray(0, cut) }), { code: 'unreadable-image', message: new RegExp(`^${name} is cut off`) });
  }
});

test('what is no photo is named, with what to do', () => {
  const cases: [string, Uint8Array, string, RegExp][] = [
    ['empty.jpg', new Uint8Array(), 'empty-file', /empty\.jpg is empty \(0 bytes\)\. Copy/],
    ['notes.jpg', text('Dear diary,\n'), 'not-an-image', /notes\.jpg is a text file, not a photo.*JPEG, PNG/],
    ['drawing.svg', text('<?xml version="1.0"?>\n<svg xmlns=""/>'), 'not-an-image', /an SVG drawing/],
    ['scan.tif', text('II*\0........'), 'not-an-image', /a TIFF or raw camera file/],
    ['depth.npy', Uint8Array.from([0x93, ...text('NUMPY')]), 'not-an-image', /a depth map \(NPY\)/],
    ['huge.png', pngHeader(100_000, 100_000), 'image-too-large', /huge\.png says it has 100000 × 100000 pixels \(10000 megapixels\); at most 300/],
    ['bomb.png', pngHeader(17_000, 17_000), 'unreadable-image', /bomb\.png says it has 17000 × 17000 pixels, but its \d+ bytes cannot hold/],
    ['none.png', pngHeader(0, 5), 'unreadable-image', /none\.png is a damaged PNG file: it says it has 0 × 5 pixels/],
  ];
  for (const [name, bytes, code, message] of cases) assert.throws(() => refuseHeader({ name, bytes }), { name: 'UnflatError', code, message });
});

test('HEIC is known by its brand', () => {
  const heic = Uint8Array.from([0, 0, 0, 16, ...text('ftypheic'), 0, 0, 0, 0]);
  assert.equal(readImageHeader(heic)?.format, 'HEIC');
  assert.equal(nameOther(Uint8Array.from([0, 0, 0, 16, ...text('ftypisom'), 0, 0, 0, 0])), 'a video');
});

test('no bytes, however broken, make the reader throw or hang', () => {
  const broken = fc.tuple(fc.constantFrom(...FIXTURES), fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }), fc.nat(800));
  fc.assert(
    fc.property(broken, ([name, changes, length]) => {
      const bytes = fixture(name).slice(0, Math.max(16, length));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const header = readImageHeader(bytes);
      if (header) assert.ok(header.width >= 0 && header.height >= 0 && header.orientation >= 1 && header.orientation <= 8);
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void [readImageHeader(bytes), nameOther(bytes)]));
});

function pngHeader(width: number, height: number): Uint8Array {
  const bytes = encode({ width: 1, height: 1, data: new Uint8Array(3), channels: 3 }).slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

/** A JPEG with an EXIF directory, that leads to another, that holds one number. */
function jpegWithFocal(focal: number, little: boolean): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(44));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  const directory = (at: number, tag: number, type: number, value: number): void => {
    tiff.setUint16(at, 1, little);
    tiff.setUint16(at + 2, tag, little);
    tiff.setUint16(at + 4, type, little);
    tiff.setUint32(at + 6, 1, little);
    if (type === 3) tiff.setUint16(at + 10, value, little);
    else tiff.setUint32(at + 10, value, little);
  };
  directory(8, 0x8769, 4, 26);
  directory(26, 0xa405, 3, focal);
  const segment = [...text('Exif\0\0'), ...new Uint8Array(tiff.buffer)];
  const plain = fixture('progressive.jpg');
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, segment.length + 2, ...segment, ...plain.subarray(2)]);
}
