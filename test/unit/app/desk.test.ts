import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk } from '../../../src/app/desk.ts';
import type { DepthFrom } from '../../../src/app/desk-types.ts';
import { flatPhoto } from '../../../src/app/flat-photo.ts';
import { Messages } from '../../../src/app/messages.ts';
import type { Models } from '../../../src/app/models.ts';
import { UnflatError } from '../../../src/core/index.ts';
import type { Converter, ConvertHooks, ConvertResult, ConvertSettings } from '../../../src/pipeline/index.ts';

const photo = { name: 'cat.jpg', bytes: new Uint8Array(1) };
const map = { name: 'cat_depth.png', bytes: new Uint8Array(1) };

/** A desk whose conversions end when the test says so. */
function slowDesk() {
  const asked: Partial<ConvertSettings>[] = [];
  let end: (outcome?: Error) => void = () => {};
  const convert = (_: unknown, settings: Partial<ConvertSettings>, { signal }: ConvertHooks): Promise<ConvertResult> =>
    new Promise((resolve, reject) => {
      asked.push(settings);
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      end = (error) =>
        error
          ? reject(error)
          : resolve({
              scene: {},
              report: {
                depthChoice: { from: 'map', why: 'brought', id: 'depth-x' },
                inpaintChoice: { why: 'without-model', id: 'inpaint-x' },
                warnings: [],
                notes: [],
                fill: {},
              },
            } as unknown as ConvertResult);
    });
  const converter = { convert, listPlugins: async () => [] } as unknown as Converter;
  const models = { find: () => undefined, load: async () => {}, refresh: async () => {} } as unknown as Models;
  const desk = new Desk(converter, models, new Messages());
  return { desk, asked, end: (outcome?: Error) => end(outcome) };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function opened() {
  const slow = slowDesk();
  void slow.desk.openInput('cat', async () => ({ photo, map }), { settings: { smoothing: 1 } });
  await turn();
  slow.end();
  await turn();
  assert.equal(slow.desk.open?.settings.smoothing, 1);
  return slow;
}

test('what the controls show is what is on its way, and what is open again once that is cancelled or fails', async () => {
  const { desk, end, asked } = await opened();
  let cancelled = 0;
  desk.addEventListener('cancelled', () => cancelled++);
  void desk.adjust({ ...desk.wished, smoothing: 2 });
  await turn();
  assert.equal(desk.wished.smoothing, 2);
  assert.equal(asked.at(-1)?.smoothing, 2);
  // Another control, moved meanwhile, builds on what is on its way.
  void desk.adjust({ ...desk.wished, emphasis: 0.5 });
  await turn();
  assert.deepEqual([desk.wished.smoothing, desk.wished.emphasis], [2, 0.5]);
  desk.cancel();
  await turn();
  assert.deepEqual([desk.wished.smoothing, desk.wished.emphasis, desk.run, cancelled], [1, undefined, undefined, 1]);
  void desk.adjust({ ...desk.wished, smoothing: 0 });
  await turn();
  end(new UnflatError('bad-depth', 'Nothing is nearer than anything.'));
  await turn();
  assert.equal(desk.wished.smoothing, 1);
  void desk.adjust({ ...desk.wished, smoothing: 0 });
  await turn();
  end();
  await turn();
  assert.deepEqual([desk.wished.smoothing, desk.wish], [0, undefined]);
});

test('a choice of where the depth comes from is void when it is cancelled before anything ran', async () => {
  const { desk, asked } = await opened();
  const from: DepthFrom = { kind: 'model', model: 'other' };
  const count = asked.length;
  void desk.adjust({ ...desk.wished, from });
  assert.deepEqual(desk.wished.from, from);
  desk.cancel();
  await turn();
  assert.deepEqual([desk.wished.from, asked.length, desk.run], [{ kind: 'map' }, count, undefined]);
});

test('a photo is shown flat from when it is known until its 3D photo is on the screen', async () => {
  const { desk, end } = slowDesk();
  assert.equal(flatPhoto(desk, undefined, undefined), undefined);
  void desk.openInput('cat', async () => ({ photo, map }));
  await turn();
  const flat = flatPhoto(desk, undefined, undefined);
  assert.deepEqual(flat, { title: 'cat', photo });
  assert.equal(flatPhoto(desk, undefined, flat), flat, 'the same one, so that nothing flickers');
  end();
  await turn();
  assert.equal(flatPhoto(desk, undefined, flat), flat, 'made, but not drawn yet');
  const shown = { photo };
  assert.equal(flatPhoto(desk, shown, flat), undefined);
  void desk.adjust({ smoothing: 2 });
  await turn();
  assert.equal(flatPhoto(desk, shown, undefined), undefined, 'the open photo stays in 3D while it is made again');
  void desk.openInput('dog', async () => ({ photo: map }));
  await turn();
  const dog = flatPhoto(desk, shown, undefined);
  assert.equal(dog?.title, 'dog');
  desk.cancel();
  await turn();
  assert.equal(flatPhoto(desk, shown, dog), undefined, 'what was open is back');
  assert.equal(flatPhoto(desk, { photo: map }, dog)?.title, 'cat', 'flat where it was not drawn yet: never an older picture');
});
