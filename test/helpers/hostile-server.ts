import type { IncomingMessage, ServerResponse } from 'node:http';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listen } from '../../src/cli/static-server.mjs';

/** How the server treats one file; all is well by default. */
export interface Behaviour {
  bytes: Uint8Array;
  /** Default 200. */
  status?: number;
  type?: string;
  /** null = none. Default a tag of the bytes' length. */
  etag?: string | null;
  /** Whether ranges are served; false answers the whole file. Default true. */
  ranges?: boolean;
  /** Answers other sites. Default true. */
  cors?: boolean;
  /** Breaks the connection after so many bytes of an answer, for the first `cuts` answers (default: all). */
  cutAfter?: number;
  cuts?: number;
  /** Takes the question and never answers. */
  mute?: boolean;
  /** Says nothing more after so many bytes, and stays connected. */
  hangAfter?: number;
  /** A length that is not true, or null for none at all. */
  length?: number | null;
  /** Bytes a second. */
  rate?: number;
  gzip?: boolean;
  /** Answers a range with a part that starts elsewhere. */
  wrongStart?: boolean;
  /** Answers with a part whatever it is asked. */
  unasked?: boolean;
}

/** A server of models that keeps no promise it is told to break. */
export interface HostileServer {
  /** Ends with a slash. */
  url: string;
  /** What was asked for, in order: path and range. */
  asked: { path: string; range: string | undefined }[];
  /** Bytes sent so far. */
  sent: number;
  files: Record<string, Behaviour>;
  close(): Promise<void>;
}

/** Starts one; it ends with the test file. @param files by path without the leading slash. */
export async function hostileServer(files: Record<string, Behaviour>): Promise<HostileServer> {
  const state: HostileServer = { url: '', asked: [], sent: 0, files, close: async () => {} };
  const server = await listen((request, response) => void answer(state, request, response).catch(() => response.destroy()));
  after(() => server.close());
  state.url = server.url;
  state.close = server.close;
  return state;
}

async function answer(state: HostileServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
  const file = state.files[path];
  if (file?.cors !== false) {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', 'etag, content-range');
    // Pages that are isolated may fetch it too.
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
  }
  const range = request.headers.range;
  if (request.method !== 'OPTIONS') state.asked.push({ path, range });
  if (!file) return void response.writeHead(404).end();
  if (file.mute) return;
  if (request.method !== 'GET') return void response.writeHead(405).end();
  const { bytes, type = 'application/octet-stream', status = 200, ranges = true } = file;
  const start = ranges ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? NaN) : NaN;
  const etag = file.etag === undefined ? `"${bytes.length}"` : file.etag;
  if (etag !== null) response.setHeader('etag', etag);
  response.setHeader('content-type', type);
  if (status !== 200) return void response.writeHead(status).end('no');
  if (start >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  if (file.unasked)
    return void response.writeHead(206, { 'content-range': `bytes 5-${bytes.length - 1}/${bytes.length}` }).end(bytes.subarray(5));
  const from = Number.isNaN(start) ? 0 : file.wrongStart ? Math.max(0, start - 1) : start;
  let body = bytes.subarray(from);
  if (!Number.isNaN(start)) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
  if (file.gzip && Number.isNaN(start)) {
    body = gzipSync(body);
    response.setHeader('content-encoding', 'gzip');
  }
  if (file.length !== null) response.setHeader('content-length', file.length ?? body.length);
  response.strictContentLength = false;
  response.writeHead(Number.isNaN(start) ? 200 : 206);
  const cuts = file.cuts ?? Infinity;
  const stop = file.cutAfter !== undefined && cuts > 0 ? file.cutAfter : Infinity;
  if (stop !== Infinity) file.cuts = cuts - 1;
  const step = file.rate ? Math.max(1, Math.round(file.rate / 20)) : 65536;
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    const piece = body.subarray(at, Math.min(body.length, at + step, stop, file.hangAfter ?? Infinity));
    state.sent += piece.length;
    if (!response.write(piece)) await drained(response);
    if (at + piece.length >= stop) {
      // Let the last bytes out, and be read on a busy machine, before the line goes dead.
      await pause(150);
      return void response.destroy();
    }
    if (file.hangAfter !== undefined && at + piece.length >= file.hangAfter) return;
    if (file.rate) await pause(50);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((go) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      go();
    };
    response.on('drain', done).on('close', done);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
