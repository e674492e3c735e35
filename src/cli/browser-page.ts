import { chromium, type Browser, type Page } from 'playwright-core';
import type { AutomationJob, AutomationPlugins, AutomationResult } from '../app/automation.ts';
import type { Stage } from '../core/index.ts';
import { CHROMIUM_FLAGS, NO_CHROMIUM, findChromium } from './chromium.mjs';

/** No name resolves: the page cannot reach the network even if it wanted to. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

type OnProgress = (stage: Stage, fraction: number, note?: string) => void;

/** The app's page in an unseen browser; one for all photos, opened again after a crash. */
export class BrowserPage {
  readonly #browser: Browser;
  readonly #address: string;
  readonly #models: string;
  #page: Page | undefined;
  #onProgress: OnProgress = () => {};

  private constructor(browser: Browser, address: string, models: string) {
    this.#browser = browser;
    this.#address = address;
    this.#models = models;
  }

  /**
   * @param models path at which the app's server hands out the folder of models, with slashes at both ends.
   * @throws Error when there is no browser or it does not start.
   */
  static async launch(appUrl: string, models: string): Promise<BrowserPage> {
    const executablePath = await findChromium();
    if (!executablePath) throw new Error(NO_CHROMIUM);
    const browser = await chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_FLAGS, OFFLINE], handleSIGINT: false });
    return new BrowserPage(browser, `${appUrl}#automation`, models);
  }

  async #open(): Promise<Page> {
    if (this.#page && !this.#page.isClosed()) return this.#page;
    const page = await this.#browser.newPage({ serviceWorkers: 'block' });
    // A crashed page stays open and answers nothing: the next photo gets a new one.
    page.on('crash', () => (this.#page = undefined));
    await page.exposeFunction('unflatProgress', (...step: Parameters<OnProgress>) => this.#onProgress(...step));
    await page.goto(this.#address);
    await page.waitForFunction(() => globalThis.unflatAutomation !== undefined);
    await page.evaluate((folder) => globalThis.unflatAutomation!.useModels(folder), this.#models);
    return (this.#page = page);
  }

  async plugins(): Promise<AutomationPlugins> {
    const page = await this.#open();
    return page.evaluate(() => globalThis.unflatAutomation!.plugins());
  }

  async convert(job: AutomationJob, onProgress: OnProgress): Promise<AutomationResult> {
    this.#onProgress = onProgress;
    const page = await this.#open();
    try {
      return await page.evaluate((task) => globalThis.unflatAutomation!.convert(task), job);
    } catch (cause) {
      this.#page = undefined;
      await page.close().catch(() => {});
      const crashed = cause instanceof Error && /crash|closed/i.test(cause.message);
      const reason = crashed ? 'the browser gave up, most likely for want of memory; try a smaller --longer-side' : messageOf(cause);
      throw new Error(`${job.photo.name}: ${reason}.`, { cause });
    }
  }

  async dispose(): Promise<void> {
    await this.#browser.close();
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
