import type { InferResult, ModelRow } from '../core/index.ts';
import type { DepthModelReport } from './types.ts';

/** Adds up the runs of networks in one stage. */
export class ModelUse {
  readonly #runs = new Map<string, Omit<DepthModelReport, 'id' | 'label'>>();

  add(model: string, { provider, threads, sessionMs, runMs }: InferResult): void {
    const before = this.#runs.get(model);
    this.#runs.set(model, { provider, threads, sessionMs: (before?.sessionMs ?? 0) + sessionMs, runMs: (before?.runMs ?? 0) + runMs });
  }

  /** Undefined where the model never ran. */
  report({ id, label }: ModelRow): DepthModelReport | undefined {
    const runs = this.#runs.get(id);
    return runs && { id, label, ...runs };
  }
}
