import { SKIP_WAITING } from './worker-words.ts';

/** What the page wants to know of its service worker. */
export interface OfflineHooks {
  /** Everything the app needs now lies on this machine. */
  onReady(): void;
  /** A newer version waits; `reload` switches to it. */
  onUpdate(reload: () => void): void;
}

/**
 * Registers the service worker. `data-offline="ready"` on the root element says the same as `onReady`.
 * Without service workers (an old browser, plain http) the app works, online only.
 */
export async function keepOffline(hooks: OfflineHooks): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register(new URL('./service-worker.js', document.baseURI));
  } catch {
    return; // blocked by the browser's settings: online only
  }
  const offer = () => {
    const { waiting } = registration;
    if (waiting && navigator.serviceWorker.controller) hooks.onUpdate(() => switchTo(waiting));
  };
  offer();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => installing.state === 'installed' && offer());
  });
  await navigator.serviceWorker.ready;
  document.documentElement.dataset['offline'] = 'ready';
  hooks.onReady();
}

function switchTo(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage(SKIP_WAITING);
}
