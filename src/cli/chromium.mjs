// @ts-check
/** Finds a Chromium (or Chrome, or Edge) on this machine, and installs one where asked to. Plain Node, no packages. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npm, root, run } from './prepare.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];
/** A headless build that comes as an npm package; this version still takes Node 20. */
const PACKAGED = '@sparticuz/chromium@147.0.0';

/** What to tell a person without a browser. */
export const NO_CHROMIUM =
  'No Chromium was found. Install Chromium, Chrome or Edge, or run `npx unflat install-browser`, or set CHROME_PATH to its program file.';

/**
 * Flags under which WebGL2 works without a screen or a GPU, and nothing is asked of the network.
 * Root has no sandbox of its own, so it is switched off there alone.
 */
export const CHROMIUM_FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-dev-shm-usage',
  '--enable-unsafe-webgpu',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** @param {string | undefined} path */
function isProgram(path) {
  if (!path) return false;
  try {
    accessSync(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @returns {string} where an installed browser is kept between runs. */
function cacheFolder() {
  const home = homedir();
  const base =
    process.platform === 'darwin'
      ? join(home, 'Library/Caches')
      : process.platform === 'win32'
        ? (process.env['LOCALAPPDATA'] ?? join(home, 'AppData/Local'))
        : (process.env['XDG_CACHE_HOME'] ?? join(home, '.cache'));
  return join(base, 'unflat');
}

function systemPaths() {
  if (process.platform === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge', 'Brave Browser'].flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (process.platform === 'win32') {
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
    const programs = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Browsers that Playwright has installed, newest first. */
function playwrightPaths() {
  const home = homedir();
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const byPlatform = {
    darwin: join(home, 'Library/Caches/ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? home, 'ms-playwright'),
  };
  const folder = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? byPlatform[process.platform] ?? join(home, '.cache/ms-playwright');
  if (!existsSync(folder)) return [];
  const programs = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-headless-shell-linux64/chrome-headless-shell',
    'chrome-linux/headless_shell',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe',
  ];
  return readdirSync(folder)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse()
    .flatMap((name) => programs.map((program) => join(folder, name, program)));
}

/** The browser out of the npm package, unpacked to a temporary folder by the package itself. */
async function packagedPath() {
  const entry = join(cacheFolder(), 'node_modules/@sparticuz/chromium/build/esm/index.js');
  const older = join(cacheFolder(), 'node_modules/@sparticuz/chromium/build/index.js');
  const found = [entry, older].find((path) => existsSync(path));
  if (!found) return undefined;
  try {
    const packaged = /** @type {{ default: { executablePath(): Promise<string> } }} */ (await import(pathToFileURL(found).href));
    return await packaged.default.executablePath();
  } catch {
    return undefined; // unpacking failed: as if it were not there
  }
}

/**
 * @returns {Promise<string | undefined>} the program file of a Chromium: CHROME_PATH, the system's, Playwright's, or an earlier install.
 * @throws Error when CHROME_PATH is set but is no program.
 */
export async function findChromium() {
  const own = process.env['CHROME_PATH'];
  if (own) {
    if (!isProgram(own)) throw new Error(`CHROME_PATH is ${own}, which is not a program. Correct it or unset it.`);
    return own;
  }
  return [...systemPaths(), ...playwrightPaths()].find(isProgram) ?? (await packagedPath());
}

/** Installs a Chromium by the first way that works here. @returns {Promise<string | undefined>} its program file. */
export async function installChromium() {
  const apt = ['/usr/bin/apt-get', '/bin/apt-get'].find(isProgram);
  if (apt && process.getuid?.() === 0) {
    console.error('Installing Chromium (apt-get)…');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run(apt, ['update', '-qq'], { quietStdout: true, env });
    run(apt, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { quietStdout: true, env });
    const found = await findChromium();
    if (found) return found;
  }
  const playwright = join(root, 'node_modules/playwright-core/cli.js');
  if (existsSync(playwright)) {
    console.error('Installing Chromium (Playwright)…');
    run(process.execPath, [playwright, 'install', 'chromium'], { quietStdout: true });
    const found = await findChromium();
    if (found) return found;
  }
  console.error('Installing Chromium (npm)…');
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', PACKAGED], { quietStdout: true });
  return findChromium();
}
