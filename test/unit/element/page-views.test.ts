import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { PageViews, type PageMember } from '../../../src/element/page-views.ts';

const MIB = 2 ** 20;

/** A page of elements, each at its distance from the view in pixels; nearer than 500 is near. */
class FakePage {
  readonly views = new PageViews();
  readonly awake = new Set<number>();
  readonly forgotten: number[] = [];
  readonly distances: number[];
  readonly #members: PageMember[] = [];
  readonly #watchers: ((entries: IntersectionObserverEntry[]) => void)[] = [];

  constructor(t: TestContext, bytes: readonly number[]) {
    const watchers = this.#watchers;
    class FakeObserver {
      constructor(watch: (entries: IntersectionObserverEntry[]) => void) {
        watchers.push(watch);
      }
      observe(): void {}
      unobserve(): void {}
    }
    const stubs = { IntersectionObserver: FakeObserver, innerWidth: 400, innerHeight: 400 };
    Object.assign(globalThis, stubs);
    t.after(() => Object.keys(stubs).forEach((name) => Reflect.deleteProperty(globalThis, name)));
    this.distances = bytes.map(() => 0);
    for (const n of bytes.keys()) {
      const member: PageMember = {
        element: { getBoundingClientRect: () => ({ left: 0, right: 400, top: 400 + this.distances[n]!, bottom: 800 }) } as Element,
        onNear: () => undefined,
        wake: () => this.awake.add(n),
        rest: () => this.awake.delete(n),
        forget: () => this.forgotten.push(n),
      };
      this.#members.push(member);
      this.views.enter(member);
    }
    this.scroll(() => 0);
    for (const [n, size] of bytes.entries()) this.views.tell(this.#members[n]!, { wants: true, holds: true, bytes: size });
  }

  scroll(distanceOf: (n: number) => number): void {
    this.#members.forEach((_, n) => (this.distances[n] = distanceOf(n)));
    const entries = this.#members.map(({ element }, n) => ({ target: element, isIntersecting: this.distances[n]! < 500 }));
    this.#watchers[0]?.(entries as IntersectionObserverEntry[]);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('of small photos six are shown in 3D', async (t) => {
  const page = new FakePage(t, Array<number>(14).fill(30 * MIB));
  await settled();
  assert.equal(page.awake.size, 6);
});

test('of large photos as many are shown in 3D as have room together', async (t) => {
  const page = new FakePage(t, Array<number>(6).fill(250 * MIB));
  await settled();
  assert.equal(page.awake.size, 3);
});

test('a photo larger than the room for all of them is shown in 3D, alone', async (t) => {
  const page = new FakePage(t, [1500 * MIB, 30 * MIB, 1500 * MIB]);
  await settled();
  assert.deepEqual([...page.awake], [0]);
});

test('large scenes far from the view are let go of, those scrolled away first before the others', async (t) => {
  const page = new FakePage(t, Array<number>(5).fill(250 * MIB));
  await settled();
  assert.deepEqual(page.forgotten, [], 'what is in view is kept');
  page.scroll((n) => (n < 4 ? 2000 : 0));
  await settled();
  assert.deepEqual(
    page.forgotten.toSorted((a, b) => a - b),
    [0, 1],
  );
  assert.deepEqual([...page.awake].includes(4), true);
});
