import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { listen } from '../../src/cli/static-server.mjs';
import { testBrowser } from '../helpers/browser.ts';
import { plainHosting } from '../helpers/plain-hosting.ts';
import { AppPage, SMALL_SAMPLE, appServer, eventually, photoFile } from './app-page.ts';

const browser = await testBrowser();
const reached: string[] = [];
/** Somebody who would take a photo if he were asked. */
const foreign = await listen((request, response) => {
  reached.push(request.url ?? '');
  response.writeHead(200, { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }).end('mine');
});
after(() => foreign.close());

async function open(t: TestContext, url: string): Promise<AppPage> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' });
  t.after(() => context.close());
  return AppPage.open(context, url);
}

/** Has a photo alone converted, so that both workers run, and lets each of them try to reach the foreign server. @returns what each met. */
async function tryAll(app: AppPage): Promise<Record<string, string>> {
  await app.openFiles(photoFile('secret.png'));
  await app.opened('secret.png');
  await eventually(
    'a worker is missing',
    async () => app.page.workers().filter((worker) => /(pipeline|inference)-worker/.test(worker.url())).length === 2,
  );
  const answers: Record<string, string> = {};
  for (const name of ['pipeline-worker', 'inference-worker']) {
    const worker = app.page.workers().find((each) => each.url().includes(name))!;
    // As text: what compiles this file gives functions names by a helper that a worker has not.
    answers[name] = await worker.evaluate(`fetch('${foreign.url}${name}').then(() => 'reached', () => 'refused')`);
  }
  return answers;
}

test('no worker reaches anybody but the app and the hosts of models, as little as the page does', async (t) => {
  const app = await open(t, (await appServer()).url);
  const answers = await tryAll(app);
  assert.deepEqual(answers, { 'pipeline-worker': 'refused', 'inference-worker': 'refused' });
  assert.deepEqual(reached, []);
});

test('on hosting that sends no headers the service worker sees to it, from the second visit on', async (t) => {
  const { url, close } = await plainHosting({ files: SMALL_SAMPLE });
  t.after(close);
  const app = await open(t, url);
  await app.page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await app.page.reload();
  await app.ready();
  const answers = await tryAll(app);
  assert.deepEqual(answers, { 'pipeline-worker': 'refused', 'inference-worker': 'refused' });
  assert.deepEqual(reached, []);
});
