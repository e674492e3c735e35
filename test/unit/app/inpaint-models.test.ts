import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { convertForDesk, type DeskState } from '../../../src/app/convert-for-desk.ts';
import { sortInpaintModels, sortModels } from '../../../src/app/recommended.ts';
import { type ModelInfo, type ModelRow } from '../../../src/core/index.ts';
import { Converter, type ConvertInput, type ConvertResult, type ConvertSettings, type SceneHooks } from '../../../src/pipeline/index.ts';
import { Desk } from '../../../src/app/desk.ts';
import type { Messages } from '../../../src/app/messages.ts';
import type { Models } from '../../../src/app/models.ts';
import { defineDepthSource, defineInpainter, UnflatError } from 'unflat/plugin';
import { modelRow } from '../../fixtures/model-row.ts';
import {
  boxDepth,
  fakeHost,
  fakeInference,
  fakeModelSource,
  fakeWorker,
  fileOf,
  infoOf,
  rowOf,
  tableOf,
} from '../../fixtures/pipeline-fixtures.ts';

const row = (id: string, changes: Partial<ModelRow> = {}): ModelRow => ({ ...modelRow([]), id, label: id.toUpperCase(), ...changes });
const info = (of: ModelRow, state: ModelInfo['state'] = 'ready'): ModelInfo => ({ row: of, state, isOwn: false, storedBytes: 1 });
const basic = row('basic', { quality: 1, speed: 5, embedded: true });
const input: ConvertInput = { photo: fileOf('cat.jpg'), map: fileOf('cat_depth.png') };
const alone: ConvertInput = { photo: fileOf('cat.jpg') };

/** Reads maps, and depth inside photos called portrait; that inside lost.jpg is damaged. */
const files = defineDepthSource({
  id: 'depth-files',
  label: 'Files',
  readsDepthFiles: true,
  options: [],
  supports: () => true,
  detect: async ({ photo, map }) => map !== undefined || photo.name !== 'cat.jpg',
  async estimate({ photo, map }, { note }) {
    if (photo.name === 'lost.jpg') {
      note('lost.jpg holds a gain map.');
      throw new UnflatError('bad-depth', 'The depth inside lost.jpg: its data is missing.');
    }
    if (!map && photo.name === 'cat.jpg') throw new UnflatError('no-depth', 'cat.jpg holds no depth.');
    return { depth: boxDepth(photo.width, photo.height) };
  },
});
const inpainter = (id: string, needsModel: boolean) =>
  defineInpainter({
    id,
    label: id,
    needsModel,
    options: needsModel ? [{ id: 'seed', label: 'Seed', type: 'number', default: 1, min: 0, max: 9 }] : [],
    supports: () => true,
    inpaint: async ({ rgba }) => rgba.slice(),
  });

const converters: Converter[] = [];
after(() => converters.forEach((each) => each.dispose()));

/** A desk with these models, and the pipeline in a worker of this thread. */
function deskWith(models: ModelInfo[], preferred: { model?: string; inpainter?: string } = {}) {
  let lists = 0;
  const base = fakeHost();
  const plugins = tableOf(files, fakeModelSource(base.calls), inpainter('inpaint-net', true), inpainter('inpaint-plain', false));
  const inference = fakeInference(() => (lists++, models));
  const converter = new Converter({ createWorker: () => fakeWorker({ ...base, plugins, inference }), plugins });
  converters.push(converter);
  const desk: DeskState = {
    converter,
    baseSettings: { longerSidePx: 640 },
    preferredModel: preferred.model,
    preferredInpainter: preferred.inpainter,
  };
  return { desk, lists: () => lists };
}

const small = rowOf('small', { quality: 2 });
const good = rowOf('good', { quality: 4 });
const bundledRow = rowOf('bundled', { quality: 5, embedded: true });
const painter = rowOf('painter', { kind: 'inpaint', plugin: 'inpaint-net' });

test('a new photo has its map’s depth, that inside it, that of the preferred model, of the best, of the bundled one, in this order', async () => {
  const all = [infoOf(small), infoOf(good), infoOf(bundledRow)];
  const cases: [ConvertInput, ModelInfo[], string | undefined, object, string][] = [
    [input, all, 'small', { kind: 'map' }, 'brought'],
    [{ photo: fileOf('portrait.jpg') }, all, 'small', { kind: 'inside' }, 'found'],
    [alone, all, 'small', { kind: 'model', model: 'small' }, 'preferred'],
    [alone, all, 'gone', { kind: 'model', model: 'good' }, 'best'],
    [alone, [infoOf(small, 'absent'), infoOf(bundledRow)], 'small', { kind: 'model', model: 'bundled' }, 'bundled'],
  ];
  for (const [photo, models, model, from, why] of cases) {
    const { desk, lists } = deskWith(models, { ...(model !== undefined && { model }) });
    const { result, settings } = await convertForDesk({ title: 'cat', input: photo, settings: {} }, desk, {});
    assert.deepEqual([settings.from, result.report.depthChoice.why], [from, why]);
    assert.equal(result.report.depthModel?.isBundled, why === 'bundled' ? true : undefined);
    assert.equal(lists() > 0, 'model' in from, 'models are asked for only where one may be wanted');
  }
});

