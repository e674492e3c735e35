import type { InferResult, ModelRow } from '../core/index.ts';
import type { ModelRunReport } from './types.ts';

/** Adds up the runs of models in one stage. */
export class ModelUse {
  readonly #runs = new Map<string, Omit<ModelRunReport, 'id' | 'label'> & { count: number }>();

  add(model: string, { provider, threads, sessionMs, runMs }: InferResult): void {
    const before = this.#runs.get(model);
    this.#runs.set(model, {
      provider,
      threads,
      sessionMs: (before?.sessionMs ?? 0) + sessionMs,
      runMs: (before?.runMs ?? 0) + runMs,
      count: (before?.count ?? 0) + 1,
    });
  }

  /** Undefined where the model never ran. */
  report({ id, label, embedded }: ModelRow): ModelRunReport | undefined {
    const runs = this.#runs.get(id);
    if (!runs) return undefined;
    const { count: _, ...rest } = runs;
    return { id, label, ...(embedded && { isBundled: true as const }), ...rest };
  }

  /** How often the model ran. */
  runsOf(model: ModelRow | undefined): number {
    return (model && this.#runs.get(model.id)?.count) ?? 0;
  }
}
