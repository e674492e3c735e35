/** The program around a plugin in its worker: built into one text, see rollup.config.mjs. Every word of it can be forged by the plugin; the host trusts none. */
import type { FromSandbox, SandboxError, SandboxService, ToSandbox } from '../sandbox-messages.ts';
import { limitMemory } from './limit-memory.ts';
import { lockDown } from './lock-down.ts';
import { readableBlobs } from './readable-blobs.ts';

/** Progress is told this often at most, in ms: it counts towards the messages that a plugin may send. */
const PROGRESS_MS = 50;
const MOST_BYTES = 2 ** 30;
/** Characters. */
const MOST_STACK = 20_000;

type Method = (input: unknown, context: unknown) => Promise<unknown>;

const scope = globalThis as unknown as Record<string, unknown> & { onmessage: unknown };
const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
const running = new Map<number, AbortController>();
let port: MessagePort | undefined;
let early: FromSandbox[] = [];
let plugin: Record<string, unknown> | undefined;
let nextAsk = 1;
/** Of the photo that was asked about last. A plugin gets a copy, as it may write into what it gets. */
let pixels: Uint8ClampedArray | undefined;

function post(message: FromSandbox, transfer: Transferable[] = []): void {
  if (port) port.postMessage(message, transfer);
  else early.push(message);
}

function wireOf(error: unknown): SandboxError {
  const { name = 'Error', code = '', message = String(error), stack } = (error ?? {}) as Partial<Record<keyof SandboxError, unknown>>;
  return {
    name: String(name),
    code: String(code),
    message: String(message),
    ...(typeof stack === 'string' && { stack: stack.slice(0, MOST_STACK) }),
  };
}

function errorOf({ name, code, message }: SandboxError): Error {
  return Object.assign(new Error(message), { name, code });
}

function ask(id: number, service: SandboxService, request: unknown): Promise<unknown> {
  const signal = running.get(id)?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const number = nextAsk++;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    post({ type: 'ask', id, ask: number, service, request });
  });
}

function contextFor(id: number, signal: AbortSignal, howToSet: Readonly<Record<string, string>>): unknown {
  let last = -Infinity;
  return {
    signal,
    progress(fraction: unknown, note?: string) {
      const now = performance.now();
      if (now - last < PROGRESS_MS && Number(fraction) < 1) return;
      last = now;
      post({ type: 'progress', id, fraction: Number(fraction), ...(note !== undefined && { note }) });
    },
    warn: (message: unknown) => post({ type: 'warn', id, message: String(message) }),
    note: (message: unknown) => post({ type: 'note', id, message: String(message) }),
    howToSet: (option: string, value?: unknown) => howToSet[`${option}=${String(value)}`] ?? howToSet[option] ?? `set ${option}`,
    decodeImage: (file: unknown) => ask(id, 'decodeImage', file),
    infer: (request: unknown) => ask(id, 'infer', request),
    estimateDepth: (image: unknown, part?: unknown) => ask(id, 'estimateDepth', { image, part }),
    reach: (address: unknown) => ask(id, 'reach', { address: String(address) }),
  };
}

/** Frames come one at a time, as they are asked for. */
async function* frames(id: number, cameras: Iterable<unknown>): AsyncGenerator<unknown> {
  const number = await ask(id, 'frames', { cameras: [...cameras] });
  try {
    for (;;) {
      const frame = await ask(id, 'nextFrame', { frames: number });
      if (!frame) return;
      yield frame;
    }
  } finally {
    if (running.has(id)) ask(id, 'endFrames', { frames: number }).catch(() => {});
  }
}

/** The definition as plain data, with the names of the methods that are there. */
function definition(environment: unknown): unknown {
  const { supports, ...fields } = plugin ?? {};
  const data = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value !== 'function'));
  const methods = Object.keys(fields).filter((name) => typeof fields[name] === 'function');
  return {
    data,
    methods,
    supported: typeof supports === 'function' ? (supports as (env: unknown) => unknown).call(plugin, environment) : true,
  };
}

async function work({ id, method, input, howToSet, pixels: given }: ToSandbox & { type: 'call' }): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (given !== undefined) {
      if (given !== 'kept') pixels = given;
      (input as { photo: { rgba: unknown } }).photo.rgba = pixels?.slice();
    }
    if (method === 'describe') return post({ type: 'result', id, value: definition(input) });
    const run = plugin?.[method] as Method | undefined;
    if (typeof run !== 'function') throw new TypeError(`The plugin has no ${method}.`);
    if (method === 'write') (input as { frames?: unknown }).frames = (cameras: Iterable<unknown>) => frames(id, cameras);
    let value = await run.call(plugin, input, contextFor(id, controller.signal, howToSet));
    if (method === 'write') {
      const { suffix, blob } = value as { suffix: string; blob: Blob };
      value = { suffix, bytes: await blob.arrayBuffer() };
    }
    post({ type: 'result', id, value }, buffersOf(value));
  } catch (error) {
    post({ type: 'error', id, isAbort: controller.signal.aborted, error: wireOf(error) });
  } finally {
    running.delete(id);
  }
}

/** What can be handed over instead of copied: the buffers that an answer of a plugin may hold. */
function buffersOf(value: unknown): Transferable[] {
  const found = new Set<ArrayBuffer>();
  const look = (each: unknown): void => {
    if (each instanceof ArrayBuffer) found.add(each);
    else if (ArrayBuffer.isView(each) && each.buffer instanceof ArrayBuffer && each.byteLength === each.buffer.byteLength)
      found.add(each.buffer);
  };
  const { depth, bytes } = (value ?? {}) as { depth?: { disparity?: unknown }; bytes?: unknown };
  [value, depth?.disparity, bytes].forEach(look);
  if (Array.isArray(value)) value.slice(0, 100).forEach(look);
  return [...found];
}

function receive(message: ToSandbox): void {
  if (message.type === 'call') void work(message);
  else if (message.type === 'abort') running.get(message.id)?.abort(new DOMException('The run was cancelled.', 'AbortError'));
  else {
    const { resolve, reject } = waiting.get(message.ask) ?? {};
    waiting.delete(message.ask);
    if (message.error) reject?.(errorOf(message.error));
    else resolve?.(message.value);
  }
}

scope.onmessage = ({ ports: [given] }: MessageEvent) => {
  scope.onmessage = null;
  port = given;
  for (const message of early) post(message);
  early = [];
  port!.onmessage = ({ data }: MessageEvent<ToSandbox>) => receive(data);
};
lockDown(globalThis);
readableBlobs(scope);
limitMemory(scope, MOST_BYTES);

/** Takes the module's default export. */
export function use(found: unknown): void {
  if (typeof found !== 'object' || found === null) return refuse('its default export is no plugin');
  plugin = found as Record<string, unknown>;
  post({ type: 'ready' });
}

/** Takes what the module threw. */
export function refuse(error: unknown): void {
  const { message, stack } = error instanceof Error ? wireOf(error) : { message: String(error) };
  post({ type: 'failed', message, ...(stack !== undefined && { stack }) });
}
