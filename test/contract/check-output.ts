import assert from 'node:assert/strict';
import type { OptionValues, Output, OutputFile, OutputInput } from '../../src/plugin-api/index.ts';
import { hostContext } from './host-context.ts';
import { syntheticScene } from '../fixtures/scene.ts';
import { checkAbort, checkProgress, variations, type Tester } from './run.ts';

function sampleInput(product: string, options: OptionValues): OutputInput {
  return {
    product,
    options,
    scene: syntheticScene(),
    frames() {
      throw new assert.AssertionError({ message: 'an output that asks for frames must say needsFrames: true' });
    },
  };
}

/** Outputs: a file with a suffix for each product. */
export async function checkOutput(plugin: Output, t: Tester, defaults: OptionValues): Promise<void> {
  for (const { id, suffixes } of plugin.products) {
    await t.test(`writes ${id}, says how far it is, and leaves the scene alone`, async () => {
      const input = sampleInput(id, defaults);
      const before = structuredClone(input.scene);
      const context = hostContext();
      const file = await plugin.write(input, context);
      checkFile(file);
      const { bytes, drawing } = (await plugin.plan?.(input)) ?? {};
      assert.equal(drawing, undefined, 'plan: without needsFrames nothing is drawn');
      if (bytes !== undefined)
        assert.ok(bytes >= file.blob.size / 2 && bytes <= file.blob.size * 2, `plan: ${bytes} bytes for a file of ${file.blob.size}`);
      if (suffixes) assert.ok(suffixes.includes(file.suffix), `suffixes: ${file.suffix} is not among ${suffixes.join(', ')}`);
      checkProgress(context);
      assert.deepEqual(input.scene, before, 'the scene must not be changed');
      assert.deepEqual(input.options, defaults, 'options must not be changed');
    });
    if (plugin.needs === 'depth') {
      await t.test(`writes the same ${id} of a scene without layers and meshes`, async () => {
        const input = sampleInput(id, defaults);
        const whole = await plugin.write(input, hostContext());
        const bare = await plugin.write({ ...input, scene: { ...input.scene, layers: [], meshes: [] } }, hostContext());
        assert.deepEqual(new Uint8Array(await bare.blob.arrayBuffer()), new Uint8Array(await whole.blob.arrayBuffer()));
      });
    }
    await t.test(`writes ${id} with every option at its ends`, async () => {
      for (const options of variations(plugin.options, defaults)) checkFile(await plugin.write(sampleInput(id, options), hostContext()));
    });
    await t.test(`writing ${id} is cancelled by its signal`, () =>
      checkAbort((options, context) => plugin.write(sampleInput(id, options), context), defaults),
    );
  }
}

function checkFile({ suffix, blob }: OutputFile): void {
  assert.match(suffix, /^[_a-z0-9-]*\.[a-z0-9]+$/, "suffix: what goes after the photo's name, with its extension");
  assert.ok(blob instanceof Blob && blob.size > 0, 'blob: a file that is not empty');
}
