import assert from 'node:assert/strict';
import { test } from 'node:test';
import depthMap from '../../../../plugins/depth-map/index.ts';
import type { DepthReading, PluginContext } from '../../../../src/plugin-api/index.ts';
import { bundledModel } from '../../../fixtures/bundled-model.ts';
import { photoOf, testContext } from '../../../fixtures/plugin-context.ts';
import { DEFAULTS } from '../../../fixtures/run-depth-map.ts';
import { FORMS } from '../../../fixtures/worlds/forms.ts';
import { world, type World } from '../../../fixtures/worlds/render.ts';

/** Two worlds of each kind; the weights were fitted on others. */
const FIRST = 4000;
const COUNT = 32;
/** Wrong readings of a form that are let pass: 5 % of so few are one or two. */
const MOST_WRONG = 2;

interface Outcome {
  what: string;
  isRight: boolean;
  isSaid: boolean;
}

async function read(seen: World, form: string, estimateDepth: PluginContext['estimateDepth'] | undefined): Promise<Outcome> {
  const { photo, kind, seed } = seen;
  const { nearIs, file } = FORMS[form]!;
  const context = testContext(undefined, undefined, estimateDepth);
  const { reading } = await depthMap.estimate(
    {
      photo: photoOf(photo),
      file: { name: 'photo.jpg', bytes: new Uint8Array() },
      map: file(seen),
      options: { ...DEFAULTS, turn: 'none' },
    },
    context,
  );
  const { nearIs: found, kind: values, certainty } = reading as DepthReading;
  return {
    what: `${kind} ${seed}, ${certainty.toFixed(2)} sure`,
    isRight: found === nearIs && (nearIs === 'high' || !/metres/.test(form) || values === 'distance'),
    isSaid: context.notes.some((note) => note.includes('set flip')),
  };
}

test(
  'near and far of random worlds are told apart in every form of map, and a guess that fails was said to be one',
  { timeout: 240_000 },
  async () => {
    const estimate = await bundledModel(192);
    const outcomes: Record<string, Outcome[]> = {};
    const without: Record<string, Outcome[]> = {};
    for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
      const each = world(seed, 120, 90);
      const depth = await estimate(each.photo);
      for (const form of Object.keys(FORMS)) {
        // 8 and 16 bit take turns, also within a kind.
        const bits = Number(/(\d+) bit/.exec(form)?.[1] ?? 0);
        if (bits && (bits === 8) !== ((seed + Math.floor(seed / 16)) % 2 === 0)) continue;
        const name = form.replace(/, \d+ bit/, '');
        (outcomes[name] ??= []).push(await read(each, form, () => Promise.resolve(depth && { ...depth })));
        if (seed % 3 === 0) (without[name] ??= []).push(await read(each, form, undefined));
      }
    }
    for (const [form, all] of Object.entries(outcomes)) {
      const wrong = all.filter(({ isRight }) => !isRight);
      assert.ok(wrong.length <= MOST_WRONG, `${form}: ${wrong.length} of ${all.length} wrong: ${wrong.map(({ what }) => what).join('; ')}`);
      assert.ok(
        wrong.every(({ isSaid }) => isSaid),
        `${form}: wrong without a word: ${wrong
          .filter(({ isSaid }) => !isSaid)
          .map(({ what }) => what)
          .join('; ')}`,
      );
    }
    // Without the model, as on pages that show a map of their own, it is less sure, but far from a coin flip.
    for (const [form, all] of Object.entries(without)) {
      const wrong = all.filter(({ isRight }) => !isRight);
      assert.ok(
        wrong.length <= all.length / 3,
        `${form} without the model: ${wrong.length} of ${all.length} wrong: ${wrong.map(({ what }) => what).join('; ')}`,
      );
    }
  },
);
