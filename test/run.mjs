// @ts-check
/** `npm test`: everything that must hold, from a fresh clone. Needs Node and npm alone; installs the rest. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium, installChromium } from '../src/cli/chromium.mjs';
import { buildIfNeeded, fail, installIfNeeded, root, run } from '../src/cli/prepare.mjs';

/** @type {(name: string, work: () => boolean) => void} */
function step(name, work) {
  const start = Date.now();
  console.log(`\n── ${name}`);
  if (!work()) fail(`\n${name}: failed.`);
  console.log(`   ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
/** @type {(path: string, ...args: string[]) => boolean} */
const node = (path, ...args) => run(process.execPath, [path, ...args]);
/** @type {(folder: string) => string[]} */
const tests = (folder) =>
  readdirSync(join(root, 'test', folder), { recursive: true })
    .map((name) => `test/${folder}/${String(name)}`)
    .filter((name) => name.endsWith('.test.ts'))
    .sort();

step('packages', () => installIfNeeded());
const chromium = (await findChromium()) ?? (await installChromium()) ?? fail(NO_CHROMIUM);
console.log(`Chromium: ${chromium}`);
step('lint', () => node('node_modules/oxlint/bin/oxlint', '--deny-warnings'));
step('types', () => node('node_modules/typescript/bin/tsc') && node('node_modules/typescript/bin/tsc', '-p', 'src/app/tsconfig.service-worker.json'));
step('build', () => buildIfNeeded());
step('sizes', () => node('test/check-size.mjs'));

// One browser for every test file: it is started here, and test/helpers/browser.ts finds it by its address.
const playwright = await import('playwright-core');
const server = await playwright.chromium.launchServer({ executablePath: chromium, headless: true, args: CHROMIUM_FLAGS });
process.env['UNFLAT_TEST_BROWSER'] = server.wsEndpoint();
process.env['CHROME_PATH'] = chromium;
try {
  step('tests', () =>
    node('--import', 'tsx', '--test', '--test-concurrency=1', '--test-timeout=600000', ...tests('unit'), ...tests('contract'), ...tests('browser')),
  );
} finally {
  await server.close();
}
