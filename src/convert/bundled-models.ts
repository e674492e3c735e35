import { UnflatError, type ModelInfo } from '../core/index.ts';
import { Inference } from '../inference/index.ts';
import { workerOf } from './worker-of.ts';
import { isForeign } from './fetch-file.ts';

/** The program in the folder that runs the built-in model. */
const PROGRAM = 'worker.js';
const NAME = 'unflat-depth';
/** Once a page's photos have their depth, the memory is given back soon. */
const IDLE_MS = 30_000;

/** The models of one folder. Nothing of it is loaded before a photo wants one. */
export class BundledModels extends Inference {
  readonly #folder: string;
  /** Until a photo turned out to need a model there is none. */
  areWanted = false;

  private constructor(folder: string) {
    super({ createWorker: () => startWorker(new URL(PROGRAM, folder)), idleMs: IDLE_MS });
    this.#folder = folder;
  }

  static readonly #byFolder = new Map<string, BundledModels>();

  /** Those of that folder, shared by all elements of the page. @param folder address with or without a slash at its end. */
  static in(folder: string): BundledModels {
    const href = new URL(folder.endsWith('/') ? folder : `${folder}/`, document.baseURI).href;
    const networks = this.#byFolder.get(href) ?? new BundledModels(href);
    this.#byFolder.set(href, networks);
    return networks;
  }

  override models(): Promise<ModelInfo[]> {
    return this.areWanted ? super.models() : Promise.resolve([]);
  }

  /**
   * Sees that the folder is where it should be.
   * @param surface whether messages name attributes or options.
   * @throws UnflatError `no-depth` that says what to copy where; `signal.reason` when cancelled.
   */
  async check(photo: string, surface: 'element' | 'script', signal: AbortSignal): Promise<void> {
    const address = new URL(PROGRAM, this.#folder).href;
    const found = await fetch(address, { signal }).catch(() => undefined);
    await found?.body?.cancel();
    signal.throwIfAborted();
    if (found?.ok && /javascript/.test(found.headers.get('content-type') ?? '')) return;
    const why = found ? (found.ok ? 'what lies there is no program' : `the server answered ${found.status}`) : 'it is out of reach';
    const named = (name: string, value: string): string => (surface === 'element' ? `${name}="${value}"` : `{ ${name}: '${value}' }`);
    throw new UnflatError(
      'no-depth',
      `${photo} holds no depth, and the depth model is not at ${address} (${why}). Copy the folder unflat-depth, which lies beside unflat-photo.js in the package, to that place, or give its address: ${named('network', '/somewhere/unflat-depth/')}. Or give the photo its depth map: ${named('depth', 'photo_depth.png')}.`,
    );
  }
}

/** A worker of another site may not be started as it is, but a script may import it; what it is told until then waits. */
function startWorker(program: URL): Worker {
  if (!isForeign(program)) return new Worker(program, { type: 'module', name: NAME });
  const text = `const early=[],keep=(event)=>early.push(event);addEventListener('message',keep);import(${JSON.stringify(program.href)}).then(()=>{removeEventListener('message',keep);for(const{data,ports}of early)dispatchEvent(new MessageEvent('message',{data,ports}))},(error)=>setTimeout(()=>{throw error}))`;
  return workerOf(text, NAME);
}
