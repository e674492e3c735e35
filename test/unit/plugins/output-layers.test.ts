import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import output from '../../../plugins/output-layers/index.ts';
import { bytesOf } from '../../fixtures/frames.ts';
import { outputContext } from '../../fixtures/plugin-context.ts';
import { syntheticScene } from '../../fixtures/scene.ts';

test('layers come as pictures with their coverage and depth, and a manifest that says how they lie', async () => {
  const scene = syntheticScene({ width: 48, height: 32, margin: 5 });
  const file = await output.write({ product: 'layers', scene, options: {}, frames: () => assert.fail() }, outputContext());
  assert.equal(file.suffix, '_layers.zip');
  const files = unzipSync(await bytesOf(file));
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as {
    width: number;
    layers: { picture: string; depth: string; margin: number }[];
  };
  assert.equal(manifest.width, 48);
  assert.equal(manifest.layers.length, 2);
  manifest.layers.forEach(({ picture, depth, margin }, index) => {
    assert.equal(margin, 5);
    const layer = scene.layers[index]!;
    const colours = decode(files[picture]!, { checkCrc: true });
    assert.deepEqual([colours.width, colours.height, colours.channels], [58, 42, 4]);
    assert.deepEqual(new Uint8Array(colours.data), new Uint8Array(layer.rgba));
    const depths = decode(files[depth]!, { checkCrc: true });
    assert.equal(depths.depth, 16);
    layer.disparity.forEach((d, i) => assert.equal(depths.data[i], layer.rgba[4 * i + 3]! > 0 ? Math.round(d * 65535) : 0));
  });
});
