import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFiles } from '../../../src/app/files/choose-files.ts';

const file = (name: string): File => new File([new Uint8Array(4)], name);

test('a map named after the open photo goes to it, whatever its depth is; others are photos of their own', async () => {
  const open = file('Beach.jpg');
  for (const name of ['beach_depth.png', 'depth_Beach.jpg', 'beach.npy', 'BEACH-DISPARITY.PNG']) {
    const map = file(name);
    assert.deepEqual(await chooseFiles([map], undefined, undefined, open), { photo: open, map }, name);
  }
  for (const name of ['forest_depth.png', 'beach.png', 'beach2_depth.png']) {
    const photo = file(name);
    assert.deepEqual(await chooseFiles([photo], undefined, undefined, open), { photo }, name);
  }
});
