import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnflatError, type ModelInfo } from '../../../src/core/index.ts';
import { resolveDepth, type DepthFacts, type Found } from '../../../src/pipeline/resolve-depth.ts';
import { resolveInpaint, type InpaintFacts } from '../../../src/pipeline/resolve-inpaint.ts';
import { infoOf, rowOf } from '../../fixtures/pipeline-fixtures.ts';

const told = { warnings: [], notes: ['a grey half'] };
const lost = Object.assign(new UnflatError('bad-depth', 'Its data is missing.'), { notes: ['a gain map'] });
const source = (id: string, changes: object = {}) => ({ id, needsModel: false, readsDepthFiles: false, ...changes });
const files = source('depth-files', { readsDepthFiles: true });
const nets = source('depth-nets', { needsModel: true });
const model = (id: string, quality: 1 | 2 | 3 | 4 | 5, changes = {}): ModelInfo =>
  infoOf(rowOf(id, { plugin: 'depth-nets', quality, ...changes }));
const bundled = model('bundled', 5, { embedded: true });
const facts = (changes: Partial<DepthFacts>): DepthFacts => ({
  wanted: 'auto',
  photo: 'cat.jpg',
  hasMap: false,
  sources: [files, nets],
  found: new Map(),
  ...changes,
});
const found = (id: string, answer: Found) => new Map([[id, answer]]);
const none = found('depth-files', { depth: 'none', told });

test('where the depth comes from, by what is known', () => {
  const models = { models: [model('a', 2), model('b', 4), bundled] };
  const read = found('depth-files', { depth: 'read', told });
  const gone = found('depth-files', { depth: 'lost', error: lost, told });
  const theirs = source('depth-theirs');
  const cases: [string, Partial<DepthFacts>, string][] = [
    ['a map needs nothing else to be known', { hasMap: true }, 'map brought depth-files'],
    ['a map goes to who reads maps', { hasMap: true, sources: [theirs, files, nets] }, 'map brought depth-files'],
    ['a photo has to be looked at', {}, 'ask depth-files'],
    ['sources are asked in their order', { sources: [theirs, files] }, 'ask depth-theirs'],
    ['depth of its own comes before models', { found: read, preferred: 'a' }, 'inside found depth-files'],
    [
      'a source that reads no files',
      { sources: [theirs], found: found('depth-theirs', { depth: 'read', told }) },
      'plugin found depth-theirs',
    ],
    ['models are asked for where there is none', { found: none }, 'ask models'],
    ['the preferred model', { found: none, models, preferred: 'a' }, 'model preferred a'],
    ['one that is not here', { found: none, models, preferred: 'c' }, 'model best b'],
    ['the best', { found: none, models }, 'model best b'],
    ['the bundled one comes last, whatever its figures', { found: none, models: { models: [bundled] } }, 'model bundled bundled'],
    ['one that is preferred all the same', { found: none, models, preferred: 'bundled' }, 'model preferred bundled'],
    ['depth that is lost is a model’s', { found: gone, models }, 'model best b'],
    ['files alone, with a map', { wanted: 'file', hasMap: true }, 'map asked depth-files'],
    ['files alone, without', { wanted: 'file' }, 'inside asked depth-files'],
    ['a source by its id', { wanted: 'depth-theirs', sources: [theirs], hasMap: true }, 'plugin asked depth-theirs'],
    ['a source that runs models', { wanted: 'depth-nets', sources: [nets] }, 'ask models'],
    ['its best model', { wanted: 'depth-nets', sources: [nets], models }, 'model asked b'],
    ['a model by its id', { wanted: 'a', sources: [], models }, 'model asked a'],
  ];
  for (const [name, changes, expected] of cases) {
    const next = resolveDepth(facts(changes));
    const said = 'ask' in next ? `ask ${next.ask === 'source' ? next.source : 'models'}` : `${next.from} ${next.why} ${next.id}`;
    assert.equal(said, expected, name);
  }
});

