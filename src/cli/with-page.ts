import { BrowserPage } from './browser-page.ts';
import { FileExchange } from './file-exchange.ts';
import type { ModelsFolder } from './models-folder.ts';

/** Opens the app in a headless browser for one piece of work, and closes it whatever comes of that. @throws `signal.reason` when stopped. */
export async function withPage<T>(
  models: ModelsFolder,
  signal: AbortSignal,
  work: (page: BrowserPage, exchange: FileExchange) => Promise<T>,
): Promise<T> {
  const exchange = new FileExchange(models);
  let page: BrowserPage | undefined;
  try {
    await exchange.start();
    page = await BrowserPage.launch(exchange.appUrl, exchange.path);
    signal.throwIfAborted();
    return await work(page, exchange);
  } finally {
    await page?.dispose();
    await exchange.dispose();
  }
}
