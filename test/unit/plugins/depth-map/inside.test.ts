/** What lies in a JPEG beside the photo: read as depth only where the file says so, or everything speaks for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../../plugins/depth-map/index.ts';
import { boxBlur } from '../../../../plugins/depth-map/correlation.ts';
import { shrinkTo, type Grid } from '../../../../plugins/depth-map/shrink-to.ts';
import type { Raster } from '../../../../src/core/index.ts';
import {
  appendedPhoto,
  appleMarks,
  concat,
  containerPhoto,
  jpegFile,
  mainXmp,
  segment,
  withSegments,
  xmp,
  type TestMap,
} from '../../../fixtures/depth-files.ts';
import { brightness, greyPicture, noDepthPictures, sampleScene } from '../../../fixtures/no-depth-pictures.ts';
import { photoOf, testContext, type TestContext } from '../../../fixtures/plugin-context.ts';
import { assertDepth, DEFAULTS, run } from '../../../fixtures/run-depth-map.ts';

const SCENES = ['columns', 'room', 'toys'] as const;
const room = sampleScene('room');
const roomFile = jpegFile(room.photo);
const levelsOf = ({ width, height, disparity }: TestMap): Grid => ({ width, height, values: disparity.map((d) => 255 * d) });
const jpegOf = (grid: Grid, quality = 90): Uint8Array => jpegFile(greyPicture(grid), quality);
/** The true depth: whatever says that it is something else has to be believed. */
const depthFile = jpegOf(levelsOf(room.depth));

async function assertNone(photo: Uint8Array, raster: Raster, about: string): Promise<TestContext> {
  const input = { photo: photoOf(raster), file: { name: 'photo.jpg', bytes: photo }, options: DEFAULTS };
  const context = testContext();
  assert.equal(await depthMap.detect?.(input, context), false, about);
  await assert.rejects(depthMap.estimate(input, context), { code: 'no-depth', message: /photo\.jpg holds no depth/ }, about);
  return context;
}

test('gain maps, previews, copies, second eyes and masks that nothing names are no depth, and it is said why', async () => {
  for (const name of SCENES) {
    const scene = sampleScene(name);
    const file = jpegFile(scene.photo);
    for (const [kind, picture] of Object.entries(noDepthPictures(scene))) {
      // jpeg-js writes three components; full-size pictures of that kind are passed over, and a smaller one is looked at.
      const { notes } = await assertNone(
        appendedPhoto(file, [jpegOf(shrinkTo(picture, 240), 85)], { mpf: true }),
        scene.photo,
        `${kind} of ${name}`,
      );
      assert.equal(new Set(notes).size, 1);
      assert.match(
        notes[0]!,
        /^photo\.jpg holds another image that the file says nothing about; it was not used as depth, because .+\. If it is depth, add it as a separate file\.$/,
      );
    }
  }
});

test('a further grey picture that is the photo’s depth by all its looks is read, sharp, soft or in few levels, and that is said', async () => {
  for (const name of SCENES) {
    const scene = sampleScene(name);
    const file = jpegFile(scene.photo);
    const map = shrinkTo(levelsOf(scene.depth), 240);
    const expected: TestMap = { width: map.width, height: map.height, disparity: map.values };
    for (const [kind, picture] of Object.entries({
      sharp: map,
      soft: boxBlur(map, 1),
      'few levels': { ...map, values: map.values.map((value) => Math.round(value / 16) * 16) },
    })) {
      const done = await run({ photo: appendedPhoto(file, [jpegOf(picture)]), raster: scene.photo });
      assertDepth(done, expected, 0.04);
      assert.match(
        done.context.notes.join('\n'),
        /photo\.jpg holds another image that the file says nothing about; it was used as depth, because .* If that is wrong, choose a depth model\./,
        `${kind} of ${name}`,
      );
    }
  }
});

test('pictures that the file names as something else are not looked at, whatever they look like', async () => {
  const hdrgm = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const iso = segment(0xe2, 'urn:iso:std:iso:ts:21496:-1\0', [0, 0, 0, 0]);
  const marked = (...marks: Uint8Array[]): Uint8Array => withSegments(depthFile, ...marks);
  const hdrgmXmp = mainXmp(xmp(` ${hdrgm}/>`, ''));
  const gain = /^photo\.jpg holds a gain map for HDR screens; that is not depth, so it was not used\.$/;
  const view = /^photo\.jpg holds a second view of the scene, as stereo photos do; the first view was opened/;
  const preview = /^photo\.jpg holds a preview of itself/;
  const other = /^photo\.jpg holds another image that is not depth by what the file says/;
  const typed = (type: number): Uint8Array => appendedPhoto(roomFile, [depthFile], { mpf: true, types: [type] });
  const cases: [string, Uint8Array, RegExp][] = [
    ['large preview', typed(0x010001), preview],
    ['full HD preview', typed(0x010002), preview],
    ['dependent child preview', typed(0x40010002), preview],
    ['panorama', typed(0x020001), view],
    ['stereo pair', typed(0x020002), view],
    ['several angles', typed(0x020003), view],
    ['original', typed(0x040000), /holds its original from before editing/],
    ['gain map by MPF', typed(0x050000), gain],
    ['container', containerPhoto(roomFile, [{ semantic: 'GainMap', file: depthFile }]), gain],
    ['container, the other spelling', containerPhoto(roomFile, [{ semantic: 'GainMap', file: depthFile }], '', 'dd'), gain],
    ['container with a wrong length', containerPhoto(roomFile, [{ semantic: 'GainMap', file: depthFile, claimedLength: 17 }]), gain],
    [
      'container with an item before',
      containerPhoto(roomFile, [
        { semantic: 'Confidence', file: jpegOf(levelsOf(room.depth), 70) },
        { semantic: 'GainMap', file: depthFile },
      ]),
      gain,
    ],
    ['container, unknown word', containerPhoto(roomFile, [{ semantic: 'Confidence', file: depthFile }]), other],
    ['hdrgm in the photo', appendedPhoto(withSegments(roomFile, hdrgmXmp), [depthFile]), gain],
    ['hdrgm in the picture', appendedPhoto(roomFile, [marked(hdrgmXmp)]), gain],
    ['ISO 21496-1 in the photo', appendedPhoto(withSegments(roomFile, iso), [depthFile]), gain],
    ['ISO 21496-1 in the picture', appendedPhoto(roomFile, [marked(iso)]), gain],
    ['Apple gain map', appendedPhoto(roomFile, [marked(appleMarks('urn:com:apple:photo:2020:aux:hdrgainmap'))]), gain],
    [
      'Apple matte',
      appendedPhoto(roomFile, [marked(appleMarks('urn:com:apple:photo:2019:aux:semanticskinmatte'))]),
      /holds a cut-out mask \(matte\)/,
    ],
    ['Apple, something new', appendedPhoto(roomFile, [marked(appleMarks('urn:com:apple:photo:2031:aux:thing'))]), other],
  ];
  for (const [about, photo, note] of cases) {
    const { notes } = await assertNone(photo, room.photo, about);
    assert.ok(
      notes.some((each) => note.test(each)),
      `${about}: ${notes.join(' ')}`,
    );
  }
});