test('what a person reads of the choice goes with it', () => {
  const models = { models: [model('a', 2)] };
  const instead = resolveDepth(facts({ found: found('depth-files', { depth: 'lost', error: lost, told }), models }));
  assert.ok('told' in instead);
  assert.deepEqual(instead.told, {
    warnings: ['Its data is missing. Its depth was estimated by “Model a” instead.'],
    notes: ['a grey half', 'a gain map'],
  });
  const plain = resolveDepth(facts({ found: none, models }));
  assert.ok('told' in plain);
  assert.deepEqual(plain.told, { warnings: [], notes: ['a grey half'] });
});

test('where nothing gives the depth, the error says what to do', () => {
  const gone = found('depth-files', { depth: 'lost', error: lost, told });
  const far = { models: [infoOf(rowOf('far', { plugin: 'depth-nets' }), 'absent')] };
  const cases: [Partial<DepthFacts>, string, RegExp][] = [
    [{ found: gone, models: { models: [] } }, 'bad-depth', /^Its data is missing\.$/],
    [{ found: none, models: far }, 'no-depth', /^cat\.jpg holds no depth, and no depth model is on this device yet: download one/],
    [
      { found: none, models: { models: [], failure: 'x', lack: 'it is not at y' } },
      'no-depth',
      /^cat\.jpg holds no depth, and it is not at y, or add/,
    ],
    [{ wanted: 'nobody', sources: [], models: far }, 'no-model', /neither a depth source nor a model “nobody”; choose one of far/],
    [{ sources: [], models: { models: [] } }, 'bad-plugin', /has no depth source/],
    [{ wanted: 'file', sources: [nets] }, 'bad-plugin', /reads depth maps/],
  ];
  for (const [changes, code, message] of cases) assert.throws(() => resolveDepth(facts(changes)), { code, message });
  const named = resolveDepth(facts({ wanted: 'far', sources: [], models: far }));
  assert.ok('problem' in named && named.problem?.code === 'no-model', 'what it made earlier may still be at hand');
});

const inpaint = (changes: Partial<InpaintFacts>): InpaintFacts => ({
  wanted: 'auto',
  inpainters: [
    { id: 'inpaint-nets', needsModel: true },
    { id: 'inpaint-plain', needsModel: false },
  ],
  ...changes,
});

test('what fills in the hidden parts, by what is known', () => {
  const info = (id: string, state: ModelInfo['state'] = 'ready') => infoOf(rowOf(id, { kind: 'inpaint', plugin: 'inpaint-nets' }), state);
  const models = { models: [info('a'), info('far', 'absent')] };
  const cases: [Partial<InpaintFacts>, string][] = [
    [{}, 'ask'],
    [{ models }, 'best a inpaint-nets'],
    [{ models: { models: [] } }, 'without-model inpaint-plain inpaint-plain'],
    [{ models: { models: [], failure: 'no worker' } }, 'without-model inpaint-plain inpaint-plain !'],
    [{ wanted: 'without-model' }, 'without-model inpaint-plain inpaint-plain'],
    [{ wanted: 'inpaint-plain' }, 'asked inpaint-plain inpaint-plain'],
    [{ wanted: 'inpaint-nets', models }, 'asked a inpaint-nets'],
    [{ wanted: 'a', models }, 'asked a inpaint-nets'],
    [{ wanted: 'far', models }, 'asked far inpaint-nets problem'],
    [{ wanted: 'far', models, ifMissing: 'warn' }, 'asked far inpaint-nets instead replaced !'],
    [{ wanted: 'far', models, ifMissing: 'replace' }, 'asked far inpaint-nets instead replaced'],
    [{ wanted: 'gone', models, ifMissing: 'warn' }, 'replaced inpaint-plain inpaint-plain !'],
  ];
  for (const [changes, expected] of cases) {
    const next = resolveInpaint(inpaint(changes));
    if ('ask' in next) {
      assert.equal('ask', expected);
      continue;
    }
    const { why, id, plugin, problem, instead } = next;
    const isSaid = (instead ?? next).told.warnings.length > 0;
    const words = [why, id, plugin, problem && 'problem', instead && `instead ${instead.why}`, isSaid && '!'];
    assert.equal(words.filter(Boolean).join(' '), expected, JSON.stringify(changes));
  }
  assert.throws(() => resolveInpaint(inpaint({ wanted: 'gone', models })), {
    code: 'no-model',
    message: /choose one of inpaint-nets, inpaint-plain, a, far/,
  });
});
