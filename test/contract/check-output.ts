import assert from 'node:assert/strict';
import type { OptionValues, Output, OutputFile, OutputInput } from '../../src/plugin-api/index.ts';
import { isSuffix } from '../../src/plugin-host/is-suffix.ts';
import { hostContext, type TestContext } from './host-context.ts';
import { syntheticScene } from '../fixtures/scene.ts';
import { checkAbort, checkProgress, isForPeople, variations, type Tester } from './run.ts';
import { withSampleCanvas } from './with-sample-canvas.ts';
import { SampleFrames } from './sample-frames.ts';

/** Pixels of all frames of one file, and of all files with changed options of one product: what a slow machine draws in seconds. */
const MOST_PIXELS = 2e8;
const MOST_PIXELS_OF_OPTIONS = 4e6;

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
    if (plugin.needsFrames) {
      await checkDrawn(plugin, t, defaults, id, suffixes);
      continue;
    }
    await t.test(`writes ${id}, says how far it is, and leaves the scene alone`, async () => {
      const input = sampleInput(id, defaults);
      const before = structuredClone(input.scene);
      const context = hostContext();
      const file = await plugin.write(input, context);
      checkFile(file, suffixes);
      const { bytes, drawing } = (await plugin.plan?.(input)) ?? {};
      assert.equal(drawing, undefined, 'plan: without needsFrames nothing is drawn');
      checkBytes(bytes, file);
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
      for (const options of variations(plugin.options, defaults))
        checkFile(await plugin.write(sampleInput(id, options), hostContext()), suffixes);
    });
    await t.test(`writing ${id} is cancelled by its signal`, () =>
      checkAbort((options, context) => plugin.write(sampleInput(id, options), context), defaults),
    );
  }
}

/** An output that draws gets made-up frames and a canvas that puts them together. What it needs besides is said, and not tested. */
async function checkDrawn(
  plugin: Output,
  t: Tester,
  defaults: OptionValues,
  product: string,
  suffixes: readonly string[] | undefined,
): Promise<void> {
  /** What was not tested, by the reason. */
  const untested = new Map<string, string[]>();
  /** @param mayFail whether an error is no fault. Default: where it is for people. @returns undefined where the suite lacks what it needs. */
  const tried = async (
    name: string,
    frames: SampleFrames,
    work: () => Promise<OutputFile>,
    mayFail: (error: unknown) => boolean = isForPeople,
  ): Promise<OutputFile | undefined> => {
    const missing = new Set<string>();
    let outcome: OutputFile | Error | undefined;
    await withSampleCanvas(
      (what) => missing.add(what),
      async () => {
        outcome = await work().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      },
    );
    if (outcome instanceof Error && (frames.isSpent || missing.size > 0 || NOT_IN_NODE.test(outcome.message) || mayFail(outcome))) {
      const why = frames.isSpent
        ? 'it needs more pixels than the suite draws'
        : missing.size > 0
          ? `the suite’s canvas has no ${[...missing].join(', ')}`
          : outcome.message.replace(/\.$/, '');
      untested.set(why, [...(untested.get(why) ?? []), name]);
      return undefined;
    }
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const inputFor = (options: OptionValues, frames: SampleFrames): OutputInput => ({
    ...sampleInput(product, options),
    frames: frames.frames,
  });
  const write = (options: OptionValues, frames: SampleFrames, context: TestContext): Promise<OutputFile> =>
    plugin.write(inputFor(options, frames), context);

  await t.test(`writes ${product} from frames, closes each, and leaves the scene alone`, async () => {
    const context = hostContext();
    const frames = new SampleFrames(context.signal, MOST_PIXELS);
    const input = inputFor(defaults, frames);
    const before = structuredClone(input.scene);
    const file = await tried('its defaults', frames, () => plugin.write(input, context), isUnsupported);
    checkProgress(context);
    assert.deepEqual(input.scene, before, 'the scene must not be changed');
    assert.deepEqual(input.options, defaults, 'options must not be changed');
    assert.equal(frames.left, 0, `of ${frames.given.length} frames ${frames.left} were not closed`);
    if (!file) return;
    checkFile(file, suffixes);
    // How large the file is depends on what is in the frames.
    const { drawing } = (await plugin.plan?.(input)) ?? {};
    if (drawing) {
      const { frames: planned } = drawing;
      assert.ok(planned >= frames.asked / 2 && planned <= frames.asked * 2, `plan: ${planned} frames, but write asked for ${frames.asked}`);
    }
  });
  await t.test(`writes ${product} with every option at its ends`, async () => {
    let left = MOST_PIXELS_OF_OPTIONS;
    for (const options of variations(plugin.options, defaults)) {
      const [changed = ''] = Object.keys(options).filter((name) => options[name] !== defaults[name]);
      const context = hostContext();
      const frames = new SampleFrames(context.signal, left);
      const file = await tried(`${changed} = ${String(options[changed]).slice(0, 20)}`, frames, () => write(options, frames, context));
      left -= frames.pixels;
      assert.equal(frames.left, 0, `with ${changed} = ${String(options[changed])} a frame was not closed`);
      if (file) checkFile(file, suffixes);
    }
  });
  await t.test(`writing ${product} is cancelled by its signal, and its frames are closed`, () =>
    withSampleCanvas(
      () => {},
      async () => {
        let last: SampleFrames | undefined;
        await checkAbort((options, context) => write(options, (last = new SampleFrames(context.signal, MOST_PIXELS)), context), defaults);
        // One that was on its way is closed when it is there.
        await new Promise((done) => setTimeout(done));
        assert.equal(last?.left, 0, 'a frame was not closed');
      },
    ),
  );
  for (const [why, names] of untested) {
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    t.diagnostic(`${product} was not tested with ${names.slice(0, 3).join(', ')}${more}: ${why}. Try that with npm run dev.`);
  }
}

/** A device that cannot is no fault; all else with options as they come is. */
const isUnsupported = (error: unknown): boolean => isForPeople(error) && (error as { code?: unknown }).code === 'unsupported';

/** What encodes video is in no Node. */
const NOT_IN_NODE = /^(?:Video|Image|Encoded)\w+ is not defined$/;

/** Nobody cares about an error of so many bytes. */
const SMALL_ERROR = 16_384;

function checkBytes(bytes: number | undefined, { blob }: OutputFile): void {
  if (bytes === undefined || Math.abs(bytes - blob.size) <= SMALL_ERROR) return;
  assert.ok(bytes >= blob.size / 2 && bytes <= blob.size * 2, `plan: ${bytes} bytes for a file of ${blob.size}`);
}

function checkFile({ suffix, blob }: OutputFile, suffixes?: readonly string[]): void {
  assert.ok(isSuffix(suffix), `suffix: what goes after the photo's name, with its extension, not “${suffix}”`);
  if (suffixes) assert.ok(suffixes.includes(suffix), `suffixes: ${suffix} is not among ${suffixes.join(', ')}`);
  assert.ok(blob instanceof Blob && blob.size > 0, 'blob: a file that is not empty');
}
