// What pages, workers and Node all have, as far as the rooms of tsconfig.pure.json use it; elsewhere the platform's own types say it.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
}
interface SubtleCrypto {
  digest(algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}
// oxlint-disable-next-line no-var -- only what var declares lies on globalThis.
declare var crypto: { readonly subtle: SubtleCrypto };
declare function setTimeout(callback: () => void, ms?: number): unknown;
declare const performance: { now(): number };
declare class MessageChannel {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(message: undefined): void };
}
/** Handed through. */
interface Blob {
  readonly size: number;
}
/** Handed through. */
interface ImageBitmap {
  readonly width: number;
  readonly height: number;
}
