// @ts-check
/** `npm test`: everything that must hold, from a fresh clone. Needs Node and npm alone; installs the rest. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium, installChromium } from '../src/cli/chromium.mjs';
import { buildIfNeeded, fail, installIfNeeded, root, run } from '../src/cli/prepare.mjs';

/** @type {(name: string, work: () => boolean | Promise<boolean>) => Promise<void>} */
async function step(name, work) {
  const start = Date.now();
  console.log(`\n── ${name}`);
  if (!(await work())) fail(`\n${name}: failed.`);
  console.log(`   ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** @type {(path: string, ...args: string[]) => boolean} */
const node = (path, ...args) => run(process.execPath, [path, ...args]);

/** The runner's own totals, added up over its runs. @type {Map<string, number>} */
const totals = new Map();

/**
 * Runs the test files of some folders.
 * @param {readonly string[]} folders below test/
 * @param {number} concurrency files at a time
 * @returns {Promise<boolean>}
 */
function tests(folders, concurrency) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, 'test', folder), { recursive: true })
      .map((name) => `test/${folder}/${String(name)}`)
      .filter((name) => name.endsWith('.test.ts')),
  );
  const args = ['--import', 'tsx', '--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, '--test-timeout=900000', ...files];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line);
    const [, name, count] = /^ℹ (tests|pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line) ?? [];
    if (name !== undefined) totals.set(name, (totals.get(name) ?? 0) + Number(count));
  });
  return new Promise((done) => child.on('error', () => done(false)).on('close', (status) => done(status === 0)));
}

await step('packages', () => installIfNeeded());
const chromium = (await findChromium()) ?? (await installChromium()) ?? fail(NO_CHROMIUM);
console.log(`Chromium: ${chromium}`);
await step('lint', () => node('node_modules/oxlint/bin/oxlint', '--deny-warnings'));
await step('types', () => node('node_modules/typescript/bin/tsc') && node('node_modules/typescript/bin/tsc', '-p', 'src/app/tsconfig.service-worker.json'));
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
  passed = await tests(['unit', 'contract'], 2);
  console.log('\n── tests in the browser');
  passed = (await tests(['browser'], 1)) && passed;
} finally {
  await server.close();
}
console.log(`\n── all tests: ${[...totals].map(([name, count]) => `${name} ${count}`).join(', ')}`);
if (!passed) fail('\ntests: failed.');
