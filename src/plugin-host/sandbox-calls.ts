import { PluginFailure, UnflatError, type UnflatErrorCode } from '../core/index.ts';
import type { OutputInput, PluginContext } from '../plugin-api/index.ts';
import { asRecord } from './as-record.ts';
import { crashPlaces } from './crash-places.ts';
import { plainText } from './plain-text.ts';
import type { Reach } from './reach.ts';
import { ServeFrames } from './serve-frames.ts';
import { serveRequest } from './serve-request.ts';
import { SANDBOX_BUDGET, type SandboxBudget } from './sandbox-budget.ts';
import type { SandboxMethod, SandboxService, ToSandbox } from './sandbox-messages.ts';

/** Codes that a plugin may give its errors; all others say `bad-plugin`. */
const CODES: readonly string[] = [
  'no-depth',
  'bad-depth',
  'unsupported',
  'no-model',
  'bad-model',
  'not-an-image',
  'unreadable-image',
  'bad-scene',
];

export interface SandboxCall {
  method: SandboxMethod;
  input: unknown;
  /** Services for that call; without them it gets none. */
  context?: PluginContext;
  /** Renders frames for that call. Default: it gets none. */
  frames?: OutputInput['frames'];
  /** How the options are set where it runs. */
  howToSet?: Readonly<Record<string, string>>;
  transfer?: Transferable[];
  /** Pixels of the photo in the input, which lacks them: they are sent once, for all calls in a row that are about the same array. Default: none. */
  pixels?: Uint8ClampedArray;
}

/** Services that one call may ask for side by side. */
const MOST_SERVED = 64;

interface Open {
  id: number;
  context: PluginContext | undefined;
  frames: ServeFrames | undefined;
  /** Services that the host is at work for: the plugin waits for them. */
  served: number;
  messages: number;
  isAborted: boolean;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  heard(): void;
  /** The host works for it: its time does not run. */
  pause(): void;
}

export interface SandboxCallsOptions {
  /** Leads into the sandbox. */
  port: MessagePort;
  /** The plugin's id, and its name for people. */
  id: string;
  label: string;
  /** Ends the sandbox; called once, when nothing more is wanted of it. */
  end(): void;
  /** Asks the hosts that its manifest names. Default: it reaches none. */
  reach?: Reach;
  /** Ids of the models that the plugin may run. Default: none. */
  models?: readonly string[];
  budget?: Partial<SandboxBudget>;
}

/** Calls into a sandbox. Nothing that comes out of it is trusted: each message is looked at, counted and timed. */
export class SandboxCalls {
  readonly #port: MessagePort;
  readonly #id: string;
  readonly #label: string;
  readonly #end: () => void;
  readonly #budget: SandboxBudget;
  readonly #models: readonly string[];
  readonly #reach: Reach | undefined;
  readonly #open = new Map<number, Open>();
  readonly #ready: Promise<void>;
  #settleReady: { resolve(): void; reject(reason: unknown): void } = { resolve() {}, reject() {} };
  /** Told when nothing is asked any more. */
  onIdle: (() => void) | undefined;
  #nextId = 1;
  /** Messages that belong to no call that is open. */
  #strayMessages = 0;
  /** The pixels that lie in the sandbox. */
  #pixels: WeakRef<Uint8ClampedArray> | undefined;
  /** Why it was ended. */
  #ended: UnflatError | undefined;

