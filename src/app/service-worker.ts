/**
 * Keeps the whole app on the machine: after one visit it starts and converts without a server.
 * Where the server sends no isolation headers (plain file hosting), they are added here, so
 * that the next visit has SharedArrayBuffer; the page is never reloaded for it.
 */
import { clientsClaim } from 'workbox-core';
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { SHARED_CACHE, SHARED_PREFIX, SKIP_WAITING } from './worker-words.ts';

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

addPlugins([{ handlerWillRespond: ({ response }) => Promise.resolve(isolated(response)) }]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(({ url }) => url.pathname.endsWith('/share'), ({ request }) => takeShared(request), 'POST');
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\/[^/]+\.[^/]+$/] }));

clientsClaim();
self.addEventListener('message', (event) => {
  if (event.data === SKIP_WAITING) void self.skipWaiting();
});
