// @ts-check
/** Brings a clone to the state in which it can run: packages installed, dist built. Plain Node, no packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository or package folder, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the build reads. */
const SOURCES = ['src', 'plugins', 'shaders', 'models', 'public', 'rollup.config.mjs', 'package.json', 'tsconfig.json'];
/** Written last by the build. */
const BUILT = 'dist/cli/unflat.js';

/**
 * Runs a command in the repository and passes its output on to stderr or stdout.
 * @param {string} command
 * @param {string[]} args
 * @param {{ quietStdout?: boolean, env?: NodeJS.ProcessEnv }} [options] quietStdout sends its output to stderr.
 * @returns {boolean} whether it ended with status 0.
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', options.quietStdout ? 2 : 'inherit', 'inherit'],
    env: options.env ?? process.env,
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status === 0;
}

/**
 * @param {string[]} args
 * @param {{ quietStdout?: boolean }} [options]
 */
export function npm(args, options) {
  const cli = process.env['npm_execpath'];
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...args], options) : run('npm', args, options);
}

/** Whether node_modules holds just the versions of package-lock.json; file times lie after a checkout, versions do not. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  /** @typedef {Record<string, { version?: string, optional?: boolean }>} Packages @type {(path: string) => Packages} */
  const packages = (path) => /** @type {{ packages: Packages }} */ (JSON.parse(readFileSync(path, 'utf8'))).packages;
  const have = packages(installed);
  return Object.entries(packages(join(root, 'package-lock.json'))).every(
    ([path, entry]) => path === '' || (have[path] ? have[path].version === entry.version : entry.optional),
  );
}

/** Newest change below a path, in ms since 1970. @param {string} path @returns {number} */
function changedAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, changedAt(join(path, name))), stat.mtimeMs);
}

function isBuilt() {
  const built = statSync(join(root, BUILT), { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((path) => changedAt(join(root, path)) <= built.mtimeMs);
}

/** Installs the packages of the lock file unless they are there. @param {{ quietStdout?: boolean }} [options] @returns {boolean} */
export function installIfNeeded(options) {
  if (!existsSync(join(root, 'package-lock.json')) || isInstalled()) return true;
  console.error('Installing packages (once)…');
  return npm(['ci', '--include=dev', '--no-audit', '--no-fund'], options);
}

/** Builds dist unless it is newer than every source. @param {{ quietStdout?: boolean }} [options] @returns {boolean} */
export function buildIfNeeded(options) {
  if (!existsSync(join(root, 'rollup.config.mjs')) || isBuilt()) return true;
  console.error('Building…');
  return run(process.execPath, ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'], options);
}

/**
 * Both; ends the process with a plain message when one fails. UNFLAT_PREPARED=1 says that both are done: a test run builds once.
 * @param {{ quietStdout?: boolean }} [options]
 */
export function prepare(options) {
  if (process.env['UNFLAT_PREPARED'] === '1') return;
  if (!installIfNeeded(options)) fail('The packages could not be installed. Check the network connection and run the same command again.');
  if (!buildIfNeeded(options)) fail('The build failed; the reason stands above.');
}

/** @param {string} message @returns {never} */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
