import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';
import { bundle } from './bundle.ts';

export interface ModelServer {
  /** Address of the page that has `modelPage`. */
  url: string;
  /** Hands out bytes, or a file of this machine, under that path. */
  put(path: string, content: Uint8Array | string): void;
  close(): void;
}

/** Serves the page of depth-model-page.ts, isolated so that WASM has its threads. */
export async function modelServer(): Promise<ModelServer> {
  const contents = new Map<string, [type: string, content: Uint8Array | string]>([
    [
      '/',
      [
        'text/html',
        Buffer.from('<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'),
      ],
    ],
    ['/page.js', ['text/javascript', Buffer.from(await bundle('depth-model-page.ts'))]],
    ['/pipeline-worker.js', ['text/javascript', Buffer.from(await bundle('depth-model-worker.ts'))]],
    ['/worker.js', ['text/javascript', Buffer.from(await bundle('inference-worker.ts'))]],
  ]);
  const server = await listen((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path.startsWith('/ort/'))
      return void serveFile(join(root, 'node_modules/onnxruntime-web/dist'), Object.assign(request, { url: path.slice(4) }), response);
    const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const [type, content] = contents.get(path) ?? [];
    if (content === undefined) return void response.writeHead(404, isolation).end();
    response
      .writeHead(200, { 'content-type': type ?? 'application/octet-stream', ...isolation })
      .end(typeof content === 'string' ? readFileSync(content) : content);
  });
  return {
    url: server.url,
    put: (path, content) => void contents.set(path, ['application/octet-stream', content]),
    close: () => void server.close(),
  };
}

/** A map that came from the page. */
export function floatsOf(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
