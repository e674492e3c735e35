import { UnflatError, type InferRequest, type InferResult, type ModelInfo } from '../core/index.ts';
import type { InferPhase } from '../inference/index.ts';

export type { InferPhase };

/** The models of this machine, as a run sees them; `Inference` is one, and so is its other end in a worker. */
export interface InferenceService {
  /** Every model that could run: the catalogue's and the person's own. */
  models(): Promise<ModelInfo[]>;
  /** @throws UnflatError `no-model`, `bad-model` or `out-of-memory`; `signal.reason` when cancelled. */
  infer(request: InferRequest, signal: AbortSignal, onPhase?: (phase: InferPhase) => void): Promise<InferResult>;
}

/** For builds and plugins without models. */
export const NO_INFERENCE: InferenceService = {
  models: () => Promise.resolve([]),
  infer: ({ model }) =>
    Promise.reject(new UnflatError('no-model', `The model “${model}” cannot be run: this build cannot run models. Add a depth map.`)),
};
