import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { after } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

export interface HostingOptions {
  /** Sent with every file. Default none: the page is not isolated. */
  headers?: Record<string, string>;
  /** Requests that get nothing, by path and what the browser wants the file for. Default none. */
  refuses?(path: string, use: string): boolean;
  /** Files of the test's own instead of the app's, by path with a slash before it. */
  files?: Readonly<Record<string, Buffer>>;
}

export interface Hosting {
  /** Address of the subfolder in which the app lies, with a slash at its end. */
  url: string;
  /** Paths that were asked for. */
  asked: string[];
  server: Server;
  close(): void;
}

/** The built app on hosting as plain as it gets: files in a subfolder, and none of the headers that isolate a page. Ends with the test file. */
export async function plainHosting({ headers = {}, refuses = () => false, files = {} }: HostingOptions = {}): Promise<Hosting> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/^\/unflat\//, '').replace(/^$/, 'index.html');
    asked.push(path);
    if (refuses(path, String(request.headers['sec-fetch-dest']))) return void response.writeHead(403).end();
    const own = files[`/${path}`];
    (own ? Promise.resolve(own) : readFile(join(root, 'dist/app', path))).then(
      (bytes) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const close = (): void => (server.close(), server.closeAllConnections());
  after(close);
  return { url: `http://localhost:${typeof address === 'object' ? address?.port : 0}/unflat/`, asked, server, close };
}
