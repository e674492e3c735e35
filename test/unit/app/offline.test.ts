import assert from 'node:assert/strict';
import { test } from 'node:test';

Object.assign(globalThis, { UNFLAT_BUILD: 'test' });
const { keepOffline } = await import('../../../src/app/keep-offline.ts');

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly told: unknown[] = [];
  postMessage(message: unknown): void {
    this.told.push(message);
  }
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  find(worker: FakeWorker): void {
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
  }
}

/** A page under a browser's service workers, as far as the app knows of them. */
async function visit(controller: FakeWorker | null) {
  const registration = new FakeRegistration();
  registration.active = controller;
  const container = Object.assign(new EventTarget(), {
    controller,
    ready: Promise.resolve(registration),
    register: async () => registration,
  });
  Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker: container }, configurable: true });
  Object.assign(globalThis, { document: { baseURI: 'http://localhost/', documentElement: { dataset: {} } } });
  const offers: string[] = [];
  await keepOffline({ onReady: () => {}, onUpdate: (update) => offers.push(update) });
  return { registration, container, offers };
}

test('on the first visit nothing is called a new version, though the first worker is said to wait when it is in charge already', async () => {
  const { registration, container, offers } = await visit(null);
  const first = new FakeWorker();
  registration.find(first);
  // As WebKit does: claimed, active, and only then told of as installed.
  Object.assign(registration, { installing: null, waiting: first });
  container.controller = first;
  container.dispatchEvent(new Event('controllerchange'));
  first.become('installed');
  registration.active = first;
  first.become('installed');
  assert.deepEqual(offers, []);
});

test('a worker that waits behind an older one is offered', async () => {
  const { registration, offers } = await visit(new FakeWorker());
  const newer = new FakeWorker();
  registration.find(newer);
  Object.assign(registration, { installing: null, waiting: newer });
  newer.become('installed');
  assert.deepEqual(offers, ['waiting']);
});
