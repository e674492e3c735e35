import {
  ProgressMeter,
  SCENE_STAGES,
  nextTask,
  throwIfAborted,
  type InferRequest,
  type InferResult,
  type Progress,
  type Stage,
} from '../core/index.ts';
import type { Plugin, PluginContext } from 'unflat/plugin';
import { DepthEstimates } from './depth-estimates.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { howToSet } from './how-to-set.ts';
import { NO_INFERENCE, type InferPhase } from './inference-service.ts';
import type { Told } from './types.ts';

export interface PluginRun {
  /** Which part of the stage this call of a plugin is. Default all of it. */
  part?: { from: number; share: number };
  /** The plugin that is called. */
  plugin: Pick<Plugin, 'id' | 'options'>;
  /** Told of each run of a model. */
  onInfer?(model: string, result: InferResult): void;
}

/** What a person reads while a model is got ready; while it runs, its plugin knows better words. */
const PHASES: Partial<Record<InferPhase, string>> = { read: 'Reading the model…', session: 'Preparing the model…' };

/** One run: its signal, its clock and what it tells. */
export class RunContext {
  readonly signal: AbortSignal;
  readonly timesMs: Partial<Record<Stage, number>> = {};
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #estimates: DepthEstimates;
  readonly #meter: ProgressMeter;
  readonly #begun = new Set<Stage>();

  /**
   * @param estimates those of earlier runs. Default none.
   * @param stages all that the run may come to, in order. Default those of a scene.
   */
  constructor(
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
    estimates = new DepthEstimates(),
    stages: readonly Stage[] = SCENE_STAGES,
  ) {
    this.signal = signal;
    this.#onProgress = onProgress;
    this.#estimates = estimates;
    this.#meter = new ProgressMeter(stages);
  }

  progress(stage: Stage, fraction: number, note?: string): void {
    this.#onProgress?.({ stage, fraction, overall: this.#meter.at(stage, fraction), ...(note !== undefined && { note }) });
  }

  /** Runs and times one stage. Before it, messages (an abort among them) get their turn. */
  async stage<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const result = await this.part(stage, work);
    this.progress(stage, 1);
    return result;
  }

  /** The same with a part of a stage that goes on afterwards. */
  async part<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    await nextTask();
    throwIfAborted(this.signal);
    if (!this.#begun.has(stage)) this.progress(stage, 0);
    this.#begun.add(stage);
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
    return result;
  }

  /** What a plugin of that stage gets from the host. */
  forPlugin(
    host: PipelineHost,
    stage: Stage,
    { warnings, notes }: Told,
    { part = { from: 0, share: 1 }, plugin, onInfer }: PluginRun,
  ): PluginContext {
    let last: { fraction: number; note?: string | undefined } = { fraction: 0 };
    const tell = (fraction: number, note?: string): void =>
      this.progress(stage, part.from + Math.min(1, Math.max(0, fraction)) * part.share, note);
    const addTo =
      (list: string[]) =>
      (message: string): void =>
        void (list.includes(message) || list.push(message));
    const warn = addTo(warnings);
    const onPhase = (phase: InferPhase): void => tell(last.fraction, PHASES[phase] ?? last.note);
    const infer = async (request: InferRequest): Promise<InferResult> => {
      throwIfAborted(this.signal);
      const result = this.#estimates.answerTo(request) ?? (await (host.inference ?? NO_INFERENCE).infer(request, this.signal, onPhase));
      throwIfAborted(this.signal);
      result.warnings.forEach(warn);
      onInfer?.(request.model, result);
      return result;
    };
    return {
      signal: this.signal,
      progress: (fraction, note) => tell((last = { fraction, note }).fraction, note),
      warn,
      note: addTo(notes),
      howToSet: (option, value) =>
        howToSet(host.surface ?? 'app', stage === 'inpaint' ? 'inpaintOptions' : 'depthOptions', plugin, option, value),
      decodeImage: (file) => host.decodeImage(file, this.signal),
      infer,
      estimateDepth: (image, part) => this.#estimates.of(host, image, part, this.signal, onPhase),
    };
  }
}
