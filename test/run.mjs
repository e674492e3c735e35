// @ts-check
/** `npm test`: everything that must hold, from a fresh clone. Needs Node and npm alone; installs the rest. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium, installChromium } from '../src/cli/chromium.mjs';
import { buildIfNeeded, fail, installIfNeeded, root, run } from '../src/cli/prepare.mjs';
import { noCounts } from './count-tests.mjs';
import { runFiles } from './run-files.mjs';

/** @type {(name: string, work: () => boolean | Promise<boolean>) => Promise<void>} */
async function step(name, work) {
  const start = Date.now();
  console.log(`\n── ${name}`);
  if (!(await work())) fail(`\n${name}: failed.`);
  console.log(`   ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** @type {(path: string, ...args: string[]) => boolean} */
const node = (path, ...args) => run(process.execPath, [path, ...args]);

/** Of all tests that ran. */
const totals = noCounts();

/** Browser tests that ask how long something takes, or what a page does while nothing else happens: nothing may run beside them. */
const ALONE = ['app-idle', 'depth-model', 'inference', 'inference-large', 'models', 'pipeline', 'viewer'].map(
  (name) => `test/browser/${name}.test.ts`,
);

/** The test files of some folders. @type {(...folders: string[]) => string[]} */
const filesIn = (...folders) =>
  folders.flatMap((folder) =>
    readdirSync(join(root, 'test', folder), { recursive: true })
      .map((name) => `test/${folder}/${String(name)}`)
      .filter((name) => name.endsWith('.test.ts')),
  );

/**
 * Runs test files and adds them to the totals.
 * @type {(files: readonly string[], concurrency: number, again?: boolean) => Promise<boolean>}
 */
async function tests(files, concurrency, again = false) {
  const { passed, counts } = await runFiles(files, { concurrency, folder: root, again });
  for (const name of /** @type {(keyof typeof totals)[]} */ (Object.keys(totals))) totals[name] += counts[name];
  return passed;
}

await step('packages', () => installIfNeeded());
const chromium = (await findChromium()) ?? (await installChromium()) ?? fail(NO_CHROMIUM);
console.log(`Chromium: ${chromium}`);
await step('format', () => node('node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn'));
await step('lint', () => node('node_modules/oxlint/bin/oxlint', '--deny-warnings'));
await step('types', () => node('test/check-types.mjs'));
await step('build', () => buildIfNeeded());
await step('sizes', () => node('test/check-size.mjs'));

// One browser for every test file: it is started here, and test/helpers/browser.ts finds it by its address.
const playwright = await import('playwright-core');
const server = await playwright.chromium.launchServer({ executablePath: chromium, headless: true, args: CHROMIUM_FLAGS });
process.env['UNFLAT_TEST_BROWSER'] = server.wsEndpoint();
process.env['CHROME_PATH'] = chromium;
let passed = false;
try {
  console.log('\n── tests in Node');
  passed = await tests(filesIn('unit', 'contract'), 2);
  console.log('\n── tests in the browser');
  // Two at a time is this suite's own choice: what fails in such company is run once more without it.
  passed =
    (await tests(
      filesIn('browser').filter((file) => !ALONE.includes(file)),
      2,
      true,
    )) && passed;
  console.log('\n── tests in the browser that need the machine for themselves');
  passed = (await tests(ALONE, 1)) && passed;
  console.log('\n── tests in Firefox and WebKit, where they are installed');
  passed = (await tests(filesIn('engines'), 1)) && passed;
} finally {
  await server.close();
}
console.log(
  `\n── all tests: ${Object.entries(totals)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`,
);
if (!passed) fail('\ntests: failed.');