  constructor({ port, id, label, end, budget, reach, models = [] }: SandboxCallsOptions) {
    this.#port = port;
    this.#id = id;
    this.#label = label;
    this.#end = end;
    this.#models = models;
    this.#reach = reach;
    this.#budget = { ...SANDBOX_BUDGET, ...budget };
    this.#ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.#ready.catch(() => {}); // told to whoever calls
    const timer = setTimeout(() => this.stop(`did not start within ${seconds(this.#budget.startMs)}`), this.#budget.startMs);
    this.#ready.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    port.onmessage = ({ data }) => {
      try {
        this.#receive(data);
      } catch {
        this.stop('sent something that cannot be read');
      }
    };
    port.onmessageerror = () => this.stop('sent something that cannot be read');
  }

  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /**
   * @returns what the plugin gave: any data at all.
   * @throws UnflatError that names the plugin; `signal.reason` of the context at once when cancelled.
   */
  async call({ method, input, context, frames, howToSet = {}, transfer = [], pixels }: SandboxCall): Promise<unknown> {
    const signal = context?.signal;
    signal?.throwIfAborted();
    await this.#ready;
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const { silentMs, callMs, abortMs, startMs } = this.#budget;
    const patienceMs = method === 'describe' ? startMs : silentMs;
    return new Promise((resolve, reject) => {
      let silence: ReturnType<typeof setTimeout> | undefined;
      let grace: ReturnType<typeof setTimeout> | undefined;
      let whole: ReturnType<typeof setTimeout> | undefined;
      let leftMs = callMs;
      let runsSince = 0;
      const run = (): void => {
        runsSince = performance.now();
        whole = setTimeout(() => this.stop(`was still not done after ${seconds(callMs)}`), leftMs);
      };
      const heard = (): void => {
        clearTimeout(silence);
        if (open.served > 0) return;
        if (whole === undefined) run();
        silence = setTimeout(() => this.stop(`gave no sign of life for ${seconds(patienceMs)}`), patienceMs);
      };
      const settle = (): void => {
        for (const timer of [silence, grace, whole]) clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#open.delete(id);
        open.frames?.endAll();
        if (this.#open.size === 0 && !this.#ended) this.onIdle?.();
      };
      const open: Open = {
        id,
        context,
        frames: frames && new ServeFrames(frames),
        served: 0,
        messages: 0,
        isAborted: false,
        resolve: (value) => (settle(), resolve(value)),
        reject: (reason) => (settle(), reject(reason)),
        heard,
        pause() {
          clearTimeout(silence);
          clearTimeout(whole);
          if (whole !== undefined) leftMs -= performance.now() - runsSince;
          whole = undefined;
        },
      };
      const onAbort = (): void => {
        open.isAborted = true;
        clearTimeout(silence);
        this.#post({ type: 'abort', id });
        grace = setTimeout(() => this.stop('did not stop when it was cancelled'), abortMs);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#open.set(id, open);
      heard();
      try {
        if (!pixels) this.#post({ type: 'call', id, method, input, howToSet }, transfer);
        else if (pixels === this.#pixels?.deref()) this.#post({ type: 'call', id, method, input, howToSet, pixels: 'kept' }, transfer);
        else {
          const copy = pixels.slice();
          this.#post({ type: 'call', id, method, input, howToSet, pixels: copy }, [...transfer, copy.buffer]);
          this.#pixels = new WeakRef(pixels);
        }
      } catch (error) {
        open.reject(error);
      }
    });
  }

  /**
   * Ends the sandbox; calls that wait are told why.
   * @param why completes “NAME …”. Default: nobody is told more than that it ended.
   * @param cause what the plugin threw.
   */
  stop(why = 'was ended', cause?: PluginFailure): void {
    if (this.#ended) return;
    const error = new UnflatError(
      'bad-plugin',
      `The plugin “${this.#label}” (${this.#id}) ${why}; it was stopped. Choose something else, or remove the plugin.`,
      { cause },
    );
    this.#ended = error;
    this.#port.onmessage = null;
    this.#port.close();
    this.#settleReady.reject(error);
    for (const open of [...this.#open.values()]) open.reject(error);
    this.#end();
  }

  #post(message: ToSandbox, transfer: Transferable[] = []): void {
    if (!this.#ended) this.#port.postMessage(message, transfer);
  }

  #receive(data: unknown): void {
    if (typeof data !== 'object' || data === null) return this.stop('sent something that is no message');
    const { type, id, message, stack } = data as Record<string, unknown>;
    if (type === 'ready') return this.#isStray() ? undefined : this.#settleReady.resolve();
    if (type === 'failed') {
      const { said, cause } = this.#failure(plainText(message, 200), stack);
      return this.stop(`cannot be loaded (${said})`, cause);
    }
    // Nothing of a stranger's is turned into a number or text: its own code, or a list of millions, would run here.
    if (typeof id !== 'number') return this.stop('sent something that is no message');
    const open = this.#open.get(id);
    // Late words about a call that is over.
    if (!open) return void this.#isStray();
    if (++open.messages > this.#budget.messages) return this.stop('sent too many messages');
    if (open.isAborted) {
      if (type === 'result' || type === 'error') open.reject(undefined);
      return;
    }
    open.heard();
    this.#take(open, data as Record<string, unknown>);
  }

  /** Counts a message that belongs to no call. @returns whether there were too many, and it was stopped. */
  #isStray(): boolean {
    if (++this.#strayMessages > this.#budget.messages) this.stop('sent too many messages');
    return this.isEnded;
  }

  #take(open: Open, { type, value, error, fraction, note, message, ask, service, request }: Record<string, unknown>): void {
    const { context } = open;
    if (type === 'result') return open.resolve(value);
    if (type === 'error') return open.reject(this.#errorOf(error));
    if (type === 'progress') {
      if (typeof fraction !== 'number' || !Number.isFinite(fraction)) return;
      return context?.progress(Math.min(1, Math.max(0, fraction)), note === undefined ? undefined : plainText(note, 120));
    }
    if (type === 'warn') return context?.warn(this.#said(message));
    if (type === 'note') return context?.note(this.#said(message));
    if (type === 'ask' && typeof ask === 'number') return void this.#serve(open, ask, service as SandboxService, request);
    this.stop('sent a message of no known kind');
  }

  #said(message: unknown): string {
    return `${this.#label}: ${plainText(message, 400)}`;
  }

  async #serve(open: Open, ask: number, service: SandboxService, request: unknown): Promise<void> {
    if (open.served >= MOST_SERVED) return this.stop('asked for too much at once');
    open.served++;
    open.pause();
    try {
      const value = await this.#served(open, service, request);
      // Frames are handed over; an answer of the host's own is copied, as others may use it, too.
      this.#post({ type: 'reply', ask, value }, service === 'nextFrame' && value ? [value as Transferable] : []);
    } catch (error) {
      const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
      this.#post({ type: 'reply', ask, error: { name: kind, message, code: error instanceof UnflatError ? error.code : '' } });
    } finally {
      open.served--;
      if (this.#open.has(open.id) && !open.isAborted) open.heard();
    }
  }

  async #served({ context, frames }: Open, service: SandboxService, request: unknown): Promise<unknown> {
    if (!context) throw new TypeError('There are no services for this call.');
    if (service === 'reach') {
      if (!this.#reach)
        throw new UnflatError('bad-plugin', 'A plugin may reach the hosts that its manifest names, and here there are none.');
      const { address } = asRecord(request);
      if (typeof address !== 'string') throw new TypeError('An address is text.');
      return this.#reach(address, context.signal);
    }
    if (service !== 'frames' && service !== 'nextFrame' && service !== 'endFrames')
      return serveRequest(context, service, request, this.#models);
    if (!frames) throw new TypeError('An output that asks for frames must say needsFrames: true.');
    if (service === 'frames') return frames.start(request);
    return service === 'nextFrame' ? frames.next(request) : frames.end(request);
  }

  /** An error for people keeps its words, under the plugin's name. */
  #errorOf(error: unknown): UnflatError {
    const { name, code, message, stack } = asRecord(error);
    const words = plainText(message, 500);
    if (name === 'UnflatError' && typeof code === 'string' && CODES.includes(code))
      return new UnflatError(code as UnflatErrorCode, this.#said(words));
    const { said, cause } = this.#failure(words, stack);
    return new UnflatError(
      'bad-plugin',
      `The plugin “${this.#label}” (${this.#id}) failed: ${said}. Choose something else, or tell its author.`,
      { cause },
    );
  }

  /** What the plugin threw, in words, with the line in its file where that is known; and all of its places there. */
  #failure(words: string, stack: unknown): { said: string; cause: PluginFailure | undefined } {
    const places = crashPlaces(stack, this.#id);
    const [, line] = /:(\d+):\d+\)?$/.exec(places[0] ?? '') ?? [];
    const said = words.replace(/[.!]$/, '') || 'it did not say why';
    return line === undefined
      ? { said, cause: undefined }
      : { said: `${said}, line ${line} of its file`, cause: new PluginFailure(said, places) };
  }
}

const seconds = (ms: number): string => (ms >= 90_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1000)} seconds`);
