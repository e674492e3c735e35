import { BUILD, BUILD_LOCK } from './build-lock.ts';
import { DROP_FORMER, SKIP_WAITING } from './shared-cache.ts';

/** What the page wants to know of its service worker. */
export interface OfflineHooks {
  /** Everything the app needs now lies on this machine. */
  onReady(): void;
  /** A newer version waits, or has taken over in another tab; `reload` switches this page to it. */
  onUpdate(update: 'waiting' | 'elsewhere', reload: () => void): void;
}

/** Says, for as long as the page is open, of which build it is: the service worker then keeps what that build loads late. */
export function holdBuild(): void {
  void navigator.locks?.request(BUILD_LOCK + BUILD, { mode: 'shared' }, () => new Promise<never>(() => {}));
}

/**
 * Registers the service worker. `data-offline="ready"` on the root element says the same as `onReady`.
 * Without service workers (an old browser, plain http) the app works, online only.
 */
export async function keepOffline(hooks: OfflineHooks): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  let registration: ServiceWorkerRegistration | undefined;
  // The first to take charge of a page is of the page's own build.
  let isInCharge = navigator.serviceWorker.controller !== null;
  let isAsked = false;
  const reload = (): void => {
    const waiting = registration?.waiting;
    // Another tab may have switched meanwhile.
    if (!waiting) return location.reload();
    isAsked = true;
    waiting.postMessage(SKIP_WAITING);
  };
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isAsked) location.reload();
    else if (isInCharge) hooks.onUpdate('elsewhere', reload);
    isInCharge = true;
  });
  try {
    registration = await navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI));
  } catch {
    return; // blocked by the browser's settings: online only
  }
  // Where a browser's settings block it some say so in this way.
  if (!registration) return;
  const offer = (): void => {
    const { active, waiting } = registration ?? {};
    const { controller } = navigator.serviceWorker;
    // WebKit tells of the very first one's installation when that is in charge already.
    if (active && waiting && controller && waiting !== active && waiting !== controller) hooks.onUpdate('waiting', reload);
  };
  offer();
  registration.addEventListener('updatefound', () => {
    const installing = registration?.installing;
    installing?.addEventListener('statechange', () => installing.state === 'installed' && offer());
  });
  await navigator.serviceWorker.ready;
  navigator.serviceWorker.controller?.postMessage({ type: DROP_FORMER });
  document.documentElement.dataset['offline'] = 'ready';
  hooks.onReady();
}
