import type { ModelRow, Provider } from '../core/index.ts';
import type { Session } from './runtime.ts';

/** A session that is kept ready. */
export interface WarmSession {
  row: ModelRow;
  session: Session;
  provider: Provider;
  threads: number;
  /** Bytes of the model's files, which is about what it holds in memory. */
  sizeBytes: number;
}

/** Keeps sessions ready, the latest used longest, as many as fit the budget; the last one always. */
export class SessionPool {
  readonly #budgetBytes: number;
  /** The least recently used first. */
  readonly #warm = new Map<string, WarmSession>();

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get(id: string): WarmSession | undefined {
    const found = this.#warm.get(id);
    if (found) {
      this.#warm.delete(id);
      this.#warm.set(id, found);
    }
    return found;
  }

  /** Frees what has to go before a model of that size is opened beside the others. */
  async makeRoom(sizeBytes: number): Promise<void> {
    let held = sizeBytes;
    for (const { sizeBytes: size } of this.#warm.values()) held += size;
    for (const [id, { sizeBytes: size }] of [...this.#warm]) {
      if (held <= this.#budgetBytes) return;
      held -= size;
      await this.drop(id);
    }
  }

  put(id: string, warm: WarmSession): void {
    this.#warm.set(id, warm);
  }

  async drop(id: string): Promise<void> {
    const found = this.#warm.get(id);
    this.#warm.delete(id);
    // A session on a lost device cannot even be freed; it is gone all the same.
    await found?.session.dispose().catch(() => {});
  }
}
