import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Messages } from '../../../src/app/messages.ts';

const texts = (messages: Messages): string[] => messages.list.map(({ text }) => text);

test('a message does not end before the picture that it speaks of is there', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const messages = new Messages();
  messages.hold('picture', true);
  messages.tell('info', 'Basic depth', { lastsMs: 5000 });
  mock.timers.tick(60_000);
  assert.deepEqual(texts(messages), ['Basic depth']);
  messages.hold('picture', false);
  mock.timers.tick(4000);
  messages.hold('pointer', true);
  mock.timers.tick(60_000);
  messages.hold('pointer', false);
  mock.timers.tick(3000);
  assert.deepEqual(texts(messages), ['Basic depth'], 'what was pointed at stays long enough to be read');
  mock.timers.tick(2000);
  assert.deepEqual(texts(messages), []);
});

test('who offers an undo is told once that the offer is over, however it ended', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const messages = new Messages();
  const gone: string[] = [];
  const offer = (text: string) => messages.tell('info', text, { lastsMs: 5000, onGone: () => gone.push(text) });
  messages.dismiss(offer('dismissed'));
  offer('timed');
  mock.timers.tick(5000);
  offer('again');
  offer('again');
  assert.deepEqual(gone, ['dismissed', 'timed', 'again']);
  for (const text of ['1', '2', '3', '4']) messages.tell('error', text);
  assert.deepEqual([texts(messages), gone.length], [['1', '2', '3', '4'], 4]);
  messages.clear('error');
  mock.timers.tick(60_000);
  assert.equal(gone.length, 4);
});
