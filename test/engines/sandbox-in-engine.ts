/** The sandbox of plugins in an engine: hostile plugins get nothing out, and strangers' plugins keep the contract through it, also offline. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AttackEnd } from '../browser/plugin-host-page.ts';
import { HOSTILE, hostileFile } from '../fixtures/hostile-plugins.ts';
import { buildStranger } from '../helpers/build-stranger.ts';
import { engineMissing, openEngine, type EngineName, type EnginePage } from '../helpers/engines.ts';
import { sandboxServer } from '../helpers/sandbox-page.ts';

declare function attackAll(plugins: { text: string; isCancelled: boolean }[]): Promise<{ ends: AttackEnd[]; frames: number }>;
declare function contract(text: string): Promise<{ passed: string[]; failed: string[] }>;
declare function estimates(text: string): Promise<{ keptBytes: number | undefined; left: number; right: number; keptAfter: number }>;
declare function renders(): Promise<string>;

export async function testSandbox(name: EngineName): Promise<void> {
  const skip = engineMissing(name);
  const server = await sandboxServer('strangers-page.ts');
  let page: EnginePage;
  before(async () => {
    if (!skip) page = await openEngine(name);
  });
  after(async () => {
    if (!skip) await page?.close();
  });
  const open = async (url: string): Promise<void> => {
    await page.goto(url);
    for (let tries = 0; !(await page.evaluate(() => 'contract' in globalThis)); tries++) {
      assert.ok(tries < 100, 'the page did not start');
      await new Promise((done) => setTimeout(done, 100));
    }
  };

  for (const isIsolated of [false, true]) {
    test(
      `${name}: no hostile plugin gets out of its sandbox, ${isIsolated ? 'with' : 'without'} cross-origin isolation`,
      { skip },
      async () => {
        await open(isIsolated ? `${server.url}isolated/` : server.url);
        assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), isIsolated);
        // What an answer may hold does not depend on the place.
        const chosen = [...HOSTILE.entries()].filter(([, { reaches }]) => !isIsolated || reaches);
        const files = chosen.map(([index, hostile]) => ({
          text: hostileFile(hostile, index, server.ask),
          isCancelled: hostile.isCancelled === true,
        }));
        const { ends, frames } = await page.evaluate((all) => attackAll(all), files);
        const wrong = chosen.flatMap(([index, hostile], i) => {
          const end = ends[i]!;
          const isNamed = end.error?.includes(`Hostile ${index}`) === true;
          const isRight = hostile.isCancelled
            ? end.error !== undefined
            : hostile.ends
              ? hostile.ends.test(end.error ?? '') && isNamed
              : end.loot === 0;
          return isRight && !end.isPolluted ? [] : [`${hostile.name}: ${JSON.stringify(end)}`];
        });
        assert.deepEqual([...wrong, ...server.asked.splice(0)], []);
        assert.equal(frames, 0, 'a frame was left behind');
      },
    );
  }

  test(
    `${name}: strangers’ plugins keep the contract through the sandbox, offline, and one runs a model that it brings`,
    { skip },
    async () => {
      const texts = await Promise.all(['depth-tilt', 'inpaint-mirror', 'output-obj', 'depth-warmth'].map(buildStranger));
      await open(server.url);
      await server.close();
      for (const text of texts.slice(0, 3)) {
        const { passed, failed } = await page.evaluate((file) => contract(file), text);
        assert.deepEqual(failed, []);
        assert.ok(passed.length >= 6, passed.join('\n'));
      }
      const { keptBytes, left, right, keptAfter } = await page.evaluate((file) => estimates(file), texts[3]!);
      assert.deepEqual([keptBytes, keptAfter], [212, 0], 'its model comes and goes with it');
      assert.ok(left > 0.9 && right < 0.1, `${left} ${right}`);
      assert.equal(await page.evaluate(() => renders()), '8x4 100, 8x4 150, refused', 'an output has frames rendered');
    },
  );
}
