/**
 * Takes from a worker what reaches beyond it, before a plugin runs. The frame's policy and its origin forbid all of this already, each
 * by itself; this is the third lock, and it stops what a policy does not see: workers of its own, and messages to the frame.
 */
const GLOBALS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'WebTransport',
  'Worker',
  'SharedWorker',
  'importScripts',
  'BroadcastChannel',
  'indexedDB',
  'caches',
  'FontFace',
  'fonts',
  'Notification',
  'PushManager',
  'BackgroundFetchManager',
  'RTCPeerConnection',
  'RTCDataChannel',
  'RTCRtpScriptTransformer',
  'SharedArrayBuffer',
  'postMessage',
  'close',
  'dump',
  'reportError',
];
const OF_NAVIGATOR = [
  'locks',
  'serviceWorker',
  'storage',
  'permissions',
  'serial',
  'usb',
  'hid',
  'bluetooth',
  'connection',
  'mediaCapabilities',
  'gpu',
  'sendBeacon',
];

export function lockDown(scope: EventTarget & { navigator?: object }): void {
  // What a plugin throws past all callers would be told to the frame, each time anew.
  const { apply } = Reflect;
  const { preventDefault } = Event.prototype;
  for (const name of ['error', 'unhandledrejection']) scope.addEventListener(name, (event) => apply(preventDefault, event, []));
  for (const name of GLOBALS) remove(scope, name);
  const { navigator } = scope;
  if (navigator) for (const name of OF_NAVIGATOR) remove(navigator, name);
}

/** From the object and from all that it inherits from; where it cannot be deleted it is covered. */
function remove(from: object, name: string): void {
  for (let at: object | null = from; at; at = Object.getPrototypeOf(at) as object | null) {
    if (!Object.hasOwn(at, name) || Reflect.deleteProperty(at, name)) continue;
    try {
      Object.defineProperty(at, name, { value: undefined });
    } catch {
      // It stays; the frame's policy stands in its way all the same.
    }
  }
}
