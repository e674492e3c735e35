import type { BrowserContextOptions, Page } from 'playwright-core';
import { testBrowser } from '../helpers/browser.ts';
import { bundle } from '../helpers/bundle.ts';

// Asked for here, outside of any test, so that it lives until the file's last one.
const browser = testBrowser();
/** The viewer with its test page's helpers. */
let bundled: Promise<[page: string, worker: string]> | undefined;

const PAGE = `<!doctype html><meta name="viewport" content="width=device-width"><title>Viewer</title>
<style>body { margin: 0 } canvas { display: block; width: 320px; height: 240px }</style>
<main></main><script type="module" src="/page.js"></script>`;

export interface ViewerPage {
  page: Page;
  /** What the console and the page complained of. */
  said: string[];
  close(): Promise<void>;
}

/** Opens a page that holds the viewer, without a server. */
export async function openViewerPage(options: BrowserContextOptions = {}): Promise<ViewerPage> {
  const context = await (await browser).newContext({ viewport: { width: 640, height: 480 }, ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(error.message));
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && !message.text().includes('ReadPixels') && said.push(message.text()),
  );
  const [script, worker] = await (bundled ??= Promise.all([bundle('viewer-page.ts'), bundle('raster-worker.ts')]));
  await page.route('http://viewer.test/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (!pathname.endsWith('.js')) return route.fulfill({ contentType: 'text/html', body: PAGE });
    if (pathname === '/missing.js') return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: 'text/javascript', body: pathname === '/worker.js' ? worker : script });
  });
  await page.goto('http://viewer.test/');
  await page.waitForFunction(() => 'viewerTests' in globalThis);
  return { page, said, close: () => context.close() };
}
