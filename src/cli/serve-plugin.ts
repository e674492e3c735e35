import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildPluginFolder } from './build-plugin-folder.ts';
import { CliError, UsageError } from './cli-error.ts';
import { contractWords } from './contract-words.ts';
import { listenOnPort } from './listen-on-port.mjs';
import { openBrowser } from './open-browser.mjs';
import { pluginCard } from './plugin-card.ts';
import { root } from './prepare.mjs';
import { serveApp } from './serve-app.mjs';
import { stateOfFolder } from './state-of-folder.ts';
import { SERVER_HEADERS, serveFile } from './static-server.mjs';
import type { Terminal } from './terminal.ts';

/** Not that of `npm start`: where a service worker of the app is in charge, it answers in the place of this server. */
const FIRST_PORT = 4273;
/** The folder is looked at so often, in ms. */
const LOOK_MS = 200;
/** Where the page asks for what is not the app's. */
const OWN = '/plugin-dev/';
const MOST_CHARACTERS = 4000;

/** What the page is told: the plugin's file, or what is wrong. */
type Build = { file: string } | { problem: string };

/**
 * Serves the app on localhost with an author's plugin in it; builds it, loads it again and tests it whenever a file of its folder changes, until stopped.
 * @param folder as `unflat plugins new` makes it: with `manifest.json`, and a script `build` that makes `dist/<id>.js`.
 * @throws UsageError where the folder holds no plugin; CliError where no server can be started.
 */
export async function servePlugin(folder: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const place = resolve(folder);
  if (!(await stat(join(place, 'manifest.json')).catch(() => undefined)))
    throw new UsageError(
      `${folder} holds no manifest.json, so it is not the folder of a plugin. Name that folder, or make one: unflat plugins new depth-mine`,
    );
  const pages = new Set<ServerResponse>();
  let build: Build | undefined;
  const tell = (page: ServerResponse): void => void (build && page.write(`data: ${JSON.stringify(build)}\n\n`));
  const say = (lines: string): void => lines.split('\n').forEach((line) => terminal.fail(line));
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/' || path === '/index.html') void servePage(response);
    // The app is not kept: its page would come from the service worker, without the plugin.
    else if (path === '/service-worker.js') response.writeHead(404).end();
    else if (path.startsWith(`${OWN}files/`))
      void serveFile(join(place, 'dist'), Object.assign(request, { url: path.slice(`${OWN}files`.length) }), response);
    else if (path === `${OWN}builds`) {
      response.writeHead(200, { ...SERVER_HEADERS, 'content-type': 'text/event-stream' });
      response.on('close', () => pages.delete(response));
      pages.add(response);
      response.write('\n');
      tell(response);
    } else if (path === `${OWN}problems`) void takeProblem(request, response, say);
    else void serveApp(request, response);
  };
  const server = await listenOnPort(answer, FIRST_PORT, 'unflat plugins dev').catch((cause: unknown) => {
    throw new CliError('io', cause instanceof Error ? cause.message : String(cause), { cause });
  });
  try {
    terminal.print(`Unflat with this plugin is at ${server.url}  (Ctrl-C stops it)`);
    openBrowser(server.url);
    let state: string | undefined;
    let card: string | undefined;
    let check = new AbortController();
    while (!signal.aborted) {
      const now = await stateOfFolder(place);
      if (now !== state) {
        state = now;
        check.abort();
        const made = await buildPluginFolder(place, signal);
        if (signal.aborted) return;
        if ('problem' in made) {
          build = made;
          say(made.problem);
        } else {
          const { id, version } = made.manifest;
          build = { file: `${id}.js` };
          const newCard = pluginCard(made.manifest, place);
          if (newCard !== card) terminal.print(newCard);
          card = newCard;
          terminal.print(`${new Date().toLocaleTimeString('en-GB')} ${id} ${version} is built`);
          check = new AbortController();
          // The page, if one is open, does not wait for it.
          void contractWords(join(place, 'dist', `${id}.js`), `${id} ${version}`, AbortSignal.any([signal, check.signal])).then((found) => {
            if (found?.isKept) terminal.print(found.words);
            else if (found) say(found.words);
          });
        }
        pages.forEach(tell);
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    await server.close();
  }
}

/** The app's page, which says that there is a plugin to follow. */
async function servePage(response: ServerResponse): Promise<void> {
  const html = await readFile(join(root, 'dist/app/index.html'), 'utf8');
  const meta = `<meta name="unflat-plugin-dev" content="${OWN}" />`;
  response.writeHead(200, { ...SERVER_HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(html.replace('<head>', `<head>${meta}`));
}

/** Prints what the page says went wrong; other pages of the same browser may not. */
async function takeProblem(request: IncomingMessage, response: ServerResponse, say: (text: string) => void): Promise<void> {
  const { origin = '', host } = request.headers;
  if (request.method !== 'POST' || origin !== `http://${host}`) return void response.writeHead(403).end();
  let text = '';
  for await (const piece of request.setEncoding('utf8')) if (text.length < MOST_CHARACTERS) text += String(piece);
  say(text.slice(0, MOST_CHARACTERS));
  response.writeHead(204).end();
}
