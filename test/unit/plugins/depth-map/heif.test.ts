import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../../plugins/depth-map/index.ts';
import type { Raster } from '../../../../src/core/index.ts';
import {
  colourPhoto,
  depthImage,
  displayP3,
  gridFile,
  heifFile,
  property,
  trueDepth,
  type Item,
  type Parts,
} from '../../../fixtures/heif-files.ts';
import { photoOf, testContext, type TestContext } from '../../../fixtures/plugin-context.ts';
import { DEFAULTS } from '../../../fixtures/run-depth-map.ts';
import { correlation, decodeHeic, turned } from '../../../helpers/heic.ts';

const HEVC_DEPTH = 'urn:mpeg:hevc:2015:auxid:2';
const truth = trueDepth();
const asRaster = (values: Float32Array): Raster => ({
  ...truth,
  rgba: Uint8ClampedArray.from({ length: values.length * 4 }, (_, i) => 255 * values[i >> 2]!),
});

function hostFor(parts: Parts): { context: TestContext; input: Parameters<typeof depthMap.estimate>[0] } {
  const bytes = heifFile(parts);
  const context: TestContext = { ...testContext(), decodeImage: async (file) => decodeHeic(file) };
  const name = 'phone.heic';
  return { context, input: { photo: photoOf(decodeHeic({ name, bytes }), name), file: { name, bytes }, options: DEFAULTS } };
}

/** The photo, and auxiliary images of it. */
function withImages(photo: Item, ...images: Item[]): Parts {
  return { items: [photo, ...images], references: images.map((_, i) => ['auxl', i + 2, 1]) };
}

async function read(parts: Parts): Promise<{ depth: { width: number; height: number; disparity: Float32Array }; context: TestContext }> {
  const { context, input } = hostFor(parts);
  assert.equal(await depthMap.detect?.(input, context), true, 'detect must see the depth');
  return { ...(await depthMap.estimate(input, context)), context };
}

test('the depth image of a HEIC photo becomes its depth, whatever it is called', async (t) => {
  for (const type of [HEVC_DEPTH, 'urn:mpeg:mpegB:cicp:systems:auxiliary:depth', 'urn:com:apple:photo:2018:aux:disparity']) {
    const { depth, context } = await read(withImages(colourPhoto(), depthImage(type)));
    const likeness = correlation(depth.disparity, truth.disparity);
    t.diagnostic(`${type}: ${likeness.toFixed(4)}`);
    assert.ok(likeness > 0.995, `${type}: ${likeness}`);
    assert.deepEqual(context.warnings, []);
  }
  const grid = gridFile();
  const { depth } = await read({
    items: [...grid.items, depthImage(HEVC_DEPTH, property.icc(displayP3()))],
    references: [...grid.references!, ['auxl', 6, 1]],
  });
  assert.ok(correlation(depth.disparity, truth.disparity) > 0.995, 'of a photo in tiles');
});

test('gain maps, mattes and alpha are never taken for depth, and the depth beside them is', async () => {
  const others = [
    'urn:com:apple:photo:2020:aux:hdrgainmap',
    'urn:com:apple:photo:2018:aux:portraiteffectsmatte',
    'urn:com:apple:photo:2019:aux:semantichairmatte',
    'urn:mpeg:hevc:2015:auxid:1',
    'urn:com:apple:photo:2023:aux:styledeltamap',
    'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha',
  ];
  for (const type of others) {
    const { context, input } = hostFor(withImages(colourPhoto(), depthImage(type)));
    assert.equal(await depthMap.detect?.(input, context), false, type);
    await assert.rejects(async () => depthMap.estimate(input, context), { code: 'no-depth' });
  }
  const images = others.map((type) => ({ ...depthImage(type), ...colourPhoto(property.auxiliary(type)) }));
  const { depth, context } = await read(withImages(colourPhoto(), ...images, depthImage(HEVC_DEPTH)));
  assert.ok(correlation(depth.disparity, truth.disparity) > 0.995, 'the depth');
  assert.deepEqual(
    [...new Set(context.notes)],
    [
      'phone.heic holds a gain map for HDR screens; that is not depth, so it was not used.',
      'phone.heic holds a cut-out mask (matte); that is not depth, so it was not used.',
      'The depth inside phone.heic was used.',
    ],
  );
});

