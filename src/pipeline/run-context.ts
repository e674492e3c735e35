import { throwIfAborted, type Progress, type Stage } from '../core/index.ts';
import type { PluginContext } from 'unflat/plugin';
import type { PipelineHost } from './host.ts';
import { NO_INFERENCE } from './inference.ts';

/** One run: its signal, its clock and what it tells. */
export class RunContext {
  readonly signal: AbortSignal;
  readonly timesMs: Partial<Record<Stage, number>> = {};
  readonly #onProgress: ((progress: Progress) => void) | undefined;

  constructor(signal: AbortSignal, onProgress?: (progress: Progress) => void) {
    this.signal = signal;
    this.#onProgress = onProgress;
  }

  progress(stage: Stage, fraction: number, note?: string): void {
    this.#onProgress?.({ stage, fraction, ...(note !== undefined && { note }) });
  }

  /** Runs and times one stage. Before it, messages (an abort among them) get their turn. */
  async stage<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    await new Promise((resume) => setTimeout(resume));
    throwIfAborted(this.signal);
    this.progress(stage, 0);
    const start = performance.now();
    const result = await work();
    this.timesMs[stage] = (this.timesMs[stage] ?? 0) + performance.now() - start;
    throwIfAborted(this.signal);
    this.progress(stage, 1);
    return result;
  }

  /** What a plugin of that stage gets from the host. */
  forPlugin(host: PipelineHost, stage: Stage, warnings: string[], part = { from: 0, share: 1 }): PluginContext {
    return {
      signal: this.signal,
      progress: (fraction, note) => this.progress(stage, part.from + Math.min(1, Math.max(0, fraction)) * part.share, note),
      warn: (message) => warnings.push(message),
      decodeImage: (file) => host.decodeImage(file, this.signal),
      infer: (request) => (host.inference ?? NO_INFERENCE).infer(request, this.signal),
    };
  }
}
