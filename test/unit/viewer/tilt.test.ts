import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tilt } from '../../../src/viewer/tilt.ts';

test('who allows tilt on one picture of a page has allowed it on all, those that were taken away aside', async () => {
  let asked = 0;
  const events = new EventTarget();
  Object.assign(globalThis, {
    DeviceOrientationEvent: Object.assign(class {}, { requestPermission: async () => (asked++, 'granted') }),
    matchMedia: () => ({ matches: true }),
    addEventListener: events.addEventListener.bind(events),
    document: { hidden: false },
    screen: {},
  });
  const told: string[] = [];
  const surfaces = [new EventTarget(), new EventTarget(), new EventTarget()];
  const [first, , gone] = surfaces.map((surface, index) => new Tilt(surface as HTMLElement, () => told.push(`picture ${index + 1}`)));
  gone!.dispose();
  const turn = (gamma: number, timeStamp: number): void =>
    void events.dispatchEvent(
      Object.defineProperty(Object.assign(new Event('deviceorientation'), { beta: 10, gamma }), 'timeStamp', { value: timeStamp }),
    );
  turn(0, 0);
  turn(9, 100);
  assert.equal(told.length, 0, 'nothing is followed before it is allowed');
  assert.equal(await first!.ask(), true);
  turn(0, 200);
  turn(9, 300);
  assert.deepEqual(told, ['picture 1', 'picture 2']);
  assert.equal(asked, 1);
  // What comes later follows at once.
  new Tilt(new EventTarget() as HTMLElement, () => told.push('picture 4'));
  turn(0, 400);
  turn(9, 500);
  assert.ok(told.includes('picture 4'));
});
