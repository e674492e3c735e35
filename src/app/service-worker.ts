/**
 * Keeps the whole app on the machine: after one visit it starts and converts without a server.
 * Where the server sends no isolation headers (plain file hosting), they are added here, so
 * that the next visit has SharedArrayBuffer; the page is never reloaded for it.
 */
import { clientsClaim } from 'workbox-core';
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { ORT_FOLDER } from './ort-folder.ts';
import { KEEP_FILES, SHARED_CACHE, SHARED_PREFIX, SKIP_WAITING } from './worker-words.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Photos shared from another app arrive as a form; they are laid by for the page, which then opens them. */
async function takeShared(request: Request): Promise<Response> {
  const files = (await request.formData()).getAll('files').filter((entry) => entry instanceof File);
  const cache = await caches.open(SHARED_CACHE);
  await Promise.all(
    files.map((file, index) =>
      cache.put(`${SHARED_PREFIX}${index}/${encodeURIComponent(file.name || 'photo')}`, new Response(file, { headers: { 'content-type': file.type } })),
    ),
  );
  return Response.redirect('./#shared', 303);
}

/** What runs networks on the graphics card is large, so it is kept from its first use on; what runs the built-in one comes with the app. */
const ORT_CACHE = 'unflat-ort';
const ORT_URL = new URL(ORT_FOLDER, self.location.href).href;

async function ortFile(url: string, keepAlive: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(ORT_CACHE);
  const kept = await cache.match(url);
  if (kept) return kept;
  const answer = await fetch(url);
  if (!answer.ok) return answer;
  const response = isolated(answer);
  // On a full disk it is fetched again the next time.
  keepAlive(cache.put(url, response.clone()).catch(() => {}));
  return response;
}

async function keepOrtFiles(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(ORT_CACHE);
  for (const url of urls) {
    if (!url.startsWith(ORT_URL) || (await cache.match(url))) continue;
    const answer = await fetch(url);
    if (answer.ok) await cache.put(url, isolated(answer));
  }
}

async function dropOldOrtFiles(): Promise<void> {
  const cache = await caches.open(ORT_CACHE);
  // Those for the processor are kept with the app itself.
  for (const { url } of await cache.keys()) if (!url.startsWith(ORT_URL) || !url.includes('.asyncify.')) await cache.delete(url);
}

addPlugins([{ handlerWillRespond: ({ response }) => Promise.resolve(isolated(response)) }]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(({ url }) => url.pathname.endsWith('/share'), ({ request }) => takeShared(request), 'POST');
registerRoute(({ url }) => url.href.startsWith(ORT_URL), ({ url, event }) => ortFile(url.href, (work) => event.waitUntil(work)));
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\/[^/]+\.[^/]+$/] }));

clientsClaim();
self.addEventListener('activate', (event) => event.waitUntil(dropOldOrtFiles()));
self.addEventListener('message', (event) => {
  if (event.data === SKIP_WAITING) void self.skipWaiting();
  // Without a connection or room the files are kept at their next use.
  if (event.data?.type === KEEP_FILES) event.waitUntil(keepOrtFiles(event.data.urls as string[]).catch(() => {}));
});
