import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { diskWords } from './disk-words.ts';
import { halfWrittenName } from './half-written-name.ts';
import { serveApp } from './serve-app.mjs';
import { listen } from './static-server.mjs';
import type { ModelsFolder } from './models-folder.ts';
import { reachHost } from './reach-host.ts';
import { whyNotWritten, type Guard } from './targets-of.ts';

/** A file that was written. */
export interface WrittenFile {
  path: string;
  bytes: number;
}

/** Where one photo's files come from and go to. */
export interface Exchange {
  /** Files the page may GET, by the last part of their address; or what is in them. */
  inputs: readonly (string | Uint8Array)[];
  /** Which files may not be replaced. */
  guard: Guard;
  /** Path or stream for what the page PUTs as `kind/name`; undefined = not wanted. */
  target(kind: string, name: string): string | Writable | undefined;
  /** Gets each file as it is finished. */
  written(file: WrittenFile): void;
}

/** The command line's server: the built app, and under a secret path the photo's files. */
export class FileExchange {
  readonly #token = randomBytes(16).toString('hex');
  /** By the part of their addresses that stands for the photo. */
  readonly #open = new Map<string, Exchange>();
  #opened = 0;
  #server: { url: string; close(): Promise<void> } | undefined;
  readonly #models: ModelsFolder | undefined;
  readonly #hosts = new Set<string>();
  /** Half-written files, to be removed when the program is stopped. */
  readonly #partial = new Set<string>();
  /** However the process ends. */
  readonly #onExit = (): void => this.#partial.forEach((path) => rmSync(path, { force: true }));

  /** @param models the folder of models that the page may read. */
  constructor(models?: ModelsFolder) {
    this.#models = models;
  }

  async start(): Promise<void> {
    process.on('exit', this.#onExit);
    this.#server = await listen((request, response) => {
      const [, token, ...rest] = (request.url ?? '').split('/');
      if (token !== this.#token) return void serveApp(request, response);
      const path = rest.map(decodeURIComponent);
      if (path[0] === 'models') void this.#answerModels(path.slice(1), request, response);
      else if (path[0] === 'reach') void this.#answerReach(request, response);
      else void this.#answer(path, request, response);
    });
  }

  /** The app's address, with a slash at its end. */
  get appUrl(): string {
    return this.#server?.url ?? '';
  }

  /** The secret path, with slashes at both ends: the page finds the models below it, and asks there for plugins. */
  get path(): string {
    return `/${this.#token}/`;
  }

  /** From now on plugins may reach these hosts too. */
  allow(hosts: readonly string[]): void {
    hosts.forEach((host) => this.#hosts.add(host));
  }

  /** Serves this photo under a path of its own, until `close`. */
  open(exchange: Exchange): { inputUrl(index: number): string; put: string; close(): void } {
    const key = `photo${this.#opened++}`;
    this.#open.set(key, exchange);
    const put = `/${this.#token}/${key}`;
    return { inputUrl: (index) => `${put}/input/${index}`, put, close: () => void this.#open.delete(key) };
  }

  async #answerModels([what, id = '', index = '']: string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const models = (request.method === 'GET' && (await this.#models?.list())) || [];
      if (what === 'list.json') {
        const infos = models.map(({ row, state, isOwn, storedBytes, usedAt }) => ({ row, state, isOwn, storedBytes, usedAt }));
        return void response.writeHead(200, { ...OWN, 'content-type': 'application/json' }).end(JSON.stringify(infos));
      }
      const model = what === 'file' ? models.find(({ row, state }) => row.id === id && state === 'ready') : undefined;
      await send(model?.paths[Number(index)], response);
    } catch (error) {
      answerError(response, error);
    }
  }

  /** The body is the address that a plugin asks for. */
  async #answerReach(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    response.on('close', () => left.abort());
    try {
      let address = '';
      for await (const piece of request.setEncoding('utf8')) address += String(piece);
      const { status, bytes } = await reachHost(address, this.#hosts, left.signal);
      response.writeHead(200, { ...OWN, 'content-type': 'application/octet-stream', 'x-status': status }).end(bytes);
    } catch (error) {
      answerError(response, error);
    }
  }

  async #answer([key = '', kind = '', name = '']: string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const exchange = this.#open.get(key);
      if (request.method === 'GET' && kind === 'input') return await send(exchange?.inputs[Number(name)], response);
      const target = exchange?.target(kind, name);
      if (request.method !== 'PUT' || !exchange || target === undefined) return void response.writeHead(404).end();
      if (target instanceof Writable) exchange.written({ path: '-', bytes: await passOn(request, target) });
      else exchange.written({ path: target, bytes: await this.#receive(exchange, target, request) });
      response.writeHead(204).end();
    } catch (error) {
      answerError(response, error);
    }
  }

  /** Writes under a temporary name first: a file that is there is whole. */
  async #receive({ guard }: Exchange, path: string, request: IncomingMessage): Promise<number> {
    const reason = whyNotWritten(path, guard);
    if (reason !== undefined) {
      request.resume();
      throw new Error(reason);
    }
    // What a link leads to is written, and the link stays.
    const real = existsSync(path) ? realpathSync(path) : path;
    const temporary = join(dirname(real), halfWrittenName());
    this.#partial.add(temporary);
    try {
      await mkdir(dirname(real), { recursive: true });
      await pipeline(request, createWriteStream(temporary));
      const { size } = await stat(temporary);
      await rename(temporary, real);
      return size;
    } catch (cause) {
      request.resume();
      await rm(temporary, { force: true }).catch(() => {});
      throw new Error(`${path} could not be written: ${diskWords(cause)}, or choose another folder with --out.`, { cause });
    } finally {
      this.#partial.delete(temporary);
    }
  }

  async dispose(): Promise<void> {
    this.#open.clear();
    await this.#server?.close();
    await Promise.all([...this.#partial].map((path) => rm(path, { force: true }).catch(() => {})));
    process.off('exit', this.#onExit);
  }
}

/** The page is isolated, and so is what it reads. */
const OWN = { 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' };

/** A file that is cut or removed while it is sent breaks the answer off. */
function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(error instanceof Error ? error.message : String(error));
}

async function send(input: string | Uint8Array | undefined, response: ServerResponse): Promise<void> {
  if (input === undefined) return void response.writeHead(404).end();
  const type = { 'content-type': 'application/octet-stream', ...OWN };
  if (typeof input !== 'string') return void response.writeHead(200, { ...type, 'content-length': input.length }).end(input);
  const { size } = await stat(input);
  response.writeHead(200, { ...type, 'content-length': size });
  await pipeline(createReadStream(input), response);
}

/** @returns the number of bytes. */
async function passOn(request: IncomingMessage, stream: Writable): Promise<number> {
  let bytes = 0;
  request.on('data', (piece: Buffer) => (bytes += piece.length));
  try {
    await pipeline(request, stream, { end: false });
  } catch (cause) {
    throw new Error(`stdout could not be written: ${diskWords(cause)}.`, { cause });
  }
  return bytes;
}
