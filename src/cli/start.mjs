// @ts-check
/** `npm start`: installs and builds what is missing, serves the app on localhost and opens it where there is a desktop. */
import { listenOnPort } from './listen-on-port.mjs';
import { openBrowser } from './open-browser.mjs';
import { fail, prepare } from './prepare.mjs';
import { serveApp } from './serve-app.mjs';
import { wantedPort } from './wanted-port.mjs';

const FIRST_PORT = 4173;

try {
  wantedPort(FIRST_PORT, 'npm start'); // before anything is built
  prepare();
  const server = await listenOnPort((request, response) => void serveApp(request, response), FIRST_PORT, 'npm start');
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
  console.log(`Unflat is at ${server.url}  (Ctrl-C stops it)`);
  openBrowser(server.url);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
