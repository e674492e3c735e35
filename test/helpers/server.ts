import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';
import { listen, serveFile } from '../../src/cli/static-server.mjs';

/** A server that ends with the test file, or earlier when a test stops it. */
export interface TestServer {
  /** Address with a slash at its end, on localhost, which browsers trust like https. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the built app, or another folder of the repository, on a free port.
 * @param folder relative to the repository, default `dist/app`.
 * @param pages answers of the test's own, by path: `{ '/page.html': '<!doctype html>…' }`; bytes are PNGs, names in `.js` scripts.
 */
export async function testServer(folder = 'dist/app', pages: Record<string, string | Buffer> = {}): Promise<TestServer> {
  const path = join(root, folder);
  if (!existsSync(path)) throw new Error(`${folder} is missing: run npm run build first.`);
  const server = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = pages[pathname];
    if (page === undefined) return void serveFile(path, request, response);
    const type = typeof page !== 'string' ? 'image/png' : pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': `${type}${typeof page === 'string' ? '; charset=utf-8' : ''}` }).end(page);
  });
  after(() => server.close());
  return server;
}
