import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairFiles, photoStemOfMap } from '../../../../src/core/index.ts';

test('the usual names of depth maps are understood', () => {
  for (const name of [
    'beach_depth.png',
    'Beach_Depth.PNG',
    'beach-depth.jpg',
    'beach.depth.png',
    'beach depth.png',
    'beach_disparity.png',
    'beach-disparity8.png',
    'beach_depthmap.png',
    'beach_depth_map.webp',
    'beach_depth16.png',
    'depth_beach.png',
    'beach.npy',
    'beach_depth.npy',
    'beach.PFM',
    'beach_depth (1).png',
    'beach.jpg_depth.png',
    'beach.jpg.depth.png',
    'depth_beach.jpeg.png',
    'beach.heic.npy',
    'beach_pred.npy',
    'beach_depth_16bit.png',
    'beach_depth_colored.png',
    'beach_depth_bw.png',
    'beach_depth_raw.npy',
    'beach-dpt_beit_large_512.png',
    'beach-midas_v21_small_256.png',
    'beach-dpt_swin2_large_384.pfm',
  ])
    assert.equal(photoStemOfMap(name), 'beach', name);
  for (const name of ['depth.png', 'disparity.png', 'disparity8.png', 'depth.npy']) assert.equal(photoStemOfMap(name), '', name);
  for (const name of ['beach.jpg', 'indepth.jpg', 'depths-of-the-sea.jpg', 'photo.png', 'a-midas.jpg', 'colored.png'])
    assert.equal(photoStemOfMap(name), undefined, name);
});

test('a photo finds its map in any order', () => {
  assert.deepEqual(pairFiles(['a.jpg', 'a_depth.png']), { photos: [{ photo: 0, map: 1 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a_depth.jpg', 'a.jpg']), { photos: [{ photo: 1, map: 0 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['b.jpg', 'a.jpg', 'a_depth.png', 'b-disparity.png']), {
    photos: [
      { photo: 0, map: 3 },
      { photo: 1, map: 2 },
    ],
    strayMaps: [],
  });
});

test('two photos and one map: the map goes only where its name says', () => {
  assert.deepEqual(pairFiles(['a.jpg', 'b.jpg', 'b_depth.png']), { photos: [{ photo: 0 }, { photo: 1, map: 2 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a.jpg', 'b.jpg', 'c_depth.png']), { photos: [{ photo: 0 }, { photo: 1 }], strayMaps: [2] });
  assert.deepEqual(pairFiles(['a.jpg', 'b.jpg', 'depth.npy']), { photos: [{ photo: 0 }, { photo: 1 }], strayMaps: [2] });
  assert.deepEqual(pairFiles(['a.jpg', 'c_depth.png']), { photos: [{ photo: 0 }], strayMaps: [1] });
});

test('a nameless map or an array goes with the only photo', () => {
  assert.deepEqual(pairFiles(['photo.png', 'disparity.png']), { photos: [{ photo: 0, map: 1 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['photo.png', 'out_0001.npy']), { photos: [{ photo: 0, map: 1 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a.jpg', 'a_depth.png', 'a.npy']), { photos: [{ photo: 0, map: 1 }], strayMaps: [2] });
});

test('arrays of any kind go with the only photo; a TIFF does beside a photo, and alone it may be one', () => {
  for (const map of ['a.exr', 'render_0001.exr', 'a.npz', 'a.pgm', 'scan.pgm', 'a.tif', 'a_depth.tiff', 'out.TIFF']) {
    assert.deepEqual(pairFiles(['a.jpg', map]), { photos: [{ photo: 0, map: 1 }], strayMaps: [] }, map);
  }
  assert.deepEqual(pairFiles(['a.tif', 'b.tif']), { photos: [{ photo: 0 }, { photo: 1 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a.jpg', 'b.jpg', 'b.tif']), { photos: [{ photo: 0 }, { photo: 1, map: 2 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a.exr']), { photos: [], strayMaps: [0] });
});

test('two photos of unlike names stay two photos, and a lone photo may be named after depth', () => {
  assert.deepEqual(pairFiles(['a.jpg', 'b.png']), { photos: [{ photo: 0 }, { photo: 1 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['ocean-depth.jpg']), { photos: [{ photo: 0 }], strayMaps: [] });
  assert.deepEqual(pairFiles(['a.npy']), { photos: [], strayMaps: [0] });
  assert.deepEqual(pairFiles([]), { photos: [], strayMaps: [] });
});

test('a photo that is named after depth keeps its own map beside others', () => {
  const names = ['a.jpg', 'depth_charge.jpg', 'depth_charge_depth.png', 'charge2.jpg', 'depth_charge2.png'];
  assert.deepEqual(pairFiles(names), { photos: [{ photo: 0 }, { photo: 1, map: 2 }, { photo: 3, map: 4 }], strayMaps: [] });
});
