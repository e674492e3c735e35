// @ts-check
/** `npm start`: installs and builds what is missing, serves the app on localhost and opens it where there is a desktop. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { listen, serveFile } from './static-server.mjs';

const FIRST_PORT = 4173;

prepare();
const server = await listenNear(Number(process.env['PORT'] ?? FIRST_PORT));
console.log(`Unflat is at ${server.url}  (Ctrl-C stops it)`);
openBrowser(server.url);

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, async () => {
    await server.close();
    process.exit(0);
  });
}

/** The wanted port, or the next free one. @param {number} wanted */
async function listenNear(wanted) {
  const app = join(root, 'dist/app');
  for (let port = wanted; port < wanted + 20; port++) {
    try {
      return await listen((request, response) => void serveFile(app, request, response), port);
    } catch (error) {
      if (!(error instanceof Error) || !/EADDRINUSE|EACCES/.test(error.message)) throw error;
    }
  }
  return listen((request, response) => void serveFile(app, request, response), 0);
}

/** @param {string} url */
function openBrowser(url) {
  if (process.env['CI'] || process.env['BROWSER'] === 'none') return;
  const desktop = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  const command = { darwin: ['open', url], win32: ['cmd', '/c', 'start', '', url] }[String(process.platform)] ?? (desktop ? ['xdg-open', url] : undefined);
  if (!command) return;
  const [program = '', ...args] = command;
  // The address stands above: a desktop without such a program is no error.
  spawn(program, args, { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}
