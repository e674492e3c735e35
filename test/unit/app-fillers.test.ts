import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLASSIC, convertForDesk, type DeskState } from '../../src/app/convert-for-desk.ts';
import { bestReady, sortFillers, sortModels } from '../../src/app/recommended.ts';
import { UnflatError, type ModelInfo, type ModelRow } from '../../src/core/index.ts';
import type { ConvertInput, Converter, ConvertResult, ConvertSettings, SceneHooks } from '../../src/pipeline/index.ts';
import { Desk } from '../../src/app/desk.ts';
import type { Messages } from '../../src/app/messages.ts';
import type { Models } from '../../src/app/models.ts';
import { modelRow } from '../fixtures/model-row.ts';

const row = (id: string, changes: Partial<ModelRow> = {}): ModelRow => ({ ...modelRow([]), id, label: id.toUpperCase(), ...changes });
const info = (of: ModelRow, state: ModelInfo['state'] = 'ready'): ModelInfo => ({ row: of, state, isOwn: false, storedBytes: 1 });
const basic = row('basic', { quality: 1, speed: 5, embedded: true });
const input: ConvertInput = {
  photo: { name: 'cat.jpg', bytes: new Uint8Array(1) },
  map: { name: 'cat_depth.png', bytes: new Uint8Array(1) },
};

/** A desk on which these models are, and a converter that has only those that are ready. */
function deskWith(models: ModelInfo[], preferredFiller?: string) {
  const asked: Partial<ConvertSettings>[] = [];
  const told: string[] = [];
  let lists = 0;
  const converter = {
    convert: async (_: ConvertInput, settings: Partial<ConvertSettings>) => {
      asked.push(settings);
      const isHere =
        settings.inpainter === CLASSIC || models.some(({ row: { id }, state }) => id === settings.inpainter && state === 'ready');
      if (!isHere) throw new UnflatError('no-model', `${settings.inpainter} is not here.`);
      return { scene: {}, report: {} };
    },
  };
  const service = {
    load: async () => void lists++,
    find: (id: string | undefined) => models.find((each) => each.row.id === id),
    forNewPhoto: async () => bestReady(models),
  };
  const desk = {
    converter,
    models: service,
    baseSettings: { longerSidePx: 640 },
    preferredModel: undefined,
    preferredFiller,
    tell: (text: string) => told.push(text),
  } as unknown as DeskState;
  return { desk, asked, told, lists: () => lists };
}

test('a photo whose own depth is lost opens with a model’s, and what was found inside is said', async () => {
  const photo: ConvertInput = { photo: { name: 'cat.jpg', bytes: new Uint8Array(1) } };
  const lost = Object.assign(new UnflatError('bad-depth', 'The depth inside cat.jpg: its data is missing.'), {
    notes: ['cat.jpg holds a gain map.'],
  });
  const early: ConvertResult[] = [];
  const { desk } = deskWith([info(basic)]);
  const convert = async (_: ConvertInput, { depthSource }: Partial<ConvertSettings>, { onEarly }: SceneHooks): Promise<ConvertResult> => {
    if (depthSource === 'depth-map') throw lost;
    const result = { scene: {}, report: { depthSource, warnings: ['ran slowly'], notes: [] } } as unknown as ConvertResult;
    onEarly?.(result);
    return result;
  };
  Object.assign(desk, { converter: { convert } });
  const { result, settings } = await convertForDesk({ title: 'cat', input: photo, settings: {} }, desk, {
    onEarly: (each) => void early.push(each.result),
  });
  assert.deepEqual(settings.from, { kind: 'model', model: 'basic' });
  for (const { report } of [result, early[0]!]) {
    assert.deepEqual(report.warnings, [
      'The depth inside cat.jpg: its data is missing. Its depth was estimated by “BASIC” instead.',
      'ran slowly',
    ]);
    assert.deepEqual(report.notes, ['cat.jpg holds a gain map.']);
  }
  await assert.rejects(convertForDesk({ title: 'cat', input: photo, settings: { from: { kind: 'inside' } } }, desk, {}), lost);
  await assert.rejects(
    convertForDesk({ title: 'cat', input, settings: {} }, desk, {}),
    lost,
    'nor is a map of one’s own swapped for a guess',
  );
});

const painter = row('painter', { kind: 'inpaint' });

