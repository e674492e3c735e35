import { TimeLeft, type Scene } from '../core/index.ts';
import type { ConvertInput, Converter } from '../pipeline/index.ts';
import type { OptionValues, OutputPlan } from '../plugin-api/index.ts';
import type { OpenPhoto } from './desk-types.ts';
import { frameSource, viewFrom } from './frame-source.ts';
import { isAbort, type Messages } from './messages.ts';
import { rendererKind, type SaveRates } from './save-rates.ts';
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

/** A file that a person asks for. */
export interface SaveWish {
  product: string;
  label: string;
  options: OptionValues;
  /** What the output said that it will be. */
  plan: OutputPlan;
}

/** How all files that were asked for go on together. */
export interface SaveProgress {
  /** Files that are done, or failed. */
  done: number;
  count: number;
  /** 0..1 */
  fraction: number;
  /** Undefined where it is not known yet. */
  secondsLeft: number | undefined;
}

interface Order {
  job: SaveJob;
  scene: Scene;
  wish: SaveWish;
  /** Where the person looked from when it was asked for. */
  look: Look | undefined;
  controller: AbortController;
  /** Where the file goes, instead of to the downloads. */
  zip: Zip | undefined;
}

/** Files that are to come as one. */
interface Zip {
  name: string;
  files: File[];
  /** Files that are still to come. */
  left: number;
}

/** Writes files one after the other, each with progress and cancel. */
export class SaveQueue extends Watched {
  /** In the order in which they were asked for; at most one for each photo and product. */
  jobs: readonly SaveJob[] = [];
  readonly #orders: Order[] = [];
  readonly #converter: Converter;
  readonly #messages: Messages;
  readonly #rates: SaveRates;
  #busy = false;
  /** Since the queue was empty last. */
  #count = 0;
  #done = 0;
  #timeLeft = new TimeLeft();
  #secondsLeft: number | undefined;

  constructor(converter: Converter, messages: Messages, rates: SaveRates) {
    super();
    this.#converter = converter;
    this.#messages = messages;
    this.#rates = rates;
  }

  /** The job for a product of this photo; undefined where there is none. */
  find(photo: SaveJob['photo'], product: string): SaveJob | undefined {
    return this.jobs.find((job) => job.photo === photo && job.product === product);
  }

  /** Asks for files of a photo; those that are on their way already are not asked for twice. @param asZip they come as one file, if there are several. */
  add(
    { title, scene, input: { photo } }: Source,
    wishes: readonly SaveWish[],
    { look, asZip = false }: { look?: Look | undefined; asZip?: boolean } = {},
  ): void {
    const under = (product: string): boolean => (this.find(photo, product)?.state ?? 'done') !== 'done';
    const wanted = wishes.filter(({ product }) => !under(product));
    const zip = asZip && wanted.length > 1 ? { name: scene.name, files: [], left: wanted.length } : undefined;
    for (const wish of wanted) {
      const { product, label } = wish;
      const job: SaveJob = { photo, title, product, label, state: 'waiting', fraction: 0, words: strings.save.waiting };
      this.#orders.push({ job, scene, wish, look, controller: new AbortController(), zip });
      this.jobs = [...this.jobs.filter((each) => each.photo !== photo || each.product !== product), job];
    }
    if (!wanted.length) return;
    this.#count += wanted.length;
    this.#timeLeft = new TimeLeft();
    this.#secondsLeft = undefined;
    this.changed();
    void this.#work();
  }

  cancel({ photo, product }: Pick<SaveJob, 'photo' | 'product'>): void {
    for (const { job, controller } of this.#orders)
      if (job.photo === photo && job.product === product) controller.abort(new DOMException('Cancelled.', 'AbortError'));
    this.#drop(photo, product);
  }

  cancelAll(): void {
    for (const { job } of [...this.#orders]) this.cancel(job);
  }

  /** Forgets finished files; those on their way go on. */
  forgetDone(): void {
    this.jobs = this.jobs.filter(({ state }) => state !== 'done');
    this.changed();
  }

  get working(): boolean {
    return this.#busy;
  }

  /** Undefined while nothing is being saved. */
  get progress(): SaveProgress | undefined {
    if (!this.#busy) return undefined;
    const fraction = this.jobs.find(({ state }) => state === 'running')?.fraction ?? 0;
    return { done: this.#done, count: this.#count, fraction: (this.#done + fraction) / this.#count, secondsLeft: this.#secondsLeft };
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let order = this.#orders[0]; order; order = this.#orders[0]) {
      if (!order.controller.signal.aborted) await this.#write(order);
      this.#orders.splice(this.#orders.indexOf(order), 1);
      this.#done++;
      await this.#close(order.zip);
    }
    this.#busy = false;
    this.#count = 0;
    this.#done = 0;
    this.changed();
  }

  async #write({ job, scene, wish, look, controller: { signal }, zip }: Order): Promise<void> {
    const { photo, product, label } = job;
    const tell = (now: Partial<SaveJob>): void => {
      this.jobs = this.jobs.map((each) => (each.photo === photo && each.product === product ? { ...each, ...now } : each));
      const overall = this.progress?.fraction;
      if (overall !== undefined) this.#secondsLeft = this.#timeLeft.heard(overall, performance.now());
      this.changed();
    };
    tell({ state: 'running', words: strings.progress.gettingReady });
    try {
      const view = look && (await viewFrom(scene, look));
      const began = performance.now();
      const output = await this.#converter.save(scene, product, wish.options, frameSource(scene), {
        signal,
        ...(view && { view }),
        onProgress: (progress) => {
          if (!signal.aborted) tell({ fraction: progress.overall, words: stageWords(progress) });
        },
        onWarning: (message) => this.#messages.tell('warning', message, { lastsMs: 12_000 }),
      });
      if (signal.aborted) return;
      const took = { bytes: output.blob.size, ms: performance.now() - began };
      this.#rates.learn(product, wish.plan, scene.width * scene.height, await rendererKind(), took);
      const file = new File([output.blob], `${scene.name}${output.suffix}`, { type: output.blob.type });
      if (zip) zip.files.push(file);
      else offerDownload(file);
      tell({ state: 'done', fraction: 1, words: strings.save.done, file });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#drop(photo, product);
      this.#messages.fail(error, `${scene.name}: ${label}`);
    }
  }

  /** One file fewer is to come for this ZIP; after the last it is saved. */
  async #close(zip: Zip | undefined): Promise<void> {
    if (!zip || --zip.left > 0) return;
    const [first, second] = zip.files;
    if (!first) return;
    try {
      if (!second) offerDownload(first);
      else {
        const { zipFiles } = await import('./zip-files.ts');
        offerDownload(new File([await zipFiles(zip.files)], `${zip.name}.zip`, { type: 'application/zip' }));
      }
    } catch (error) {
      this.#messages.fail(error, `${zip.name}.zip`);
    }
  }

  #drop(photo: SaveJob['photo'], product: string): void {
    this.jobs = this.jobs.filter((job) => job.photo !== photo || job.product !== product);
    this.changed();
  }
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
