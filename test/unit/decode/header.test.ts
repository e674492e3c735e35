import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { fileKind, buildPngChunk } from '../../../src/core/index.ts';
import { refuseHeader, unreadable } from '../../../src/decode/decode-errors.ts';
import { readImageHeader } from '../../../src/decode/header/index.ts';
import { plainFile } from '../../../src/decode/plain-file.ts';
import { coded, heifFile, property } from '../../fixtures/heif-files.ts';
import { sizeWarning } from '../../../src/decode/size-warning.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/pictures/${name}`, import.meta.url)));
const FIXTURES = [
  'animated.gif',
  'animated.png',
  'animated.webp',
  'cmyk.jpg',
  'plain.avif',
  'plain.bmp',
  'progressive.jpg',
  'transparent.gif',
  'transparent.webp',
  'turned.jpg',
  'turned.png',
  'turned.webp',
];
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
    assert.throws(() => refuseHeader({ name, bytes: bytes.subarray(0, cut) }), {
      code: 'unreadable-image',
      message: new RegExp(`^${name} is cut off`),
    });
  }
});

test('bytes behind a picture’s end do not make it cut off', () => {
  for (const name of FIXTURES.filter((each) => !each.endsWith('.webp'))) {
    const header = readImageHeader(Uint8Array.from([...fixture(name), ...new Uint8Array(3000).fill(7)]));
    assert.deepEqual([header?.width, header?.height, header?.truncated], [16, 12, false], name);
  }
});

test('of a PNG’s own orientation and of HDR colours nothing is left to the browser', () => {
  const turned = { name: 'turned.png', bytes: fixture('turned.png') };
  const upright = plainFile(turned, readImageHeader(turned.bytes)!);
  assert.equal(upright.orientation, 6);
  const again = readImageHeader(upright.bytes)!;
  assert.deepEqual([again.width, again.height, again.orientation, again.truncated], [16, 12, 1, false]);

  const grey = encode({ width: 2, height: 1, data: new Uint8Array(6).fill(150), channels: 3 });
  const hdr = {
    name: 'pq.png',
    bytes: Uint8Array.from([...grey.subarray(0, 33), ...buildPngChunk('cICP', Uint8Array.of(9, 16, 0, 1)), ...grey.subarray(33)]),
  };
  const plain = plainFile(hdr, readImageHeader(hdr.bytes)!);
  assert.equal(plain.colours?.hdr, 'PQ');
  assert.deepEqual([...plain.bytes], [...grey]);

  const avif = { name: 'hlg.avif', bytes: heifFile({ brand: 'avif', items: [coded('photo.avif', 160, 120, property.nclx(9, 18))] }) };
  const { bytes, colours } = plainFile(avif, readImageHeader(avif.bytes)!);
  assert.equal(colours?.hdr, 'HLG');
  assert.deepEqual(readImageHeader(bytes)?.cicp, { primaries: 1, transfer: 13 });
  assert.equal(bytes.filter((value, i) => value !== avif.bytes[i]).length, 2, 'nothing else is changed');

  const wide = {
    name: 'p3.png',
    bytes: Uint8Array.from([...grey.subarray(0, 33), ...buildPngChunk('cICP', Uint8Array.of(12, 13, 0, 1)), ...grey.subarray(33)]),
  };
  assert.deepEqual(plainFile(wide, readImageHeader(wide.bytes)!), { bytes: wide.bytes, orientation: 1 }, 'Display P3 is the browser’s');
});

test('a picture too wide for a browser is called that', () => {
  const bytes = pngHeader(100_000, 2);
  const { code, message } = unreadable({ name: 'wide.png', bytes }, readImageHeader(bytes)!, new Error('no'));
  assert.equal(code, 'image-too-large');
  assert.equal(message, 'wide.png is 100000 pixels wide, more than this browser can decode. Save a smaller copy and open that.');
});

test('what is no photo is named, with what to do', () => {
  const cases: [string, Uint8Array, string, RegExp][] = [
    ['empty.jpg', new Uint8Array(), 'empty-file', /empty\.jpg is empty \(0 bytes\)\. Copy/],
    ['notes.jpg', text('Dear diary,\n'), 'not-an-image', /notes\.jpg is a text file, not a photo.*Choose the photo itself \(JPEG, PNG/],
    ['drawing.svg', text('<?xml version="1.0"?>\n<svg xmlns=""/>'), 'not-an-image', /an SVG drawing/],
    [
      'scan.tif',
      text('II*\0........'),
      'not-an-image',
      /scan\.tif is a TIFF file, not a photo that can be read here\. Save it as JPEG or PNG/,
    ],
    ['depth.npy', Uint8Array.from([0x93, ...text('NUMPY')]), 'not-an-image', /a NumPy array \(NPY\).*open it together with its photo/],
    [
      'huge.png',
      pngHeader(100_000, 100_000),
      'image-too-large',
      /huge\.png says it has 100000 × 100000 pixels \(10000 megapixels\); at most 300/,
    ],
    [
      'bomb.png',
      pngHeader(17_000, 17_000),
      'unreadable-image',
      /bomb\.png says it has 17000 × 17000 pixels, but its \d+ bytes cannot hold/,
    ],
    ['none.png', pngHeader(0, 5), 'unreadable-image', /none\.png is a damaged PNG file: it says it has 0 × 5 pixels/],
  ];
  for (const [name, bytes, code, message] of cases)
    assert.throws(() => refuseHeader({ name, bytes }), { name: 'UnflatError', code, message });
});

test('HEIC is known by its brand', () => {
  const heic = Uint8Array.from([0, 0, 0, 16, ...text('ftypheic'), 0, 0, 0, 0]);
  assert.equal(readImageHeader(heic)?.format, 'HEIC');
  assert.equal(fileKind(Uint8Array.from([0, 0, 0, 16, ...text('ftypisom'), 0, 0, 0, 0])).name, 'a video');
});

test('no bytes, however broken, make the reader throw or hang', () => {
  const broken = fc.tuple(
    fc.constantFrom(...FIXTURES),
    fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
    fc.nat(800),
  );
  fc.assert(
    fc.property(broken, ([name, changes, length]) => {
      const bytes = fixture(name).slice(0, Math.max(16, length));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const header = readImageHeader(bytes);
      if (header) assert.ok(header.width >= 0 && header.height >= 0 && header.orientation >= 1 && header.orientation <= 8);
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void [readImageHeader(bytes), fileKind(bytes)]));
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

test('photos that are too small or too narrow to be seen moving are told, all others are not', () => {
  const warning = (width: number, height: number, longer = 960): string | undefined => {
    const scale = Math.min(1, longer / Math.max(width, height));
    return sizeWarning(
      'a.png',
      { width, height },
      { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) },
    );
  };
  assert.equal(warning(1, 1), 'a.png is 1 × 1 pixels: it is too small for movement to be visible. Use a larger version, if there is one.');
  assert.equal(
    warning(6000, 8),
    'a.png is 6000 × 8 pixels, 960 × 1 at the working size: it is too narrow for movement to be visible. Crop it to a less narrow part.',
  );
  assert.match(warning(9, 900) ?? '', /9 × 900 pixels: it is too narrow/);
  for (const [width, height] of [
    [16, 16],
    [640, 16],
    [12_000, 1200],
    [48, 32],
    [4000, 3000],
  ] as const)
    assert.equal(warning(width, height), undefined, `${width} × ${height}`);
});
