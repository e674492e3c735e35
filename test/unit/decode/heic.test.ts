import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import libheif from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import { root } from '../../../src/cli/prepare.mjs';
import { UnflatError, readHeif, withHeifPrimary, type Raster } from '../../../src/core/index.ts';
import { coloursOf } from '../../../src/decode/heic/colours-of.ts';
import { LibHeifDecoder } from '../../../src/decode/heic/lib-heif-decoder.ts';
import {
  colourPhoto,
  depthImage,
  displayP3,
  gridFile,
  heifBytes,
  heifFile,
  property,
  trueDepth,
  truePhoto,
} from '../../fixtures/heif-files.ts';
import { decodeHeic, mirrored, psnr, turned } from '../../helpers/heic.ts';

const decoder = new LibHeifDecoder(libheif);
const decode = (bytes: Uint8Array): Raster => decodeHeic({ name: 'a.heic', bytes });
const truth = truePhoto();

test('a HEIC photo looks like its source: plain, in tiles, with 10 bits', (context) => {
  for (const [what, bytes, least] of [
    ['plain', heifBytes('photo.heic'), 38],
    ['tiles', heifFile(gridFile()), 38],
    ['10 bits', heifBytes('deep.heic'), 34],
  ] as const) {
    const likeness = psnr(decode(bytes), truth);
    context.diagnostic(`${what}: ${likeness.toFixed(1)} dB`);
    assert.ok(likeness > least, `${what}: ${likeness} dB`);
  }
});

test('rotation and mirroring of a HEIC photo are applied once, in order', () => {
  const two = turned(turned(truth));
  const cases: [number[][], Raster][] = [
    [[property.turned(1)], turned(truth)],
    [[property.turned(2)], two],
    [[property.turned(3)], turned(two)],
    [[property.mirrored(1)], mirrored(truth)],
    [[property.mirrored(0)], mirrored(two)],
    [[property.turned(1), property.mirrored(1)], mirrored(turned(truth))],
    [[property.mirrored(1), property.turned(1)], turned(mirrored(truth))],
  ];
  for (const [properties, expected] of cases) {
    for (const parts of [{ items: [colourPhoto(...properties)] }, gridFile(...properties)])
      assert.ok(psnr(decode(heifFile(parts)), expected) > 38, JSON.stringify(properties));
  }
});

test('an auxiliary image is decoded from a copy that opens with it', () => {
  const bytes = heifFile({
    items: [colourPhoto(property.icc(displayP3())), depthImage('urn:mpeg:hevc:2015:auxid:2')],
    references: [['auxl', 2, 1]],
  });
  const { width, height, rgba } = decode(withHeifPrimary(bytes, readHeif(bytes)!, 2)!);
  const map = trueDepth();
  assert.deepEqual([width, height], [map.width, map.height]);
  const error = map.disparity.reduce((sum, value, i) => sum + Math.abs(value - rgba[4 * i]! / 255), 0) / map.disparity.length;
  assert.ok(error < 0.01, `mean error ${error}`);
});

test('parts of a photo can be read, and more than the limit is refused', () => {
  const file = { name: 'a.heic', bytes: heifBytes('photo.heic') };
  const pixels = decoder.decode(file, 160 * 120);
  const whole = pixels.read({ x: 0, y: 0, width: 160, height: 120 });
  const part = pixels.read({ x: 30, y: 100, width: 7, height: 5 });
  for (let y = 0; y < 5; y++)
    assert.deepEqual(part.subarray(28 * y, 28 * (y + 1)), whole.subarray(4 * ((100 + y) * 160 + 30), 4 * ((100 + y) * 160 + 37)));
  pixels.close();
  assert.throws(() => decoder.decode(file, 160 * 120 - 1), { code: 'image-too-large' });
});