test('depth is turned once: by its own rotation, else like the photo', async () => {
  const upright = turned(asRaster(truth.disparity));
  const expected = Float32Array.from({ length: upright.width * upright.height }, (_, i) => upright.rgba[4 * i]! / 255);
  for (const own of [[property.turned(1)], []]) {
    const { depth } = await read(withImages(colourPhoto(property.turned(1)), depthImage(HEVC_DEPTH, ...own)));
    assert.deepEqual([depth.width, depth.height], [72, 96]);
    assert.ok(correlation(depth.disparity, expected) > 0.995, 'upright');
  }
});

test('depth that says it is distance is read as distance: by XMP with its range, by the codec’s message without', async () => {
  const xmp = (type: string, near: number, far: number): Item => ({
    type: 'mime',
    data: [
      ...Buffer.from(
        `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/"><apdi:AuxiliaryImageType>${type}</apdi:AuxiliaryImageType><apdi:FloatMinValue>${near}</apdi:FloatMinValue><apdi:FloatMaxValue>${far}</apdi:FloatMaxValue></rdf:Description></rdf:RDF></x:xmpmeta>`,
      ),
    ],
  });
  const said = (type: string): Parts => ({
    items: [colourPhoto(), depthImage(HEVC_DEPTH), xmp(type, 0.5, 4)],
    references: [
      ['auxl', 2, 1],
      ['cdsc', 3, 2],
    ],
  });
  const distance = await read(said('depth'));
  assert.ok(
    correlation(
      distance.depth.disparity,
      truth.disparity.map((value) => 1 / (0.5 + 3.5 * value)),
    ) > 0.98,
    'metres',
  );
  const disparity = await read(said('disparity'));
  assert.ok(correlation(disparity.depth.disparity, truth.disparity) > 0.995, 'disparity');
  // As iPhones write it (disparity), and the same with the kind "distance".
  for (const [first, sign] of [
    [0x35, 1],
    [0x37, -1],
    [0x38, 1],
  ] as const) {
    const data = [0, 0, 0, 12, 0x4e, 1, 177, 9, first, 0x1e, 0x78, 0xc8, 1, 3, 0xc8, 0x8b];
    const image = { ...depthImage(HEVC_DEPTH) };
    image.properties = [...image.properties!.slice(0, 2), property.auxiliary(HEVC_DEPTH, data)];
    const { depth } = await read(withImages(colourPhoto(), image));
    assert.ok(sign * correlation(depth.disparity, truth.disparity) > 0.99, first.toString(16));
  }
});

test('of a stereo pair the depth of the left eye is taken', async () => {
  const wrong = { ...depthImage(HEVC_DEPTH), data: [1, 2, 3] };
  const parts: Parts = {
    items: [colourPhoto(), colourPhoto(), wrong, depthImage(HEVC_DEPTH)],
    primary: 1,
    pair: [2, 1],
    references: [
      ['auxl', 3, 1],
      ['auxl', 4, 2],
    ],
  };
  const { depth } = await read(parts);
  assert.ok(correlation(depth.disparity, truth.disparity) > 0.995, 'the depth');
});

test('a damaged depth image is told by name', async () => {
  const { context, input } = hostFor(withImages(colourPhoto(), { ...depthImage(HEVC_DEPTH), data: [0, 0, 0, 2, 9, 9] }));
  assert.equal(await depthMap.detect?.(input, context), true);
  await assert.rejects(async () => depthMap.estimate(input, context), {
    code: 'bad-depth',
    message:
      /^The depth inside phone\.heic: it cannot be decoded: it is damaged or of an unknown kind\. Editors and messengers often drop it/,
  });
  const large = hostFor(
    withImages(colourPhoto(), { ...depthImage(HEVC_DEPTH), properties: [property.auxiliary(HEVC_DEPTH), property.size(60_000, 60_000)] }),
  );
  await assert.rejects(async () => depthMap.estimate(large.input, large.context), {
    code: 'bad-depth',
    message: /claims 60000 × 60000 samples/,
  });
});
