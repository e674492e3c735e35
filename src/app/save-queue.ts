import type { Camera, Scene } from '../core/index.ts';
import type { ConvertInput, Converter, FrameSource } from '../pipeline/index.ts';
import type { OptionValues } from '../plugin-api/index.ts';
import { createRasterWorker } from './create-worker.ts';
import type { OpenPhoto } from './desk-types.ts';
import { isAbort, type Messages } from './messages.ts';
import { stageWords } from './stage-words.ts';
import { strings } from './strings.ts';
import { Watched } from './watch.ts';
import type { Look } from '../viewer/index.ts';

/** The photo that a file is made of, as it lies on the desk. */
type Source = Pick<OpenPhoto, 'title' | 'scene' | 'input'>;

/** One file that is being, or has been, written. */
export interface SaveJob {
  /** What the photo was opened from; the same however often it is made again. */
  photo: ConvertInput['photo'];
  /** The photo's title. */
  title: string;
  product: string;
  label: string;
  state: 'waiting' | 'running' | 'done';
  /** 0..1 */
  fraction: number;
  words: string;
  /** The finished file. */
  file?: File;
}

interface Order {
  job: SaveJob;
  scene: Scene;
  options: OptionValues;
  /** Where the person looked from when it was asked for. */
  look: Look | undefined;
  controller: AbortController;
}

/** Writes files one after the other, each with progress and cancel. */
export class SaveQueue extends Watched {
  /** In the order in which they were asked for; at most one for each photo and product. */
  jobs: readonly SaveJob[] = [];
  readonly #orders: Order[] = [];
  readonly #converter: Converter;
  readonly #messages: Messages;
  #busy = false;

  constructor(converter: Converter, messages: Messages) {
    super();
    this.#converter = converter;
    this.#messages = messages;
  }

  /** The job for a product of this photo; undefined where there is none. */
  find(photo: SaveJob['photo'], product: string): SaveJob | undefined {
    return this.jobs.find((job) => job.photo === photo && job.product === product);
  }

  add({ title, scene, input: { photo } }: Source, product: string, label: string, options: OptionValues, look?: Look): void {
    const before = this.find(photo, product);
    if (before && before.state !== 'done') return;
    const job: SaveJob = { photo, title, product, label, state: 'waiting', fraction: 0, words: strings.save.waiting };
    this.#orders.push({ job, scene, options, look, controller: new AbortController() });
    this.jobs = [...this.jobs.filter((each) => each !== before), job];
    this.changed();
    void this.#work();
  }

  cancel({ photo, product }: Pick<SaveJob, 'photo' | 'product'>): void {
    for (const { job, controller } of this.#orders)
      if (job.photo === photo && job.product === product) controller.abort(new DOMException('Cancelled.', 'AbortError'));
    this.#drop(photo, product);
  }

  /** Forgets finished files; those on their way go on. */
  forgetDone(): void {
    this.jobs = this.jobs.filter(({ state }) => state !== 'done');
    this.changed();
  }

  get working(): boolean {
    return this.#busy;
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let order = this.#orders[0]; order; order = this.#orders[0]) {
      if (!order.controller.signal.aborted) await this.#write(order);
      this.#orders.splice(this.#orders.indexOf(order), 1);
    }
    this.#busy = false;
    this.changed();
  }

  async #write({ job, scene, options, look, controller: { signal } }: Order): Promise<void> {
    const { photo, product, label } = job;
    const tell = (now: Partial<SaveJob>): void => {
      this.jobs = this.jobs.map((each) => (each.photo === photo && each.product === product ? { ...each, ...now } : each));
      this.changed();
    };
    tell({ state: 'running', words: strings.progress.gettingReady });
    try {
      const view = look && (await viewFrom(scene, look));
      const output = await this.#converter.save(scene, product, options, frameSource(scene), {
        signal,
        ...(view && { view }),
        onProgress: (progress) => {
          if (!signal.aborted) tell({ fraction: progress.overall, words: stageWords(progress) });
        },
        onWarning: (message) => this.#messages.tell('warning', message, { lastsMs: 12_000 }),
      });
      if (signal.aborted) return;
      const file = new File([output.blob], `${scene.name}${output.suffix}`, { type: output.blob.type });
      offerDownload(file);
      tell({ state: 'done', fraction: 1, words: strings.save.done, file });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#drop(photo, product);
      this.#messages.fail(error, `${scene.name}: ${label}`);
    }
  }

  #drop(photo: SaveJob['photo'], product: string): void {
    this.jobs = this.jobs.filter((job) => job.photo !== photo || job.product !== product);
    this.changed();
  }
}

/** What is seen from there. */
async function viewFrom(scene: Scene, look: Look): Promise<Camera> {
  const { framingOf, lookCamera } = await import('../viewer/index.ts');
  return lookCamera(scene, framingOf(scene), look, scene.width, scene.height);
}

/** Renders the scene apart from the view; what does is started only when the first frame is asked for. */
function frameSource(scene: Scene): FrameSource {
  return async function* (cameras) {
    const { SceneFrames } = await import('../viewer/index.ts');
    const renderer = new SceneFrames(scene, createRasterWorker);
    try {
      yield* renderer.frames(cameras);
    } finally {
      renderer.dispose();
    }
  };
}

/** Hands a file to the browser's downloads. */
export function offerDownload(file: File): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: file.name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Whether this file can be handed to another app from here. */
export function canShare(file: File): boolean {
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [file] });
}
