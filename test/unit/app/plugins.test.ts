/** What a person looks at, and what they agreed to, whatever comes late or in another order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Plugins } from '../../../src/app/plugins.ts';
import type { PluginManifest } from '../../../src/plugin-api/index.ts';
import type { InstalledPlugin, PluginHost, PluginOffer } from '../../../src/plugin-host/index.ts';

/** Something that ends when the test says so. */
class Later<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }
}

const manifestOf = (id: string): PluginManifest => ({ id, label: `Label of ${id}` }) as PluginManifest;
const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

/** Reads ids in place of files, and installs what it is asked to when the test says so. */
class FakeHost extends EventTarget {
  list: InstalledPlugin[] = [];
  readonly installs: { id: string; later: Later<void>; signal: AbortSignal }[] = [];
  readonly downloads: { address: string; later: Later<string>; signal: AbortSignal }[] = [];

  async offer(bytes: Uint8Array, from: string): Promise<PluginOffer> {
    return this.beside({ manifest: manifestOf(new TextDecoder().decode(bytes)), from } as PluginOffer);
  }

  beside(offer: PluginOffer): PluginOffer {
    return { ...offer, installed: this.list.find(({ manifest: { id } }) => id === offer.manifest.id) };
  }

  async install({ manifest }: PluginOffer, onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    const later = new Later<void>();
    this.installs.push({ id: manifest.id, later, signal });
    onFraction(0.5);
    await later.promise;
    signal.throwIfAborted();
    this.list.push({ manifest } as InstalledPlugin);
  }

  plugins(): Plugins {
    return new Plugins(this as unknown as PluginHost, async (address, signal) => {
      const later = new Later<string>();
      this.downloads.push({ address, later, signal });
      return new TextEncoder().encode(await later.promise);
    });
  }
}

const file = (id: string): File => new File([id], `${id}.js`);
const offeredId = ({ offered }: Plugins): string | undefined => offered?.manifest.id;
const installedIds = ({ list }: Plugins): string[] => list.map(({ manifest: { id } }) => id);

test('of two that are looked at the last one is shown, whichever comes first', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  const slow = plugins.offerLink('https://example.org/slow.js');
  await plugins.offerFile(file('depth-quick'));
  assert.equal(offeredId(plugins), 'depth-quick');
  assert.ok(host.downloads[0]!.signal.aborted, 'nobody waits for the first one any more');
  host.downloads[0]!.later.resolve('depth-slow');
  await slow;
  assert.deepEqual([offeredId(plugins), plugins.problem, plugins.isBusy], ['depth-quick', '', false]);
  // Nor does the first one's failure count.
  const failing = plugins.offerLink('https://example.org/slow.js');
  await plugins.offerFile(file('depth-other'));
  host.downloads[1]!.later.reject(new Error('There is no such host.'));
  await failing;
  assert.deepEqual([offeredId(plugins), plugins.problem], ['depth-other', '']);
});

test('Cancel while a file is read or downloaded shows nothing afterwards', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  const looking = plugins.offerLink('https://example.org/slow.js');
  plugins.dismiss();
  host.downloads[0]!.later.resolve('depth-slow');
  await looking;
  assert.deepEqual([offeredId(plugins), plugins.problem, plugins.isBusy], [undefined, '', false]);
});

test('while the next one is read, nothing can be installed', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  await plugins.offerFile(file('depth-first'));
  const looking = plugins.offerLink('https://example.org/second.js');
  await plugins.install();
  assert.deepEqual(host.installs, []);
  host.downloads[0]!.later.resolve('depth-second');
  await looking;
  assert.equal(offeredId(plugins), 'depth-second');
});

test('while one is installed a second one waits, and does not take its place', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  await plugins.offerFile(file('depth-first'));
  const installing = plugins.install();
  await turn();
  void plugins.install();
  await plugins.offerFile(file('depth-second'));
  assert.match(plugins.problem, /“Label of depth-first” is being installed\. Wait/);
  assert.deepEqual([offeredId(plugins), plugins.isBusy, plugins.fraction], ['depth-first', true, 0.5]);
  host.installs[0]!.later.resolve();
  await installing;
  assert.deepEqual([host.installs.length, offeredId(plugins), installedIds(plugins)], [1, undefined, ['depth-first']]);
  assert.deepEqual([plugins.isBusy, plugins.fraction], [false, undefined]);
});

test('Cancel ends an installation; what is looked at afterwards stays', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  await plugins.offerFile(file('depth-first'));
  const installing = plugins.install();
  await turn();
  plugins.dismiss();
  assert.ok(host.installs[0]!.signal.aborted);
  await plugins.offerFile(file('depth-second'));
  host.installs[0]!.later.resolve();
  await installing;
  assert.deepEqual([offeredId(plugins), installedIds(plugins), plugins.problem], ['depth-second', [], '']);
  const next = plugins.install();
  await turn();
  host.installs[1]!.later.resolve();
  await next;
  assert.deepEqual(installedIds(plugins), ['depth-second']);
});

test('an update, by file or by link, is of the same plugin', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  const mine = manifestOf('depth-mine');
  await plugins.offerFile(file('depth-other'), mine);
  assert.equal(offeredId(plugins), undefined);
  const looking = plugins.offerLink('https://example.org/mine.js', mine);
  host.downloads[0]!.later.resolve('depth-other');
  await looking;
  assert.equal(offeredId(plugins), undefined);
  assert.match(
    plugins.problem,
    /^https:\/\/example\.org\/mine\.js is another plugin, “Label of depth-other” \(depth-other\), and no newer version of “Label of depth-mine”/,
  );
  const again = plugins.offerLink('https://example.org/mine.js', mine);
  host.downloads[1]!.later.resolve('depth-mine');
  await again;
  assert.equal(offeredId(plugins), 'depth-mine');
});

test('the name of a file is no link', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  for (const text of [
    'a:b.js',
    'c:\\x.js',
    'data:text/javascript,1',
    'http://example.org/x.js',
    'https://me@example.org/x.js',
    'https:x.js',
    'x.js',
  ]) {
    await plugins.offerLink(text);
    assert.match(plugins.problem, /it must begin with https:\/\//, text);
  }
  assert.deepEqual(host.downloads, []);
});

test('what another page did is told beside the file that is offered', async () => {
  const host = new FakeHost();
  const plugins = host.plugins();
  await plugins.offerFile(file('depth-mine'));
  const installedId = (): string | undefined => plugins.offered?.installed?.manifest.id;
  assert.equal(installedId(), undefined);
  host.list.push({ manifest: manifestOf('depth-mine') } as InstalledPlugin);
  host.dispatchEvent(new Event('change'));
  assert.equal(installedId(), 'depth-mine');
});
