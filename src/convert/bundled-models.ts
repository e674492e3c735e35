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
  readonly #surface: 'element' | 'script';

  private constructor(folder: string, surface: 'element' | 'script') {
    super({ createWorker: () => startWorker(new URL(PROGRAM, folder)), idleMs: IDLE_MS });
    this.#folder = folder;
    this.#surface = surface;
  }

  static readonly #kept = new Map<string, BundledModels>();

  /**
   * Those of that folder, shared by all elements of the page.
   * @param folder address with or without a slash at its end.
   * @param surface whether messages name attributes or options.
   */
  static in(folder: string, surface: 'element' | 'script'): BundledModels {
    const href = new URL(folder.endsWith('/') ? folder : `${folder}/`, document.baseURI).href;
    const key = `${surface} ${href}`;
    const models = this.#kept.get(key) ?? new BundledModels(href, surface);
    this.#kept.set(key, models);
    return models;
  }

  /** @throws UnflatError `no-model` that says what to copy where, if the folder is not where it should be. */
  override async models(): Promise<ModelInfo[]> {
    const address = new URL(PROGRAM, this.#folder).href;
    const found = await fetch(address).catch(() => undefined);
    await found?.body?.cancel();
    if (found?.ok && /javascript/.test(found.headers.get('content-type') ?? '')) return super.models();
    const why = found ? (found.ok ? 'what lies there is no program' : `the server answered ${found.status}`) : 'it is out of reach';
    const place = '/somewhere/unflat-depth/';
    const named = this.#surface === 'element' ? `model="${place}"` : `{ model: '${place}' }`;
    throw new UnflatError(
      'no-model',
      `The depth model is not at ${address} (${why}). Copy the folder unflat-depth, which lies beside unflat-photo.js in the package, to that place, or give its address: ${named}.`,
    );
  }
}

/** A worker of another site may not be started as it is, but a script may import it; what it is told until then waits. */
function startWorker(program: URL): Worker {
  if (!isForeign(program)) return new Worker(program, { type: 'module', name: NAME });
  const text = `const early=[],keep=(event)=>early.push(event);addEventListener('message',keep);import(${JSON.stringify(program.href)}).then(()=>{removeEventListener('message',keep);for(const{data,ports}of early)dispatchEvent(new MessageEvent('message',{data,ports}))},(error)=>setTimeout(()=>{throw error}))`;
  return workerOf(text, NAME);
}
