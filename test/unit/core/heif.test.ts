import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { heifItemBytes, readHeif, shownHeifItem, withHeifPrimary } from '../../../src/core/index.ts';
import { refuseHeader } from '../../../src/decode/decode-errors.ts';
import { readImageHeader } from '../../../src/decode/header/index.ts';
import {
  coded,
  colourPhoto,
  depthImage,
  displayP3,
  exifItem,
  gridFile,
  heifBytes,
  heifFile,
  property,
  type Parts,
} from '../../fixtures/heif-files.ts';

const DEPTH = 'urn:mpeg:hevc:2015:auxid:2';
const full: Parts = {
  items: [
    colourPhoto(property.turned(1), property.icc(displayP3())),
    { ...depthImage(DEPTH), hidden: true },
    exifItem(6, 26),
    coded('photo.heic', 160, 120),
    { type: 'mime', data: [...Buffer.from('<x:xmpmeta/>')] },
  ],
  references: [
    ['auxl', 2, 1],
    ['cdsc', 3, 1],
    ['cdsc', 5, 2],
  ],
  pair: [1, 4],
};

test('the boxes of a HEIC file say what its items are', () => {
  const bytes = heifFile(full);
  const heif = readHeif(bytes)!;
  assert.deepEqual([heif.primary, heif.items.size, heif.stereoPairs], [1, 5, [[1, 4]]]);
  const [photo, depth] = [heif.items.get(1)!, heif.items.get(2)!];
  assert.deepEqual([photo.type, photo.width, photo.height, photo.orientation, photo.colour?.kind], ['hvc1', 160, 120, 8, 'icc']);
  assert.deepEqual([depth.auxiliaryType, depth.width, depth.height, depth.orientation], [DEPTH, 96, 72, 1]);
  assert.deepEqual(heif.references, [
    { type: 'auxl', from: 2, to: [1] },
    { type: 'cdsc', from: 3, to: [1] },
    { type: 'cdsc', from: 5, to: [2] },
  ]);
  assert.equal(heif.items.get(5)?.contentType, 'application/rdf+xml');
  assert.equal(Buffer.from(heifItemBytes(bytes, heif, 5, 100)!).toString(), '<x:xmpmeta/>');
  assert.equal(heifItemBytes(bytes, heif, 5, 11), undefined, 'more than asked for');
  assert.equal(heifItemBytes(bytes, heif, 9, 100), undefined, 'not there');
});

test('a HEIC header is the primary image’s: size, bits, EXIF focal length, but not EXIF orientation', () => {
  const header = readImageHeader(heifFile(full))!;
  assert.deepEqual(
    { ...header },
    {
      format: 'HEIC',
      width: 160,
      height: 120,
      orientation: 1,
      animated: false,
      bitsPerChannel: 8,
      cmyk: false,
      truncated: false,
      focal35mm: 26,
    },
  );
  assert.equal(readImageHeader(heifBytes('deep.heic'))?.bitsPerChannel, 10);
  const small: Parts = { items: [coded('disparity.heic', 96, 72), colourPhoto()] };
  assert.deepEqual([readImageHeader(heifFile(small))?.width, readImageHeader(heifFile({ ...small, primary: 2 }))?.width], [96, 160]);
  assert.deepEqual(
    [readImageHeader(heifFile(gridFile()))?.width, readImageHeader(heifFile({ ...small, brand: 'hevc' }))?.animated],
    [160, true],
  );
});

test('a HEIC file that ends early is cut off; bytes behind its end do no harm', () => {
  const bytes = heifFile(full);
  assert.equal(readImageHeader(Uint8Array.from([...bytes, ...Buffer.from('MotionPhoto_Data and more')]))?.truncated, false);
  for (const length of [bytes.length - 1, bytes.length >> 1, 200, 60]) {
    assert.throws(() => refuseHeader({ name: 'half.heic', bytes: bytes.slice(0, length) }), {
      code: 'unreadable-image',
      message: /^half\.heic is cut off: the HEIC file ends before the picture does\. Copy or download it again\.$/,
    });
  }
});

test('a HEIC file that promises ten gigapixels is refused before it is decoded', () => {
  const bytes = heifFile({ items: [coded('photo.heic', 100_000, 100_000)] });
  assert.throws(() => refuseHeader({ name: 'huge.heic', bytes }), {
    code: 'image-too-large',
    message: /huge\.heic says it has 100000 × 100000 pixels/,
  });
});

