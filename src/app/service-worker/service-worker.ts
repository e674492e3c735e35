/**
 * Keeps the whole app on the machine: after one visit it starts and converts without a server.
 * Where the server sends no isolation headers (plain file hosting), they are added here, so
 * that the next visit has SharedArrayBuffer; the page is never reloaded for it.
 */
import { cacheNames, clientsClaim } from 'workbox-core';
import { PrecacheController, PrecacheRoute, cleanupOutdatedCaches, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { BUILD, BUILD_LOCK } from '../build-lock.ts';
import { ORT_FOLDER } from '../ort-folder.ts';
import { DROP_FORMER, KEEP_FILES, SHARED_CACHE, SHARED_PREFIX, SKIP_WAITING } from '../shared-cache.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

/** What each worker's script may do, by its name; filled in by the build. */
declare const UNFLAT_WORKER_POLICIES: Readonly<Record<string, string>>;

const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** An answer with the headers that isolate the page and, for a worker's script, say what it may do. */
function isolated(response: Response, url: string): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const policy = UNFLAT_WORKER_POLICIES[new URL(url).pathname.split('/').pop() ?? ''];
  if (policy) headers.set('content-security-policy', policy);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** Photos shared from another app arrive as a form; they are laid by for the page, which then opens them. */
async function takeShared(request: Request): Promise<Response> {
  const files = (await request.formData()).getAll('files').filter((entry) => entry instanceof File);
  const cache = await caches.open(SHARED_CACHE);
  await Promise.all(
    files.map((file, index) =>
      cache.put(
        `${SHARED_PREFIX}${index}/${encodeURIComponent(file.name || 'photo')}`,
        new Response(file, { headers: { 'content-type': file.type } }),
      ),
    ),
  );
  return Response.redirect('./#shared', 303);
}

/** The model runtime on the graphics card is large, so it is kept from its first use on; what runs the built-in one comes with the app. */
const ORT_CACHE = 'unflat-ort';
const ORT_URL = new URL(ORT_FOLDER, self.location.href).href;

async function ortFile(url: string, keepAlive: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(ORT_CACHE);
  const kept = await cache.match(url);
  if (kept) return kept;
  const answer = await fetch(url);
  if (!answer.ok) return answer;
  const response = isolated(answer, url);
  // On a full disk it is fetched again the next time.
  keepAlive(cache.put(url, response.clone()).catch(() => {}));
  return response;
}

async function keepOrtFiles(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(ORT_CACHE);
  for (const url of urls) {
    if (!url.startsWith(ORT_URL) || (await cache.match(url))) continue;
    const answer = await fetch(url);
    if (answer.ok) await cache.put(url, isolated(answer, url));
  }
}

async function dropOldOrtFiles(): Promise<void> {
  const cache = await caches.open(ORT_CACHE);
  // Those for the processor are kept with the app itself.
  for (const { url } of await cache.keys()) if (!url.startsWith(ORT_URL) || !url.includes('.asyncify.')) await cache.delete(url);
}

const files = new PrecacheController({
  plugins: [{ handlerWillRespond: ({ request, response }) => Promise.resolve(isolated(response, request.url)) }],
});
files.addToCacheList(self.__WB_MANIFEST);

/** Scripts that a build loads late: their names, or the build that workers' addresses tell, are no other build's. */
const isLateScript = ({ url }: { url: URL }): boolean =>
  url.href.startsWith(self.registration.scope) && (/-[\w-]{8}\.js$/.test(url.pathname) || url.searchParams.has('build'));

/** A script of another build: a page that was open before an update still finds the parts that it loads late. */
async function scriptOfFormerBuild(request: Request): Promise<Response> {
  const kept = await (await caches.open(cacheNames.precache)).match(request.url, { ignoreSearch: !request.url.includes('build=') });
  return kept ? isolated(kept, request.url) : fetch(request);
}

/** Former builds' files go when no page of such a build is open any more; every page holds a lock that names its build. */
async function dropFormer(event: ExtendableEvent): Promise<void> {
  const { held = [] } = await self.navigator.locks.query();
  const isOpen = held.some(({ name }) => name?.startsWith(BUILD_LOCK) && name !== BUILD_LOCK + BUILD);
  // A newer build's files lie here too, before it takes over.
  if (!isOpen && !self.registration.waiting && !self.registration.installing) await files.activate(event);
}

registerRoute(new PrecacheRoute(files));
registerRoute(isLateScript, ({ request }) => scriptOfFormerBuild(request));
cleanupOutdatedCaches();
registerRoute(
  ({ url }) => url.pathname.endsWith('/share'),
  ({ request }) => takeShared(request),
  'POST',
);
registerRoute(
  ({ url }) => url.href.startsWith(ORT_URL),
  ({ url, event }) => ortFile(url.href, (work) => event.waitUntil(work)),
);
registerRoute(new NavigationRoute(files.createHandlerBoundToURL('index.html'), { denylist: [/\/[^/]+\.[^/]+$/] }));

clientsClaim();
self.addEventListener('install', (event) => void files.install(event));
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([dropOldOrtFiles(), dropFormer(event)])));
self.addEventListener('message', (event) => {
  if (event.data === SKIP_WAITING) void self.skipWaiting();
  const { type, urls = [] } = (event.data ?? {}) as { type?: string; urls?: string[] };
  if (type === DROP_FORMER) event.waitUntil(dropFormer(event));
  // Without a connection or room the files are kept at their next use.
  if (type === KEEP_FILES) event.waitUntil(keepOrtFiles(urls).catch(() => {}));
});