test('without a choice the classic filler paints, and nobody asks for networks', async () => {
  const { desk, asked, lists } = deskWith([info(painter)]);
  const { settings } = await convertForDesk({ title: 'cat', input, settings: {} }, desk, {});
  assert.deepEqual([settings.inpainter, settings.from], [CLASSIC, { kind: 'map' }]);
  assert.deepEqual(
    asked.map(({ inpainter, longerSidePx, depthSource }) => [inpainter, longerSidePx, depthSource]),
    [[CLASSIC, 640, 'depth-map']],
  );
  assert.equal(lists(), 0);
});

test('the network that was chosen last paints new photos while it is here', async () => {
  const here = deskWith([info(painter)], 'painter');
  assert.equal((await convertForDesk({ title: 'cat', input, settings: {} }, here.desk, {})).settings.inpainter, 'painter');
  const gone = deskWith([info(painter, 'absent')], 'painter');
  assert.equal((await convertForDesk({ title: 'cat', input, settings: {} }, gone.desk, {})).settings.inpainter, CLASSIC);
  assert.deepEqual(gone.told, [], 'nothing was promised for a new photo');
});

test('a photo whose painter was removed opens all the same, and says so', async () => {
  const { desk, asked, told } = deskWith([info(painter, 'absent')]);
  const { settings } = await convertForDesk(
    { title: 'cat', input, settings: { inpainter: 'painter', inpaintOptions: { seed: 3 } } },
    desk,
    {},
  );
  assert.deepEqual([settings.inpainter, settings.inpaintOptions], [CLASSIC, {}]);
  assert.deepEqual(
    asked.map(({ inpainter }) => inpainter),
    ['painter', CLASSIC],
  );
  assert.match(told.join(), /^PAINTER, which filled in the hidden parts, is no longer on this device/);
});

test('who stops a network at its painting keeps the photo as it was painted before, under that name; a slider in between asks for the network again', async () => {
  const asked: Partial<ConvertSettings>[] = [];
  const converter = {
    convert: (_: ConvertInput, settings: Partial<ConvertSettings>, { signal, onEarly }: SceneHooks) =>
      new Promise((_resolve, reject) => {
        asked.push(settings);
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
        onEarly!({
          scene: { name: `${asked.length}` },
          report: { inpainter: CLASSIC, fill: {}, warnings: [] },
        } as unknown as ConvertResult);
      }),
  };
  const models = { load: async () => {}, refresh: async () => {}, find: () => info(painter) };
  const desk = new Desk(
    converter as unknown as Converter,
    models as unknown as Models,
    { clear: () => {}, tell: () => {}, fail: (error: unknown) => assert.fail(String(error)) } as unknown as Messages,
  );
  desk.preferredFiller = 'painter';
  const opened = (): Promise<unknown> => new Promise((resolve) => desk.addEventListener('opened', resolve, { once: true }));
  const first = opened();
  void desk.openInput('cat', async () => input);
  await first;
  assert.deepEqual(
    [desk.open?.scene.name, desk.open?.settings.inpainter, desk.run?.title],
    ['1', 'painter', 'cat'],
    'it is there, and the network goes on',
  );
  const second = opened();
  void desk.adjust({ ...desk.open!.settings, depthStrength: 0.5 });
  await second;
  assert.deepEqual(
    asked.map(({ inpainter, depthStrength }) => [inpainter, depthStrength]),
    [
      ['painter', undefined],
      ['painter', 0.5],
    ],
  );
  desk.cancel();
  assert.deepEqual(
    [desk.open?.scene.name, desk.open?.settings.inpainter, desk.open?.settings.depthStrength, desk.run],
    ['2', CLASSIC, 0.5, undefined],
  );
});

test('what is built in is the last resort, and stands in a place of its own', () => {
  const good = row('good', { quality: 2, speed: 1 });
  const rough = row('rough', { quality: 1, speed: 5 });
  assert.equal(bestReady([info(basic), info(good, 'absent')])?.row.id, 'basic');
  assert.equal(bestReady([info(basic), info(rough)])?.row.id, 'rough', 'even one that is no better by its figures');
  assert.equal(bestReady([info(basic), info(good)], 'basic')?.row.id, 'basic', 'unless a person wants it');
  const { builtIn, more } = sortModels([info(basic), info(good)], false);
  assert.deepEqual([builtIn.map((each) => each.row.id), more.map((each) => each.row.id)], [['basic'], ['good']]);
});

test('fillers that are here come first, then the better ones', () => {
  const fine = row('fine', { kind: 'inpaint', quality: 5 });
  const quick = row('quick', { kind: 'inpaint', quality: 4, speed: 5 });
  assert.deepEqual(
    sortFillers([info(basic), info(quick, 'absent'), info(fine, 'absent'), info(painter)]).map((each) => each.row.id),
    ['painter', 'fine', 'quick'],
  );
});
