// @ts-check
/** A small file server for the built app: `npm start`, the command line and the tests use it. Plain Node, no packages. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname, join, normalize, sep } from 'node:path';
import { WORKER_POLICIES } from './content-policy.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.wasm': 'application/wasm',
  '.glb': 'model/gltf-binary',
};

/** Isolation gives WASM its threads; the cache asks each time, so that a new build shows at once. */
export const SERVER_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/**
 * Answers a GET or HEAD with a file below `folder`; a folder means its index.html.
 * @param {string} folder absolute path
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function serveFile(folder, request, response) {
  for (const [name, value] of Object.entries(SERVER_HEADERS)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const path = resolve(folder, request.url ?? '/');
  const found = path === undefined ? undefined : await fileAt(path);
  // A link may lead anywhere: what counts is where the file really lies.
  const file = found && isBelow(await realpath(folder), await realpath(found.path)) ? found : undefined;
  if (!file) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
  const policy = WORKER_POLICIES[basename(file.path)];
  if (policy) response.setHeader('content-security-policy', policy);
  const tag = `"${file.mtimeMs.toString(36)}-${file.size.toString(36)}"`;
  response.setHeader('etag', tag);
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end();
  response.writeHead(200, {
    'content-type': TYPES[extname(file.path).toLowerCase()] ?? 'application/octet-stream',
    'content-length': file.size,
  });
  if (request.method === 'HEAD') return void response.end();
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** @param {string} folder @param {string} url */
function resolve(folder, url) {
  try {
    const path = normalize(join(folder, decodeURIComponent(new URL(url, 'http://localhost').pathname)));
    return path === folder || isBelow(folder, path) ? path : undefined;
  } catch {
    return undefined; // a malformed address is no file
  }
}

/** @param {string} folder @param {string} path */
function isBelow(folder, path) {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** @param {string} path @returns {Promise<{ path: string, size: number, mtimeMs: number } | undefined>} */
async function fileAt(path) {
  const found = await stat(path).catch(() => undefined);
  if (!found || path.includes('\0')) return undefined;
  if (found.isDirectory()) return fileAt(join(path, 'index.html'));
  return { path, size: found.size, mtimeMs: found.mtimeMs };
}

/**
 * Whether a request was addressed to this device. A page elsewhere can point a name of its own at 127.0.0.1 (DNS rebinding)
 * and would then be let in by the browser; the name stands in the Host header.
 * @param {string | undefined} host
 */
function isLocal(host) {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host ?? '');
}

/**
 * Starts a server on localhost. Requests whose Host header is another name get 403.
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void} handler
 * @param {number} port 0 = any free one
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>} `url` ends with a slash; `close` ends open connections too.
 */
export function listen(handler, port = 0) {
  return new Promise((done, failed) => {
    const server = createServer((request, response) => {
      if (isLocal(request.headers.host)) return handler(request, response);
      response
        .writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
        .end('This server answers on localhost only.');
    });
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      /** @type {() => Promise<void>} */
      const close = () =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      done({ url: `http://localhost:${actual}/`, port: actual, close });
    });
  });
}
