import { nextTask, throwIfAborted, type InferRequest, type InferResult, type Progress, type Stage } from '../core/index.ts';
import type { PluginContext } from 'unflat/plugin';
import type { PipelineHost } from './host.ts';
import { NO_INFERENCE, type InferPhase } from './inference.ts';

export interface PluginRun {
  /** Which part of the stage this call of a plugin is. Default all of it. */
  part?: { from: number; share: number };
  /** Told of each run of a network. */
  onInfer?(model: string, result: InferResult): void;
}

/** What a person reads while a network is got ready; while it runs, its plugin knows better words. */
const PHASES: Partial<Record<InferPhase, string>> = { read: 'Reading the model…', session: 'Preparing the network…' };

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
    await nextTask();
    throwIfAborted(this.signal);
    this.progress(stage, 0);
    const start = performance.now();
    let result: T;
    try {
      result = await work();
    } catch (error) {
      // Whatever a cancelled plugin throws, the caller hears its own reason.
      throwIfAborted(this.signal);
      throw error;
    }
    this.timesMs[stage] = (this.timesMs[stage] ?? 0) + performance.now() - start;
    throwIfAborted(this.signal);
    this.progress(stage, 1);
    return result;
  }

  /** What a plugin of that stage gets from the host. */
  forPlugin(host: PipelineHost, stage: Stage, warnings: string[], { part = { from: 0, share: 1 }, onInfer }: PluginRun = {}): PluginContext {
    let last: { fraction: number; note?: string | undefined } = { fraction: 0 };
    const tell = (fraction: number, note?: string): void => this.progress(stage, part.from + Math.min(1, Math.max(0, fraction)) * part.share, note);
    const warn = (message: string): void => void (warnings.includes(message) || warnings.push(message));
    const infer = async (request: InferRequest): Promise<InferResult> => {
      throwIfAborted(this.signal);
      const result = await (host.inference ?? NO_INFERENCE).infer(request, this.signal, (phase) => tell(last.fraction, PHASES[phase] ?? last.note));
      throwIfAborted(this.signal);
      result.warnings.forEach(warn);
      onInfer?.(request.model, result);
      return result;
    };
    return {
      signal: this.signal,
      progress: (fraction, note) => tell((last = { fraction, note }).fraction, note),
      warn,
      decodeImage: (file) => host.decodeImage(file, this.signal),
      infer,
    };
  }
}