test('rotation and mirroring add up to an EXIF orientation', () => {
  const { turned, mirrored } = property;
  const cases: [number[][], number][] = [
    [[], 1],
    [[mirrored(1)], 2],
    [[turned(2)], 3],
    [[mirrored(0)], 4],
    [[turned(3)], 6],
    [[turned(1)], 8],
    [[turned(1), mirrored(1)], 7],
    [[turned(3), mirrored(1)], 5],
    [[mirrored(1), turned(1)], 5],
    [[turned(1), turned(1)], 3],
    [[mirrored(0), mirrored(1)], 3],
  ];
  for (const [properties, orientation] of cases) {
    assert.equal(
      readHeif(heifFile({ items: [colourPhoto(...properties)] }))!.items.get(1)!.orientation,
      orientation,
      JSON.stringify(properties),
    );
  }
});

test('of a stereo pair the left eye is shown, whichever is the primary one', () => {
  for (const primary of [1, 4]) assert.equal(shownHeifItem(readHeif(heifFile({ ...full, primary }))!)?.id, 1);
  for (const primary of [1, 4]) assert.equal(shownHeifItem(readHeif(heifFile({ ...full, primary, pair: [4, 1] }))!)?.id, 4);
  assert.equal(shownHeifItem(readHeif(heifFile({ ...full, primary: 2 }))!)?.id, 2, 'not in the pair');
});

test('a copy opens with another of its images: neither hidden nor auxiliary, and without colour profile where its numbers count', () => {
  const bytes = heifFile({ ...full, items: full.items.with(1, depthImage(DEPTH, property.icc(displayP3()))) });
  const before = bytes.slice();
  const copy = withHeifPrimary(bytes, readHeif(bytes)!, 2, { rawValues: true })!;
  assert.deepEqual(bytes, before, 'the file itself is left as it was');
  const heif = readHeif(copy)!;
  assert.equal(heif.primary, 2);
  assert.deepEqual(
    heif.references.filter(({ type }) => type === 'auxl'),
    [],
  );
  assert.equal(copy[heif.places.hiddenBits.get(2)!], 0);
  assert.equal(heif.items.get(2)?.colour, undefined);
  assert.equal(heif.items.get(1)?.colour?.kind, 'icc', 'the photo keeps its own');
});

const broken = fc.tuple(
  fc.constantFrom(heifFile(full), heifFile(gridFile()), heifBytes('photo.avif')),
  fc.array(fc.tuple(fc.nat(900), fc.constantFrom(0, 1, 2, 16, 64, 127, 128, 254, 255)), { maxLength: 16 }),
  fc.nat(900),
);

test('no boxes, however broken, make the reader throw', () => {
  fc.assert(
    fc.property(broken, ([whole, changes, cut]) => {
      const bytes = whole.slice(0, cut < 300 ? whole.length : cut);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      readImageHeader(bytes);
      const heif = readHeif(bytes);
      if (!heif) return;
      for (const id of heif.items.keys()) {
        const content = heifItemBytes(bytes, heif, id, 1000);
        assert.ok(content === undefined || content.length <= 1000);
        assert.ok((withHeifPrimary(bytes, heif, id)?.length ?? bytes.length) === bytes.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test('lists that lie about their length, and millions of small boxes, are read in a moment', () => {
  const box = (type: string, body: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, 0]), Buffer.from(type), body]);
  const sized = (type: string, body: Buffer): Buffer => {
    const whole = box(type, body);
    whole.writeUInt32BE(whole.length);
    return whole;
  };
  const zero = Buffer.alloc(4);
  const small = (type: string, count: number): Buffer => Buffer.alloc(8 * count, sized(type, Buffer.alloc(0)));
  const ones = Buffer.alloc(4_000_000, 0xff);
  const metas = [
    Buffer.concat([sized('pitm', Buffer.alloc(6)), small('free', 500_000)]),
    Buffer.concat([
      sized('pitm', Buffer.alloc(6)),
      sized('iprp', Buffer.concat([sized('ipco', small('colr', 500_000)), sized('ipma', Buffer.concat([zero, ones]))])),
    ]),
    Buffer.concat([
      sized('pitm', Buffer.alloc(6)),
      sized('iloc', Buffer.concat([zero, Buffer.from([0, 0]), ones])),
      sized('iref', Buffer.concat([zero, small('auxl', 400_000)])),
    ]),
    Buffer.concat([sized('pitm', Buffer.alloc(6)), sized('iinf', Buffer.concat([zero, ones])), sized('grpl', small('ster', 400_000))]),
  ];
  for (const [i, meta] of metas.entries()) {
    const bytes = new Uint8Array(
      Buffer.concat([sized('ftyp', Buffer.from('heic\0\0\0\0heic')), sized('meta', Buffer.concat([zero, meta]))]),
    );
    const start = process.cpuUsage();
    readImageHeader(bytes);
    assert.ok(process.cpuUsage(start).user < 1e6, `the ${i}th took ${process.cpuUsage(start).user / 1000} ms`);
  }
});
