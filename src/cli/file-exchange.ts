import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root } from './prepare.mjs';
import { listen, serveFile } from './static-server.mjs';
import type { ModelsFolder } from './models-folder.ts';
import { isSameFile } from './plan.ts';

/** A file that was written. */
export interface WrittenFile {
  path: string;
  bytes: number;
}

/** Where one photo's files come from and go to. */
export interface Exchange {
  /** Files the page may GET, by the last part of their address. */
  inputs: readonly string[];
  /** Path for what the page PUTs as `kind/name`; undefined = not wanted. */
  target(kind: string, name: string): string | undefined;
  /** Gets each file as it is finished. */
  written(file: WrittenFile): void;
}

/** The command line's server: the built app, and under a secret path the photo's files. */
export class FileExchange {
  readonly #token = randomBytes(16).toString('hex');
  #current: Exchange | undefined;
  #server: { url: string; close(): Promise<void> } | undefined;
  readonly #models: ModelsFolder | undefined;
  /** Half-written files, to be removed when the program is stopped. */
  readonly #partial = new Set<string>();

  /** @param models the folder of networks that the page may read. */
  constructor(models?: ModelsFolder) {
    this.#models = models;
  }

  async start(): Promise<void> {
    const app = join(root, 'dist/app');
    this.#server = await listen((request, response) => {
      const [, token, ...rest] = (request.url ?? '').split('/');
      if (token !== this.#token) return void serveFile(app, request, response);
      const path = rest.map(decodeURIComponent);
      void (path[0] === 'models' ? this.#answerModels(path.slice(1), request, response) : this.#answer(path, request, response));
    });
  }

  /** The app's address, with a slash at its end. */
  get appUrl(): string {
    return this.#server?.url ?? '';
  }

  /** Where the page finds the networks. */
  get modelsPath(): string {
    return `/${this.#token}/models/`;
  }

  /** From now on the secret path serves this photo. */
  open(exchange: Exchange): { inputUrl(index: number): string; put: string } {
    this.#current = exchange;
    return { inputUrl: (index) => `/${this.#token}/input/${index}`, put: `/${this.#token}` };
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
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(error instanceof Error ? error.message : String(error));
    }
  }

  async #answer([kind = '', name = '']: string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const exchange = this.#current;
      if (request.method === 'GET' && kind === 'input') return await send(exchange?.inputs[Number(name)], response);
      const path = exchange?.target(kind, name);
      if (request.method !== 'PUT' || !exchange || path === undefined) return void response.writeHead(404).end();
      exchange.written({ path, bytes: await this.#receive(exchange, path, request) });
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(error instanceof Error ? error.message : String(error));
    }
  }

  /** Writes under a temporary name first: a file that is there is whole. */
  async #receive({ inputs }: Exchange, path: string, request: IncomingMessage): Promise<number> {
    if (inputs.some((input) => isSameFile(input, path))) {
      request.resume();
      throw new Error(`${path} is an input of this very run and is not overwritten; choose another folder with --out.`);
    }
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    this.#partial.add(temporary);
    try {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(request, createWriteStream(temporary));
      const { size } = await stat(temporary);
      await rename(temporary, path);
      return size;
    } catch (cause) {
      request.resume();
      await rm(temporary, { force: true });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${path} could not be written (${reason}); check the folder and the free space.`, { cause });
    } finally {
      this.#partial.delete(temporary);
    }
  }

  async dispose(): Promise<void> {
    this.#current = undefined;
    await this.#server?.close();
    await Promise.all([...this.#partial].map((path) => rm(path, { force: true })));
  }
}

/** The page is isolated, and so is what it reads. */
const OWN = { 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' };

async function send(path: string | undefined, response: ServerResponse): Promise<void> {
  if (path === undefined) return void response.writeHead(404).end();
  const { size } = await stat(path);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size, ...OWN });
  await pipeline(createReadStream(path), response);
}
