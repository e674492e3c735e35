import type { Scene } from '../core/index.ts';
import type { Converter, FrameSource } from '../pipeline/index.ts';
import type { OptionValues } from '../plugin-api/index.ts';
import { isAbort, type Messages } from './messages.ts';
import { stageWords } from './progress-words.ts';
import { Watched } from './watch.ts';

/** One file that is being, or has been, written. */
export interface SaveJob {
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
  scene: Scene;
  product: string;
  label: string;
  options: OptionValues;
  controller: AbortController;
}

/** Writes files one after the other, each with progress and cancel. */
export class SaveQueue extends Watched {
  readonly jobs = new Map<string, SaveJob>();
  readonly #orders: Order[] = [];
  readonly #converter: Converter;
  readonly #messages: Messages;
  #busy = false;

  constructor(converter: Converter, messages: Messages) {
    super();
    this.#converter = converter;
    this.#messages = messages;
  }

  add(scene: Scene, product: string, label: string, options: OptionValues): void {
    const state = this.jobs.get(product)?.state;
    if (state === 'waiting' || state === 'running') return;
    this.#orders.push({ scene, product, label, options, controller: new AbortController() });
    this.#set({ product, label, state: 'waiting', fraction: 0, words: 'Waiting for its turn' });
    void this.#work();
  }

  cancel(product: string): void {
    for (const order of this.#orders) if (order.product === product) order.controller.abort(new DOMException('Cancelled.', 'AbortError'));
    this.jobs.delete(product);
    this.changed();
  }

  /** Forgets finished files; those on their way go on. */
  forgetDone(): void {
    for (const [product, job] of this.jobs) if (job.state === 'done') this.jobs.delete(product);
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

  async #write(order: Order): Promise<void> {
    const { scene, product, label, options } = order;
    const { signal } = order.controller;
    this.#set({ product, label, state: 'running', fraction: 0, words: 'Getting ready' });
    try {
      const output = await this.#converter.save(scene, product, options, frameSource(scene), {
        signal,
        onProgress: (progress) => {
          if (!signal.aborted) this.#set({ product, label, state: 'running', fraction: progress.fraction, words: stageWords(progress) });
        },
        onWarning: (message) => this.#messages.tell('warning', message, { lastsMs: 12_000 }),
      });
      if (signal.aborted) return;
      const file = new File([output.blob], `${scene.name}${output.suffix}`, { type: output.blob.type });
      download(file);
      this.#set({ product, label, state: 'done', fraction: 1, words: 'Saved', file });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.jobs.delete(product);
      this.#messages.fail(error, `${scene.name}: ${label}`);
      this.changed();
    }
  }

  #set(job: SaveJob): void {
    this.jobs.set(job.product, job);
    this.changed();
  }
}

/** Renders the scene with its own engine, which is started only when the first frame is asked for. */
function frameSource(scene: Scene): FrameSource {
  return async function* (cameras) {
    const { FrameRenderer } = await import('../viewer/index.ts');
    const renderer = new FrameRenderer(scene);
    try {
      for (const camera of cameras) yield await renderer.render(camera);
    } finally {
      renderer.dispose();
    }
  };
}

/** Hands a file to the browser's downloads. */
export function download(file: File): void {
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
