// @ts-check
/** Runs test files by Node's test runner, counts their tests, and runs those again that failed beside another. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { noCounts } from './count-tests.mjs';

/**
 * @typedef {import('./count-tests.mjs').Counts} Counts
 * @typedef {object} RunOptions
 * @property {number} concurrency files at a time
 * @property {string} folder what the files' paths are relative to
 * @property {boolean} [again] runs each file that failed once more, by itself. Default false.
 * @property {(line: string) => void} [say] default console.log
 */

const reporter = new URL('count-tests.mjs', import.meta.url).href;

/**
 * Runs test files.
 * @param {readonly string[]} files
 * @param {RunOptions} options
 * @returns {Promise<{ passed: boolean, counts: Counts }>} a file that ran twice counts as it came out the second time.
 */
export async function runFiles(files, { concurrency, folder, again = false, say = console.log }) {
  const { passed, byFile } = await runOnce(files, concurrency, folder, say);
  const failed = files.filter((file) => isFailed(byFile[file]));
  if (!again || passed || failed.length === 0) return { passed, counts: sum(byFile) };
  let isMended = Object.entries(byFile).every(([file, counts]) => failed.includes(file) || !isFailed(counts));
  for (const file of failed) {
    say(`\n── ${file} failed beside another file: it is run once more, by itself`);
    const second = await runOnce([file], 1, folder, say);
    say(`── ${file} ${second.passed ? 'passed' : 'failed again'} by itself`);
    delete byFile[file];
    Object.assign(byFile, second.byFile);
    isMended &&= second.passed;
  }
  return { passed: isMended, counts: sum(byFile) };
}

/** @type {(counts: Counts | undefined) => boolean} */
const isFailed = (counts) => counts !== undefined && counts.fail + counts.cancelled > 0;

/** @type {(files: readonly string[], concurrency: number, folder: string, say: (line: string) => void) => Promise<{ passed: boolean, byFile: Record<string, Counts> }>} */
async function runOnce(files, concurrency, folder, say) {
  const results = mkdtempSync(join(tmpdir(), 'unflat-tests-'));
  try {
    const path = join(results, 'counts.json');
    const reporters = [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${path}`,
    ];
    const args = ['--import', 'tsx', '--test', ...reporters, `--test-concurrency=${concurrency}`, '--test-timeout=900000', ...files];
    // Set where this runs inside a test; the runner would then run nothing.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', say);
    /** @type {boolean} */
    const passed = await new Promise((done) => child.on('error', () => done(false)).on('close', (status) => done(status === 0)));
    return { passed, byFile: readCounts(path) };
  } finally {
    rmSync(results, { recursive: true });
  }
}

/** None where the runner itself ended before its time. @type {(path: string) => Record<string, Counts>} */
function readCounts(path) {
  try {
    return /** @type {Record<string, Counts>} */ (JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

/** @type {(byFile: Record<string, Counts>) => Counts} */
function sum(byFile) {
  const total = noCounts();
  for (const counts of Object.values(byFile))
    for (const name of /** @type {(keyof Counts)[]} */ (Object.keys(total))) total[name] += counts[name];
  return total;
}
