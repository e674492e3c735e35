/** Firefox and WebKitGTK for the tests, where they are installed. Chromium is test/helpers/browser.ts. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualScreen } from './virtual-screen.ts';
import { WebDriverSession } from './webdriver.ts';

export type EngineName = 'firefox' | 'webkit';

/** A page in some engine; what the tests need of it. */
export interface EnginePage {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page; arguments and result travel as JSON. @throws Error with the page's own message. */
  evaluate<T, A extends unknown[]>(run: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

const firstOf = (...paths: (string | undefined)[]): string | undefined => paths.find((path) => path !== undefined && existsSync(path));
const XVFB = firstOf('/usr/bin/Xvfb');
const FIREFOX = firstOf(process.env['FIREFOX_PATH'], '/usr/bin/firefox-esr', '/usr/bin/firefox');
const WEBKIT_DRIVER = firstOf('/usr/bin/WebKitWebDriver');
const MINI_BROWSER = firstOf(
  ...['x86_64', 'aarch64'].flatMap((cpu) =>
    ['4.1', '4.0', '6.0'].map((abi) => `/usr/lib/${cpu}-linux-gnu/webkit${abi === '6.0' ? 'gtk' : '2gtk'}-${abi}/MiniBrowser`),
  ),
);

/** False where the engine can be started here, else what is missing: for `skip`. */
export function engineMissing(name: EngineName): false | string {
  if (!XVFB) return 'Xvfb is not installed (Debian: apt-get install xvfb)';
  if (name === 'firefox') return FIREFOX ? false : 'Firefox is not installed (Debian: apt-get install firefox-esr)';
  return WEBKIT_DRIVER && MINI_BROWSER ? false : 'WebKitGTK is not installed (Debian: apt-get install webkit2gtk-driver)';
}

/** Starts the engine with an empty profile and one page. @throws Error where {@link engineMissing} has a reason. */
export async function openEngine(name: EngineName): Promise<EnginePage> {
  const missing = engineMissing(name);
  if (missing) throw new Error(missing);
  const screen = await virtualScreen(XVFB!);
  const home = mkdtempSync(join(tmpdir(), 'unflat-engine-'));
  const env = {
    ...process.env,
    DISPLAY: screen.display,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
  };
  const cleanUp = (): void => {
    screen.close();
    try {
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } catch {
      // A browser that is still ending may go on writing its caches; the system clears what is left of them.
    }
  };
  try {
    const page = await (name === 'firefox' ? openFirefox(env, home) : openWebKit(env));
    return { ...page, close: () => page.close().finally(cleanUp) };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function openFirefox(env: NodeJS.ProcessEnv, home: string): Promise<EnginePage> {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX!,
    headless: false,
    userDataDir: join(home, 'profile'),
    env: stringsOf(env),
    protocolTimeout: 600_000,
    timeout: 120_000,
    // Nothing but the test's own pages is asked for.
    extraPrefsFirefox: {
      'app.normandy.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'browser.search.update': false,
    },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1180, height: 800 });
  return {
    goto: async (url) => void (await page.goto(url, { timeout: 120_000 })),
    reload: async () => void (await page.reload({ timeout: 120_000 })),
    evaluate: async <T, A extends unknown[]>(run: (...args: A) => T | Promise<T>, ...args: A) =>
      (await page.evaluate(`(${plain(run)})(...${JSON.stringify(args)})`)) as T,
    screenshot: async () => Buffer.from(await page.screenshot()),
    close: () => browser.close(),
  };
}

async function openWebKit(env: NodeJS.ProcessEnv): Promise<EnginePage> {
  const session = await WebDriverSession.start({
    driver: WEBKIT_DRIVER!,
    capabilities: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: MINI_BROWSER!, args: ['--automation'] } },
    env: { ...env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  return {
    goto: (url) => session.goto(url),
    reload: () => session.reload(),
    evaluate: async <T, A extends unknown[]>(run: (...args: A) => T | Promise<T>, ...args: A) =>
      (await session.evaluate(plain(run), args)) as T,
    screenshot: () => session.screenshot(),
    close: () => session.close(),
  };
}

/** The loader of these tests names functions by a helper that pages do not have. */
function plain(run: (...args: never[]) => unknown): string {
  return `(...args) => { const __name = (f) => f; return (${run.toString()})(...args); }`;
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
