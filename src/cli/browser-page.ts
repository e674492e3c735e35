import { chromium, type Browser, type Page } from 'playwright-core';
import type { AutomationJob, AutomationPlugins, AutomationResult, RefusedPlugin, UsedPlugin } from '../automation/index.ts';
import type { Progress } from '../core/index.ts';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from './chromium.mjs';
import { CliError } from './cli-error.ts';
import type { PluginFile } from './read-plugin-file.ts';

/** No name resolves: the page cannot reach the network even if it wanted to. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
/** How long, in ms, the browser's end may be heard of after its page's. */
const END_HEARD_MS = 1000;

/** How long, in ms, the browser may take to start, on a busy machine too. */
const START_MS = 90_000;

/** How long, in ms, the browser is waited for when it is closed: one that hangs, or was paused, may never end. */
const CLOSE_MS = 5000;

type OnProgress = (progress: Progress) => void;

/** The app's page in headless Chromium: one for all photos, opened again after a crash, and so is the browser. */
export class BrowserPage {
  readonly #address: string;
  readonly #path: string;
  #browser: Browser | undefined;
  #page: Page | undefined;
  #isDisposed = false;
  #plugins: readonly PluginFile[] = [];
  #onProgress: OnProgress = () => {};

  private constructor(address: string, path: string) {
    this.#address = address;
    this.#path = path;
  }

  /**
   * @param path the secret path of the app's server, with slashes at both ends.
   * @throws CliError `no-browser` when there is no browser or it does not start.
   */
  static async launch(appUrl: string, path: string): Promise<BrowserPage> {
    const page = new BrowserPage(`${appUrl}#automation`, path);
    await page.#start();
    return page;
  }

  async #start(): Promise<Browser> {
    const executablePath = await findChromium().catch((cause: unknown) => {
      throw new CliError('no-browser', cause instanceof Error ? cause.message : String(cause), { cause });
    });
    if (!executablePath) throw new CliError('no-browser', NO_CHROMIUM);
    this.#page = undefined;
    // Signals are ours: the browser has to outlive them until the run has been tidied up.
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    try {
      this.#browser = await chromium.launch({
        executablePath,
        headless: true,
        args: [...CHROMIUM_FLAGS, OFFLINE],
        timeout: START_MS,
        ...signals,
      });
    } catch (cause) {
      throw new CliError(
        'no-browser',
        `${executablePath} does not start as a browser (${reasonOf(cause)}); set CHROME_PATH to a Chromium, Chrome or Edge that does.`,
        { cause },
      );
    }
    if (this.#isDisposed) await this.#browser.close();
    return this.#browser;
  }

  async #open(): Promise<Page> {
    const browser = this.#browser?.isConnected() ? this.#browser : await this.#start();
    if (this.#page && !this.#page.isClosed()) return this.#page;
    const page = await browser.newPage({ serviceWorkers: 'block' });
    // A crashed page stays open and answers nothing: the next photo gets a new one.
    page.on('crash', () => (this.#page = undefined));
    await page.exposeFunction('unflatProgress', (...step: Parameters<OnProgress>) => this.#onProgress(...step));
    await page.goto(this.#address);
    await page.waitForFunction(() => globalThis.unflatAutomation !== undefined);
    await page.evaluate((path) => globalThis.unflatAutomation!.useServer(path), this.#path);
    if (this.#plugins.length > 0) await give(page, this.#plugins);
    return (this.#page = page);
  }

  /** Starts plugins of others in sandboxes, also in pages that are opened later. @returns for each what it is, or why it cannot be used. */
  async usePlugins(files: readonly PluginFile[]): Promise<(UsedPlugin | RefusedPlugin)[]> {
    const page = await this.#open();
    this.#plugins = files;
    return give(page, files);
  }

  async plugins(): Promise<AutomationPlugins> {
    const page = await this.#open();
    return page.evaluate(() => globalThis.unflatAutomation!.plugins());
  }

  /** @throws CliError `browser-ended` where the browser's process ended meanwhile: the next call starts another; `out-of-memory` where its page did. */
  async convert(job: AutomationJob, onProgress: OnProgress): Promise<AutomationResult> {
    this.#onProgress = onProgress;
    let page: Page | undefined;
    try {
      page = await this.#open();
      return await page.evaluate((task) => globalThis.unflatAutomation!.convert(task), job);
    } catch (cause) {
      if (cause instanceof CliError) throw cause;
      this.#page = undefined;
      const { name } = job.photo;
      const closed = cause instanceof Error && /crash|closed|disconnected/i.test(cause.message);
      if (this.#isDisposed) throw new CliError('stopped', `${name}: stopped.`, { cause });
      if (closed && (await this.#hasEnded()))
        throw new CliError(
          'browser-ended',
          `${name}: the browser ended while it was at work, most likely because memory ran out; try a smaller --longer-side.`,
          { cause },
        );
      await page?.close().catch(() => {});
      if (closed)
        throw new CliError(
          'out-of-memory',
          `${name}: the browser failed, most likely because memory ran out; try a smaller --longer-side.`,
          {
            cause,
          },
        );
      throw new CliError('io', `${name}: ${reasonOf(cause)}.`, { cause });
    }
  }

  async #hasEnded(): Promise<boolean> {
    const browser = this.#browser;
    if (!browser?.isConnected()) return true;
    return new Promise((done) => {
      const timer = setTimeout(() => done(false), END_HEARD_MS);
      browser.once('disconnected', () => (clearTimeout(timer), done(true)));
    });
  }

  /** Closes the browser. One that does not end in a few seconds is left to Playwright, which kills it as this process exits. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const closed = this.#browser?.close().catch(() => {}); // it may have ended by itself
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((done) => (timer = setTimeout(done, CLOSE_MS)));
    await Promise.race([closed, late]).finally(() => clearTimeout(timer));
  }
}

function give(page: Page, files: readonly PluginFile[]): Promise<(UsedPlugin | RefusedPlugin)[]> {
  const texts = files.map(({ bytes, from }) => ({ text: new TextDecoder().decode(bytes), from }));
  return page.evaluate((all) => globalThis.unflatAutomation!.usePlugins(all), texts);
}

/** The first line: Playwright appends its log. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (text.startsWith('browserType.launch: Target page, context or browser has been closed')) return 'it ended at once';
  if (/^browserType\.launch: Timeout \d+ms exceeded/.test(text)) return `it does not answer within ${START_MS / 1000} seconds`;
  return (text.split('\n')[0] ?? '').replace(/^(?:browserType\.launch|page\.evaluate|page\.goto): /, '').replace(/[.\s]+$/, '');
}
