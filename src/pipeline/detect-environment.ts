import type { Environment } from 'unflat/plugin';

let environment: Promise<Environment> | undefined;

/** What the device at hand offers; asked once. */
export function detectEnvironment(): Promise<Environment> {
  return (environment ??= (async () => ({
    webgpu: await hasWebGpu(),
    videoEncoder: 'VideoEncoder' in globalThis && !videoEncoderCrashes(globalThis.navigator),
    threads: 'SharedArrayBuffer' in globalThis,
  }))());
}

/**
 * WebKitGTK and WPE (Linux; seen in 2.50) have a VideoEncoder, but asking it what it supports ends the process of the page, its workers
 * included, so it cannot be tried out. Safari's works. Chromium's user agent names WebKit too, and Chrome or Chromium beside it.
 */
export function videoEncoderCrashes({ userAgent = '', platform = '' }: { userAgent?: string; platform?: string } = {}): boolean {
  const isWebKit = /AppleWebKit\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent);
  return isWebKit && /Linux|X11|BSD/.test(`${platform} ${userAgent}`);
}

async function hasWebGpu(): Promise<boolean> {
  const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<unknown> } } | undefined)?.gpu;
  try {
    return Boolean(await gpu?.requestAdapter());
  } catch {
    return false;
  }
}
