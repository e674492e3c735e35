import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnderWay } from '../../../src/app/under-way.ts';

/** What all pages of one browser share. */
function browser() {
  const kept = new Map<string, string>();
  const held = new Set<string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const page = () => {
    const own: string[] = [];
    const locks = {
      request: async (name: string) => void (held.add(name), own.push(name)),
      query: async () => ({ held: [...held].map((name) => ({ name })) }),
    } as unknown as LockManager;
    const die = (): void => own.forEach((name) => held.delete(name));
    return { work: new UnderWay(storage, locks), die };
  };
  return { page, kept };
}

test('a page that ended in the middle of its work is told of once, and only then', async () => {
  const { page } = browser();
  const first = page();
  first.work.begin('huge.jpg');
  assert.equal(await page().work.broken(), undefined, 'another tab is still at it');
  first.die();
  const next = page();
  assert.equal(await next.work.broken(), 'huge.jpg');
  assert.equal(await next.work.broken(), undefined, 'once is enough');
});

test('work that was finished, and a page that was left in good order, leave no note', async () => {
  const { page } = browser();
  const first = page();
  first.work.begin('fine.jpg');
  first.work.end();
  first.die();
  assert.equal(await page().work.broken(), undefined);
  const second = page();
  second.work.begin('theirs.jpg');
  page().work.end();
  second.die();
  assert.equal(await page().work.broken(), 'theirs.jpg', 'no page ends the work of another');
});

test('what was open last is known on the next visit; without storage nothing is, and nothing fails', async () => {
  const { page, kept } = browser();
  page().work.lastOpen = 'sample:room';
  assert.equal(page().work.lastOpen, 'sample:room');
  kept.set('unflat-under-way', 'no JSON');
  assert.equal(await page().work.broken(), undefined);
  const refusing = new UnderWay({ getItem: () => assert.fail(), setItem: () => assert.fail(), removeItem: () => assert.fail() }, undefined);
  refusing.begin('x.jpg');
  refusing.lastOpen = 'x';
  assert.equal(refusing.lastOpen, undefined);
  assert.equal(await refusing.broken(), undefined);
});