test('a photo whose own depth is lost opens with a model’s, and what was found inside is said', async () => {
  const photo: ConvertInput = { photo: fileOf('lost.jpg') };
  const { desk } = deskWith([infoOf(small)]);
  const { result, settings } = await convertForDesk({ title: 'cat', input: photo, settings: {} }, desk, {});
  assert.deepEqual(settings.from, { kind: 'model', model: 'small' });
  assert.deepEqual(result.report.warnings, [
    'The depth inside lost.jpg: its data is missing. Its depth was estimated by “Model small” instead.',
    'decoded with care',
    'ran slowly',
  ]);
  assert.deepEqual(result.report.notes, ['lost.jpg holds a gain map.']);
  const lost = { code: 'bad-depth', notes: ['lost.jpg holds a gain map.'] };
  await assert.rejects(convertForDesk({ title: 'cat', input: photo, settings: { from: { kind: 'inside' } } }, desk, {}), lost);
  await assert.rejects(
    convertForDesk({ title: 'cat', input: { ...photo, map: fileOf('m.png') }, settings: {} }, desk, {}),
    lost,
    'nor is a map of one’s own swapped for a guess',
  );
});

test('without a choice the inpainter that needs no model fills in, and nobody asks for models', async () => {
  const { desk, lists } = deskWith([infoOf(painter)]);
  const { settings, result } = await convertForDesk({ title: 'cat', input, settings: {} }, desk, {});
  assert.deepEqual([settings.inpainter, result.report.inpaint.plugin, settings.from], ['inpaint-plain', 'inpaint-plain', { kind: 'map' }]);
  assert.equal(lists(), 0);
});

test('the model that was chosen last fills in new photos while it is here', async () => {
  const here = deskWith([infoOf(painter)], { inpainter: 'painter' });
  const { settings } = await convertForDesk({ title: 'cat', input, settings: {} }, here.desk, {});
  assert.equal(settings.inpainter, 'painter');
  for (const models of [[infoOf(painter, 'absent')], []]) {
    const gone = deskWith(models, { inpainter: 'painter' });
    const other = await convertForDesk({ title: 'cat', input, settings: {} }, gone.desk, {});
    assert.equal(other.settings.inpainter, 'inpaint-plain');
    assert.ok(!other.result.report.warnings.join().includes('no longer'), 'nothing was promised for a new photo');
  }
});

test('a photo whose inpainting model was removed opens all the same, and says so', async () => {
  for (const [models, name] of [[[infoOf(painter, 'absent')], 'Model painter'] as const, [[], 'The model'] as const]) {
    const { desk } = deskWith([...models]);
    const { settings, result } = await convertForDesk(
      { title: 'cat', input, settings: { inpainter: 'painter', inpaintOptions: { seed: 3 } } },
      desk,
      {},
    );
    assert.deepEqual([settings.inpainter, settings.inpaintOptions, result.report.inpaint.plugin], ['inpaint-plain', {}, 'inpaint-plain']);
    assert.ok(
      result.report.warnings.some((text) => text.startsWith(`${name}, which filled in the hidden parts, is no longer on this device`)),
    );
  }
});

test('if a model is stopped while it inpaints, the photo stays as it was inpainted before, under that name; a slider in between asks for the model again', async () => {
  const asked: Partial<ConvertSettings>[] = [];
  const converter = {
    convert: (_: ConvertInput, settings: Partial<ConvertSettings>, { signal, onEarly }: SceneHooks) =>
      new Promise((_resolve, reject) => {
        asked.push(settings);
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
        onEarly!({
          scene: { name: `${asked.length}` },
          report: {
            inpainter: 'inpaint-plain',
            depthChoice: { from: 'map', why: 'brought', id: 'depth-files' },
            inpaintChoice: { why: 'asked', id: settings.inpainter },
            fill: {},
            warnings: [],
          },
        } as unknown as ConvertResult);
      }),
  };
  const models = { load: async () => {}, refresh: async () => {}, find: () => info(painter) };
  const desk = new Desk(
    converter as unknown as Converter,
    models as unknown as Models,
    { clear: () => {}, tell: () => {}, fail: (error: unknown) => assert.fail(String(error)) } as unknown as Messages,
  );
  desk.preferredInpainter = 'painter';
  const opened = (): Promise<unknown> => new Promise((resolve) => desk.addEventListener('opened', resolve, { once: true }));
  const first = opened();
  void desk.openInput('cat', async () => input);
  await first;
  assert.deepEqual(
    [desk.open?.scene.name, desk.open?.settings.inpainter, desk.run?.title],
    ['1', 'painter', 'cat'],
    'it is there, and the model goes on',
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
    ['2', 'inpaint-plain', 0.5, undefined],
  );
});

test('what is built in stands in a place of its own', () => {
  const good = row('good', { quality: 2, speed: 1 });
  const { builtIn, more } = sortModels([info(basic), info(good)], false);
  assert.deepEqual([builtIn.map((each) => each.row.id), more.map((each) => each.row.id)], [['basic'], ['good']]);
});

test('inpainting models that are here come first, then the better ones', () => {
  const fine = row('fine', { kind: 'inpaint', quality: 5 });
  const quick = row('quick', { kind: 'inpaint', quality: 4, speed: 5 });
  assert.deepEqual(
    sortInpaintModels([info(basic), info(quick, 'absent'), info(fine, 'absent'), info(row('here', { kind: 'inpaint' }))]).map(
      (each) => each.row.id,
    ),
    ['here', 'fine', 'quick'],
  );
});
