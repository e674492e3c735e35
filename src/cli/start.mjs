// @ts-check
/** `npm start`: installs and builds what is missing, serves the app on localhost and opens it where there is a desktop. */
import { spawn } from 'node:child_process';
import { serveApp } from './serve-app.mjs';
import { fail, prepare } from './prepare.mjs';
import { listen } from './static-server.mjs';

const FIRST_PORT = 4173;

const wanted = wantedPort(process.env['PORT']);
prepare();
const server = await start();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

console.log(`Unflat is at ${server.url}  (Ctrl-C stops it)`);
openBrowser(server.url);

/** @param {string | undefined} text */
function wantedPort(text) {
  if (!text) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text);
  return fail(
    `PORT is ${JSON.stringify(text)}, but a port is a whole number from 0 to 65535 (0 = any free one): PORT=${FIRST_PORT} npm start`,
  );
}

/** On the port that was asked for, else on the first free one. */
async function start() {
  if (wanted !== undefined)
    return listenOn(wanted).catch((/** @type {unknown} */ error) =>
      fail(`Port ${wanted} cannot be used: ${reasonOf(error)}. Choose another one: PORT=${FIRST_PORT} npm start`),
    );
  for (let port = FIRST_PORT; port < FIRST_PORT + 20; port++) {
    try {
      return await listenOn(port);
    } catch {
      // taken: the next one
    }
  }
  return listenOn(0).catch((/** @type {unknown} */ error) => fail(`No port can be used: ${reasonOf(error)}.`));
}

/** @param {number} port */
function listenOn(port) {
  return listen((request, response) => void serveApp(request, response), port);
}

/** @param {unknown} error */
function reasonOf(error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another program uses it';
  if (code === 'EACCES') return 'the system does not allow it';
  return String(code ?? error);
}

/** @param {string} url */
function openBrowser(url) {
  if (process.env['CI'] || process.env['BROWSER'] === 'none') return;
  const desktop = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  /** @type {Partial<Record<NodeJS.Platform, string[]>>} */
  const byPlatform = { darwin: ['open', url], win32: ['cmd', '/c', 'start', '', url] };
  const command = byPlatform[process.platform] ?? (desktop ? ['xdg-open', url] : undefined);
  if (!command) return;
  const [program = '', ...args] = command;
  // The address stands above: a desktop without such a program is no error.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