test('Apple’s disparity is read whatever it looks like, after a gain map and a matte too; distances are farther where they are light', async () => {
  const grey = brightness(room.photo);
  const looks = withSegments(jpegOf(grey, 98), appleMarks('disparity'));
  const others = [
    withSegments(depthFile, appleMarks('urn:com:apple:photo:2020:aux:hdrgainmap')),
    withSegments(depthFile, appleMarks('urn:com:apple:photo:2018:aux:portraiteffectsmatte')),
  ];
  for (const mpf of [true, false]) {
    const done = await run({ photo: appendedPhoto(roomFile, [...others, looks], { mpf }), raster: room.photo });
    assertDepth(done, { width: grey.width, height: grey.height, disparity: grey.values }, 0.02);
    assert.deepEqual(
      [...new Set(done.context.notes)].map((note) => /gain map|matte|The depth inside photo\.jpg/.exec(note)?.[0]),
      ['gain map', 'matte', 'The depth inside photo.jpg'],
    );
  }
  const [near, far] = [0.5, 8];
  const { disparity } = room.depth;
  const distance: Grid = {
    ...levelsOf(room.depth),
    values: disparity.map((d) => (255 * (1 / (d * (1 / near - 1 / far) + 1 / far) - near)) / (far - near)),
  };
  const range = `<apdi:FloatMinValue>${near}</apdi:FloatMinValue><apdi:FloatMaxValue>${far}</apdi:FloatMaxValue>`;
  assertDepth(
    await run({ photo: appendedPhoto(roomFile, [withSegments(jpegOf(distance, 98), appleMarks('depth', range))]), raster: room.photo }),
    room.depth,
    0.03,
  );
});

test('a picture that calls itself depth and cannot be read is an error, not a photo without depth', async () => {
  const damaged = withSegments(depthFile, appleMarks('disparity')).slice();
  // Its Huffman tables turn into comments.
  damaged.forEach((byte, i) => {
    if (byte === 0xff && damaged[i + 1] === 0xc4) damaged[i + 1] = 0xfe;
  });
  const input = { photo: photoOf(room.photo), file: { name: 'photo.jpg', bytes: appendedPhoto(roomFile, [damaged]) }, options: DEFAULTS };
  await assert.rejects(depthMap.estimate(input, testContext()), {
    code: 'bad-depth',
    message: /The depth inside photo\.jpg \(an appended picture\): it cannot be read.*use the original file/,
  });
});

test('bytes that are no picture, and pictures in colour or of another shape, are passed over', async () => {
  const square = shrinkTo(levelsOf(room.depth), 240);
  const cut: Grid = {
    width: square.height,
    height: square.height,
    values: new Float32Array(square.height ** 2).map(
      (_, i) => square.values[Math.floor(i / square.height) * square.width + (i % square.height)]!,
    ),
  };
  await assertNone(concat(roomFile, new Uint8Array(300).fill(0xff), [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1]), room.photo, 'rubbish');
  assert.match(
    (await assertNone(appendedPhoto(roomFile, [jpegOf(cut)]), room.photo, 'shape')).notes.join(),
    /because it has another shape than the photo/,
  );
  assert.match(
    (await assertNone(appendedPhoto(roomFile, [roomFile]), room.photo, 'copy')).notes.join(),
    /because it is as large as the photo and in colour/,
  );
});

test('a map that is the photo in black and white, or its negative, is read with a warning; the true map has none', async () => {
  for (const name of SCENES) {
    const scene = sampleScene(name);
    const light = brightness(scene.photo);
    const warningsOf = async (picture: Grid): Promise<string> =>
      (
        await run({
          raster: scene.photo,
          photo: new Uint8Array(),
          map: { name: 'photo_depth.png', bytes: jpegOf(picture) },
          model: scene.depth,
        })
      ).context.warnings.join();
    for (const picture of [light, shrinkTo(light, 240), { ...light, values: light.values.map((value) => 255 - value) }]) {
      assert.match(await warningsOf(picture), /photo_depth\.png looks like photo\.jpg in black and white, not like its depth/, name);
    }
    for (const picture of [levelsOf(scene.depth), boxBlur(levelsOf(scene.depth), 4)])
      assert.doesNotMatch(await warningsOf(picture), /black and white/, name);
  }
});