test('damaged HEIC files are refused by name and reason, and the next one is decoded', () => {
  const whole = heifFile(gridFile());
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decode(bytes);
      } catch (error) {
        assert.ok(error instanceof UnflatError && ['unreadable-image', 'image-too-large'].includes(error.code), String(error));
        assert.match(error.message, /^a\.heic /);
      }
    }),
    { numRuns: 150 },
  );
  assert.throws(() => decode(heifFile({ items: [{ ...colourPhoto(), type: 'jpeg' }] })), {
    code: 'unreadable-image',
    message:
      /^a\.heic could not be decoded: the HEIC file is damaged or of a kind that is not known here \(.+\)\. Open it in a photo program and save it as JPEG\.$/,
  });
  assert.ok(psnr(decode(whole), truth) > 38);
});

test('colours of wider spaces become sRGB, by profile and by number; sRGB stays as it is', () => {
  const convert = (colour: Parameters<typeof coloursOf>[0], ...rgb: number[]): number[] | undefined => {
    const colours = coloursOf(colour);
    if (!colours) return undefined;
    const rgba = Uint8ClampedArray.from([...rgb, 255]);
    colours.convert(rgba);
    return [...rgba];
  };
  const near = (actual: number[] | undefined, expected: number[], tolerance = 1): void => {
    assert.ok(
      actual?.every((value, i) => Math.abs(value - [...expected, 255][i]!) <= tolerance),
      `${actual} for ${expected}`,
    );
  };
  const p3 = { kind: 'icc', profile: displayP3() } as const;
  for (const colour of [p3, { kind: 'nclx', primaries: 12, transfer: 13 } as const]) {
    near(convert(colour, 200, 100, 100), [214, 93, 97], 1);
    near(convert(colour, 128, 128, 128), [128, 128, 128]);
    near(convert(colour, 255, 255, 255), [255, 255, 255]);
    near(convert(colour, 0, 0, 0), [0, 0, 0]);
  }
  // Worked out by hand from the primaries of BT.2020, with the curve of sRGB.
  near(convert({ kind: 'nclx', primaries: 9, transfer: 13 }, 128, 160, 100), [105, 164, 90], 1);
  assert.equal(convert({ kind: 'nclx', primaries: 1, transfer: 13 }, 1, 2, 3), undefined);
  assert.equal(convert({ kind: 'nclx', primaries: 2, transfer: 2 }, 1, 2, 3), undefined);
  assert.equal(convert({ kind: 'icc', profile: displayP3().slice(0, 200) }, 1, 2, 3), undefined, 'a damaged profile');
  // 58 % PQ is white (203 cd/m²), 75 % HLG too: near white, with room for what is brighter.
  for (const [transfer, white] of [
    [16, 148],
    [18, 191],
  ] as const) {
    const [level = 0] = convert({ kind: 'nclx', primaries: 9, transfer }, white, white, white) ?? [];
    assert.ok(level > 225 && level < 250, `white is ${level}`);
    assert.ok((convert({ kind: 'nclx', primaries: 9, transfer }, 255, 255, 255)?.[0] ?? 0) > level);
  }
});

test('no profile, however broken, makes the reader throw', () => {
  const whole = displayP3();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 10 }),
      fc.nat(whole.length),
      (changes, length) => {
        const profile = whole.slice(0, length);
        for (const [at, value] of changes) if (at < length) profile[at] = value;
        const rgba = new Uint8ClampedArray([10, 20, 30, 255]);
        coloursOf({ kind: 'icc', profile })?.convert(rgba);
        assert.equal(rgba[3], 255);
      },
    ),
    { numRuns: 300 },
  );
});

test('the notice beside the decoder names the versions that are in it', () => {
  const notice = readFileSync(`${root}/src/decode/heic/README.txt`, 'utf8');
  const manifest = JSON.parse(readFileSync(`${root}/node_modules/libheif-js/package.json`, 'utf8')) as { version: string };
  const heif = libheif() as ReturnType<typeof libheif> & { heif_get_version(): string; _de265_get_version(): number };
  const start = heif._de265_get_version();
  const de265 = Buffer.from(heif.HEAPU8.subarray(start, heif.HEAPU8.indexOf(0, start))).toString();
  for (const name of [`libheif ${heif.heif_get_version()}`, `libde265 ${de265}`, `libheif-js ${manifest.version}`])
    assert.ok(notice.includes(name), name);
});
